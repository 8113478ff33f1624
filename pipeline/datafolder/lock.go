package datafolder

import (
	"fmt"
	"os"
	"strings"

	"github.com/gofrs/flock"
)

// Lock lets one run at a time work in the folder, and makes the folder if it is not there. It does not
// wait: it returns an error that names the other process if one holds the lock. The lock is the
// operating system's: it ends with unlock, or with the process however that ends.
func (f Folder) Lock() (unlock func(), err error) {
	if err := f.Make(); err != nil {
		return nil, err
	}
	path := f.RunLock()
	lock := flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	locked, err := lock.TryLock()
	if err != nil {
		const remedy = "check that you may write to %s, or choose another folder with --data"
		return nil, fmt.Errorf("cannot lock the data folder: %w ("+remedy+")", err, f.Root)
	}
	if !locked {
		holder, _ := os.ReadFile(path) // only for the message
		return nil, fmt.Errorf("another run%s is at work in %s; wait for it to end", processText(string(holder)), f.Root)
	}
	// Written in place: the lock belongs to this very file.
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		_ = lock.Unlock() // the error of writing is the one to return
		return nil, fmt.Errorf("cannot write %s: %w", path, err)
	}
	return func() { _ = lock.Unlock() }, nil // the process is about to end, which unlocks too
}

// processText names the process that holds the lock, as far as the file tells it.
func processText(holder string) string {
	if pid := strings.TrimSpace(holder); pid != "" {
		return " (process " + pid + ")"
	}
	return ""
}

// LockHolder tries the lock without keeping it, and makes nothing. It says whether another process
// holds the lock, and who, as text that goes on after "another run"; that may be empty. An error says
// that the file cannot be locked.
func (f Folder) LockHolder() (process string, held bool, err error) {
	path := f.RunLock()
	if !Exists(path) {
		return "", false, nil
	}
	lock := flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_RDWR))
	locked, err := lock.TryLock()
	if err != nil {
		return "", false, err
	}
	if !locked {
		holder, _ := os.ReadFile(path) // only for the message
		return processText(string(holder)), true, nil
	}
	return "", false, lock.Unlock() // closing the file unlocks as well
}
