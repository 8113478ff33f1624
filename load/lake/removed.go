package lake

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"m365lake/internal/disk"
)

// removedFile is where the lake remembers which of its files were removed on purpose: a path within the
// lake on each line. Its name begins with a dot, so that listing the lake passes it over.
const removedFile = ".removed"

// Remove removes files, and the folders that are empty then. It first writes down which they are, so that
// whoever misses them later, also after a kill in between, knows that this was wanted. A file that is gone
// already is no error. It returns how many were removed until an error.
func (l Lake) Remove(files []File) (removed int, err error) {
	if len(files) == 0 {
		return 0, nil
	}
	if err := l.recordRemoval(files); err != nil {
		return 0, disk.Error("write", filepath.Join(l.Dir, removedFile), err)
	}
	for _, f := range files {
		if err := l.remove(f); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

func (l Lake) remove(file File) error {
	path := file.absolute()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return disk.Error("remove", path, err)
	}
	folder := filepath.Dir(path)
	if err := removeAbandoned(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return disk.Error("remove", path, err)
	}
	for ; folder != l.Dir && os.Remove(folder) == nil; folder = filepath.Dir(folder) { // until one is not empty
	}
	return nil
}

// recordRemoval adds the files to those that were removed on purpose, and is on disk before anything is
// removed. Each addition begins on a line of its own, whatever a killed one left half written: half a path
// is the path of no file.
func (l Lake) recordRemoval(files []File) error {
	var lines strings.Builder
	lines.WriteString("\n")
	for _, f := range files {
		lines.WriteString(f.Path + "\n")
	}
	out, err := os.OpenFile(filepath.Join(l.Dir, removedFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, disk.FileMode)
	if err != nil {
		return err
	}
	_, err = out.WriteString(lines.String())
	return errors.Join(err, out.Sync(), out.Close(), disk.SyncFolder(l.Dir))
}

// Removed returns the paths within the lake of the files that were removed on purpose since ForgetRemoved
// was called last.
func (l Lake) Removed() (map[string]bool, error) {
	path := filepath.Join(l.Dir, removedFile)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, disk.Error("read", path, err)
	}
	removed := map[string]bool{}
	for line := range strings.Lines(string(content)) {
		removed[strings.TrimSuffix(line, "\n")] = true
	}
	delete(removed, "")
	return removed, nil
}

// ForgetRemoved is for whoever published a warehouse without the files that were removed: nobody can miss
// them any more.
func (l Lake) ForgetRemoved() error {
	path := filepath.Join(l.Dir, removedFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return disk.Error("remove", path, err)
	}
	return nil
}

// Stamp returns the stamp of the file that has a path within the lake now, and false if there is none.
func (l Lake) Stamp(path string) (stamp Stamp, found bool, err error) {
	info, err := os.Stat(filepath.Join(l.Dir, path))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return Stamp{}, false, nil
	case err != nil:
		return Stamp{}, false, disk.Error("look at", filepath.Join(l.Dir, path), err)
	}
	return Stamp{path, info.Size(), info.ModTime().UnixNano()}, true, nil
}

// IsEmpty says whether the lake has no files at all, or is not there. It stops looking at the first one.
func (l Lake) IsEmpty() (bool, error) {
	empty := true
	err := filepath.WalkDir(l.Dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == lakeFile {
			empty = false
			return fs.SkipAll
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, disk.Error("read", l.Dir, err)
	}
	return empty, nil
}
