package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"m365lake/internal/disk"
)

// refuseLog refuses a published warehouse with a write-ahead log beside it: DuckDB would replay
// that log into the file that is about to take its place. We always close cleanly, so somebody
// else opened the file for writing.
func refuseLog(path string) error {
	log := path + ".wal"
	_, err := os.Lstat(log)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return disk.Error("look at", log, err)
	}
	return fmt.Errorf("%s exists: a program opened the warehouse for writing; close it and open the warehouse "+
		"read-only (duckdb -readonly); if no program has it open, delete %s", log, log)
}

// discardNext removes what a killed build may have left.
func discardNext(next string) error {
	logs := []string{next + ".wal", next + ".wal.checkpoint", next + ".wal.recovery"}
	for _, name := range append(logs, next, spillFolder(next)) {
		if err := os.RemoveAll(name); err != nil {
			return disk.Error("remove", name, err)
		}
	}
	return nil
}

// spillFolder is where DuckDB puts what does not fit into memory.
func spillFolder(next string) string { return next + ".tmp" }

// copyFile copies in large pieces, which the kernel shares instead of copying where the file
// system can, and looks at the context between them.
func copyFile(ctx context.Context, from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close() //nolint:errcheck // only read
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, disk.FileMode)
	if err != nil {
		return err
	}
	for err == nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
			break
		}
		_, err = io.CopyN(dst, src, 256<<20)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, dst.Close())
}

// publishWarehouse puts the finished file in the place of the published one.
func publishWarehouse(next, path string) error {
	if _, err := os.Lstat(next + ".wal"); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot publish %s: %s.wal was not written back", path, next)
	}
	if err := refuseLog(path); err != nil {
		return err
	}
	if err := disk.PublishFile(next, path); err != nil {
		return disk.Error("publish", path, err)
	}
	return disk.SyncFolder(filepath.Dir(path))
}
