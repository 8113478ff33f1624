package disk

import (
	"errors"
	"os"
)

// The permissions of everything below the data folder: it tells about people, so only its owner reads it.
const (
	FileMode   = 0o600
	FolderMode = 0o700
)

// PublishFile puts a finished file in the place of another, whole: the file is given FileMode and is on
// disk before its name changes. Both must be on one disk. The caller syncs the folder afterwards, once
// for all the files that it publishes there.
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

// SyncFolder makes the new names in a folder last through a loss of power.
func SyncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
