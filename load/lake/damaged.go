package lake

import (
	"fmt"

	"m365lake/internal/text"
)

// Damaged names a lake file that cannot be read.
// Damaged says of a lake file that it cannot be read, in one line, with what to do. Its result is a
// DamagedError.
func Damaged(path string, err error) error { return &DamagedError{path, text.OneLineError(err)} }

// A DamagedError is of a lake file that cannot be read. The file stays where it is.
type DamagedError struct {
	path string
	err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("lake file %s cannot be read; delete it and run sync again: %v", e.path, e.err)
}

func (e *DamagedError) Unwrap() error { return e.err }
