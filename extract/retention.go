package extract

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// OldRaw are run days whose raw files are past their retention.
type OldRaw struct {
	Days        []string
	Files       int
	Bytes       int64
	First, Last string
}

// Prune tells which folders of a tenant's raw files, one for each run day, are from before the first day
// that is kept, and removes them if remove is set. The newest stays, because a run may go on from it,
// and so does the newest that was published, which keeps an earlier day from being run again.
func Prune(tenantDir string, first time.Time, remove bool) (old OldRaw, err error) {
	entries, err := os.ReadDir(tenantDir)
	if errors.Is(err, fs.ErrNotExist) {
		return old, nil
	}
	if err != nil {
		return old, err
	}
	var days []string
	newestPublished := ""
	for _, e := range entries { // in the order of the days
		if _, err := time.Parse(time.DateOnly, e.Name()); err != nil || !e.IsDir() {
			continue
		}
		days = append(days, e.Name())
		if m, err := ReadManifest(filepath.Join(tenantDir, e.Name())); err == nil && m.Published {
			newestPublished = e.Name()
		}
	}
	for i, day := range days {
		if day >= first.Format(time.DateOnly) || i == len(days)-1 || day == newestPublished {
			continue
		}
		folder := filepath.Join(tenantDir, day)
		files, err := os.ReadDir(folder)
		if err != nil {
			return old, err
		}
		for _, f := range files {
			info, err := f.Info()
			if err != nil {
				return old, err
			}
			old.Files++
			old.Bytes += info.Size()
		}
		if remove {
			if err := os.RemoveAll(folder); err != nil {
				return old, err
			}
		}
		old.Days = append(old.Days, day)
		if old.First == "" {
			old.First = day
		}
		old.Last = day
	}
	return old, nil
}
