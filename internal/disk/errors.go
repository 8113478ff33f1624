package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
)

// diskError says in one line what could not be done, where, and what to do about it.
func Error(action, path string, err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), strings.Contains(text, "No space left on device"), strings.Contains(text, "Disk quota exceeded"):
		return fmt.Errorf("cannot %s %s: no space left in %s; free some space or use --data for a larger disk: %w", action, path, filepath.Dir(path), OneLine(err))
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), strings.Contains(text, "Permission denied"), strings.Contains(text, "Read-only file system"):
		return fmt.Errorf("cannot %s %s: no permission; let the user who runs m365lake write to %s or use --data for another folder: %w", action, path, filepath.Dir(path), OneLine(err))
	}
	return fmt.Errorf("cannot %s %s: %w", action, path, OneLine(err))
}

// oneLine folds the lines of DuckDB's messages, which point at SQL that the reader never saw.
func OneLine(err error) error {
	text := err.Error()
	if !strings.Contains(text, "\n") {
		return err
	}
	return folded{strings.Join(strings.Fields(text), " "), err}
}

type folded struct {
	text string
	err  error
}

func (f folded) Error() string { return f.text }
func (f folded) Unwrap() error { return f.err }
