package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// lockData lets one run at a time work in a data folder. The lock is the operating system's: it
// ends with the process, however that ends.
func lockData(data string) (unlock func(), err error) {
	if err := makeDataFolder(data); err != nil {
		return nil, err
	}
	path := filepath.Join(data, "run.lock")
	lock := flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, nothingError(fmt.Errorf("cannot lock the data folder: %w (check that you may write to %s, or choose another folder with --data)", err, data))
	}
	if !locked {
		holder, _ := os.ReadFile(path) // only to tell who it is
		return nil, nothingError(fmt.Errorf("another run%s is at work in %s; wait for it to end", holderText(string(holder)), data))
	}
	// Written in place: the lock belongs to this very file.
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		return nil, nothingError(fmt.Errorf("cannot write %s: %w", path, err))
	}
	return func() { _ = lock.Unlock() }, nil // the process is about to end, which unlocks too
}

func holderText(holder string) string {
	if pid := strings.TrimSpace(holder); pid != "" {
		return " (process " + pid + ")"
	}
	return ""
}
