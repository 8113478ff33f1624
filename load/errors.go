package load

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
)

// CheckError says that the data is not fit to be published. The published warehouse is untouched.
type CheckError struct{ Failures []CheckFailure }

// CheckFailure is one check that found offending rows.
type CheckFailure struct {
	Check  string
	Detail string // what the check asserts, and an example of what violates it
	Rows   int64  // how many offending rows there are
}

func (e *CheckError) Error() string {
	failures := make([]string, len(e.Failures))
	for i, f := range e.Failures {
		failures[i] = fmt.Sprintf("check %s: %d offending rows: %s", f.Check, f.Rows, f.Detail)
	}
	return "the warehouse was not replaced, because its new content fails its checks: " + strings.Join(failures, "; ")
}

// diskError says in one line what could not be done, where, and what to do about it.
func diskError(action, path string, err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), strings.Contains(text, "No space left on device"), strings.Contains(text, "Disk quota exceeded"):
		return fmt.Errorf("cannot %s %s: no space left in %s; free some space or use --data for a larger disk: %w", action, path, filepath.Dir(path), oneLine(err))
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), strings.Contains(text, "Permission denied"), strings.Contains(text, "Read-only file system"):
		return fmt.Errorf("cannot %s %s: no permission; let the user who runs m365lake write to %s or use --data for another folder: %w", action, path, filepath.Dir(path), oneLine(err))
	}
	return fmt.Errorf("cannot %s %s: %w", action, path, oneLine(err))
}

// damaged names a lake file that cannot be read.
func damaged(path string, err error) error { return &damagedError{path, oneLine(err)} }

type damagedError struct {
	path string
	err  error
}

func (e *damagedError) Error() string {
	return fmt.Sprintf("lake file %s cannot be read; delete it and run sync again: %v", e.path, e.err)
}

func (e *damagedError) Unwrap() error { return e.err }

// oneLine folds the lines of DuckDB's messages, which point at SQL that the reader never saw.
func oneLine(err error) error {
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
