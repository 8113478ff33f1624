package lake

import (
	"fmt"

	"m365lake/internal/disk"
)

// damaged names a lake file that cannot be read.
func Damaged(path string, err error) error { return &DamagedError{path, disk.OneLine(err)} }

type DamagedError struct {
	path string
	err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("lake file %s cannot be read; delete it and run sync again: %v", e.path, e.err)
}

func (e *DamagedError) Unwrap() error { return e.err }
