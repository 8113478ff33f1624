package erase

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"m365lake/extract"
)

// RawErased is what was removed from raw files.
type RawErased struct {
	Days    int   // run days whose files were looked at
	Records int64 // lines of reports, objects of pages, messages of manifests, files that could not be read
}

// eraseRaw removes the people from the raw files of a tenant that are not under the mark.
func (e Eraser) eraseRaw(
	ctx context.Context, tenantID string, people *Matcher, done mark,
) (erased RawErased, err error) {
	days, err := e.Folder.RawDays(tenantID)
	if err != nil {
		return erased, err
	}
	for _, day := range days {
		looked, records, err := eraseRawDay(ctx, e.Folder.Raw(tenantID, day), people, done)
		erased.Records += records
		if err != nil {
			return erased, err
		}
		if looked {
			erased.Days++
		}
	}
	return erased, nil
}

// eraseRawDay removes from the files of a folder every line of a report and every object of a page that
// has a value of one of the people, and returns how many they were. Each file is replaced whole and the
// manifest last, so that it can be done again after an interruption; an interrupted run does not go on
// from a file that the manifest does not fit. A damaged file is removed: no run can use it, and the
// program cannot know whom it names.
func eraseRawDay(
	ctx context.Context, dir string, people *Matcher, done mark,
) (looked bool, records int64, err error) {
	manifest, manifestErr := extract.ReadManifest(dir)
	files, err := os.ReadDir(dir)
	if err != nil {
		return false, 0, err
	}
	changed := false
	for _, file := range files {
		if ctx.Err() != nil {
			return looked, records, context.Cause(ctx)
		}
		path := filepath.Join(dir, file.Name())
		if extract.IsUnfinished(file.Name()) {
			if err := os.Remove(path); err != nil {
				return looked, records, err
			}
			continue
		}
		covered, err := coveredRaw(dir, file, done)
		if err != nil {
			return looked, records, err
		}
		if covered {
			continue
		}
		looked = true
		if !extract.IsRaw(file.Name()) {
			continue
		}
		entry, err := eraseRawFile(path, people)
		switch {
		case errors.Is(err, extract.ErrDamaged):
			if err := os.Remove(path); err != nil {
				return looked, records, err
			}
			records++
		case err != nil:
			return looked, records, fmt.Errorf("raw file %s: %w", path, err)
		case entry.Forgotten > 0:
			records += entry.Forgotten
			manifest.Rewritten(file.Name(), entry)
			changed = true
		}
	}
	if !looked {
		return false, records, nil
	}
	if manifestErr != nil { // no run can use it, and it may name anybody
		return true, records, os.Remove(filepath.Join(dir, extract.ManifestName))
	}
	for i, entry := range manifest.Entries {
		if entry.Error != "" && people.Mentions(entry.Error) {
			manifest.Entries[i].Error = extract.WithheldText
			records++
			changed = true
		}
	}
	if changed {
		return true, records, manifest.Write(dir)
	}
	return true, records, nil
}

// coveredRaw says whether a file of a folder is under the mark.
func coveredRaw(dir string, file fs.DirEntry, done mark) (bool, error) {
	info, err := file.Info()
	if err != nil {
		return false, err
	}
	return done.files[rawFingerprint(dir, info)], nil
}

// rawFingerprints are those of all raw files of a tenant, manifests included.
func (e Eraser) rawFingerprints(tenantID string, found map[fingerprint]bool) error {
	days, err := e.Folder.RawDays(tenantID)
	if err != nil {
		return err
	}
	for _, day := range days {
		if err := e.dayFingerprints(tenantID, day, found); err != nil {
			return err
		}
	}
	return nil
}

func (e Eraser) dayFingerprints(tenantID string, day time.Time, found map[fingerprint]bool) error {
	dir := e.Folder.Raw(tenantID, day)
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return err
		}
		found[rawFingerprint(dir, info)] = true
	}
	return nil
}

// rawFingerprint is that of a file in the folder of a run day. Each tenant has a mark of its own.
func rawFingerprint(dir string, file fs.FileInfo) fingerprint {
	return fingerprintOf(filepath.Join("raw", filepath.Base(dir), file.Name()), file.Size(), file.ModTime().UnixNano())
}

// eraseRawFile removes the people from one raw file; Entry.Forgotten is how many records.
func eraseRawFile(path string, people *Matcher) (extract.Entry, error) {
	without := pagesWithout
	if extract.IsReport(path) {
		without = linesWithout
	}
	return extract.Rewrite(path, func(from io.Reader, to io.Writer) (int64, error) {
		return without(from, to, people.Matches)
	})
}
