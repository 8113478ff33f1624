package disk

import (
	"errors"
	"os"
)

const (
	FileMode   = 0o600
	FolderMode = 0o700
)

// publishFile syncs a finished file and renames it.
func PublishFile(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(FileMode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func SyncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
