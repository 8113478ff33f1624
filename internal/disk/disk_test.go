package disk

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

func TestDiskErrors(t *testing.T) {
	for text, cause := range map[string]error{
		"no space left in /data; free some space or use --data": &fs.PathError{Op: "write",
			Path: "/data/x", Err: syscall.ENOSPC},
		"/data/x: no space left in /data; free": errors.New("IO Error: Could not " +
			"write file \"/data/x\":\n No space left on device"),
		"no permission; let the user who runs m365lake write to /data or use --data": &fs.PathError{Op: "open",
			Path: "/data/x", Err: syscall.EACCES},
		"cannot build /data/x: no permission": &fs.PathError{Op: "open", Path: "/data/x", Err: syscall.EROFS},
	} {
		err := Error("build", "/data/x", cause)
		if !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "\n") || !errors.Is(err, cause) {
			t.Errorf("%v is shown as %q", cause, err)
		}
	}
}
