package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"m365lake/internal/text"
)

// Error returns err as one line that says what could not be done with which file, and what to do about
// it if the disk is full or may not be written to. The action completes the sentence "cannot <action>
// <path>". errors.Is and errors.As find what they found in err.
func Error(action, path string, err error) error {
	line := text.OneLineError(err)
	switch {
	case Full(err):
		return fmt.Errorf("cannot %s %s: no space left in %s; free some space or use --data for a larger disk: %w",
			action, path, filepath.Dir(path), line)
	case Forbidden(err):
		return fmt.Errorf(
			"cannot %s %s: no permission; let the user who runs m365lake write to %s or use --data for another folder: %w",
			action,
			path,
			filepath.Dir(path),
			line,
		)
	}
	return fmt.Errorf("cannot %s %s: %w", action, path, line)
}

// Full says whether an operation failed because the disk, or the user's share of it, is full. DuckDB
// reports that only in the text of its error.
func Full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		containsAny(err, "No space left on device", "Disk quota exceeded")
}

// Forbidden says whether an operation failed because the user may not do it, or nobody may on this disk.
// DuckDB reports that only in the text of its error.
func Forbidden(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) ||
		containsAny(err, "Permission denied", "Read-only file system")
}

func containsAny(err error, phrases ...string) bool {
	for _, phrase := range phrases {
		if strings.Contains(err.Error(), phrase) {
			return true
		}
	}
	return false
}
