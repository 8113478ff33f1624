package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// WithRemedy completes an error of writing below the data folder by what to do about it: a full disk and a
// missing permission have a remedy, other errors and nil are returned as they are.
// [Error] does more: it names what failed and where.
func WithRemedy(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w (free some space, or choose another folder with --data)", err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w (make the folder writable, or choose another with --data)", err)
	}
	return err
}

// WithoutPath returns what went wrong without the path that err names: one that the reader never chose, such as
// that of a temporary file. Other errors are returned as they are.
func WithoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
