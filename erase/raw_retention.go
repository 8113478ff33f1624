package erase

import (
	"os"
	"time"

	"m365lake/extract"
)

// OldRaw are run days whose raw files are past their retention.
type OldRaw struct {
	Days        []string // YYYY-MM-DD, in order
	Files       int
	Bytes       int64
	First, Last string // of Days
}

// pruneRaw finds which folders of a tenant's raw files, one for each run day, are from before the first
// day that is kept, and removes them if remove is set. The newest stays, because a run may go on from it,
// and so does the newest that was published, which keeps an earlier day from being run again.
func (e Eraser) pruneRaw(tenantID string, first time.Time, remove bool) (old OldRaw, err error) {
	days, err := e.Folder.RawDays(tenantID)
	if err != nil {
		return old, err
	}
	var newestPublished time.Time
	for _, day := range days {
		if m, err := extract.ReadManifest(e.Folder.Raw(tenantID, day)); err == nil && m.Published {
			newestPublished = day
		}
	}
	for i, day := range days {
		if !day.Before(first) || i == len(days)-1 || day.Equal(newestPublished) {
			continue
		}
		folder := e.Folder.Raw(tenantID, day)
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
		old.Days = append(old.Days, day.Format(time.DateOnly))
	}
	if len(old.Days) > 0 {
		old.First, old.Last = old.Days[0], old.Days[len(old.Days)-1]
	}
	return old, nil
}
