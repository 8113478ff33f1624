package check

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"m365lake/config"
	"m365lake/internal/disk"
	"m365lake/internal/text"
	"m365lake/pipeline/datafolder"
	"m365lake/pipeline/productnames"
)

const (
	// scarceSpace is as little free space as is worth a word: a tenant of 100,000 users needs some
	// hundred megabytes for its first run.
	scarceSpace = 1 << 30
	// leastSpace is what the smallest tenant needs for its raw files, its lake files and the first warehouse.
	leastSpace = 32 << 20
)

// otherFolder is the remedy where the data folder cannot be written.
const otherFolder = "make the folder writable, or choose another with --data"

// checkMachine looks at what a run needs here. It leaves nothing behind.
func checkMachine(c config.Config) []Finding {
	var periods []string
	for _, period := range c.Periods {
		periods = append(periods, period.String())
	}
	findings := []Finding{{"configuration", OK, fmt.Sprintf("%s, %s, %s, over %s",
		text.Count(len(c.Tenants), "tenant"), text.Count(len(c.Reports), "report"),
		text.Count(len(c.Counts), "count report"), strings.Join(periods, " ")), ""}}
	// ENOTDIR is about the data folder itself, which has a finding of its own.
	if _, err := productnames.Read(c.Folder(), c.ProductNames); err != nil && !errors.Is(err, syscall.ENOTDIR) {
		findings = append(findings,
			Finding{"product names", Stop, err.Error(), "correct the file, or leave product_names out"})
	}
	for _, t := range c.Tenants {
		findings = append(findings, checkRosters(t.Rosters)...)
	}
	findings = append(findings, checkMetrics(c.Metrics.File)...)
	findings = append(findings, checkNotify(c.Notify)...)
	return append(findings, checkData(c.Data)...)
}

// checkRosters finds the files that cannot be opened.
func checkRosters(rosters config.Rosters) (findings []Finding) {
	for _, roster := range []struct{ key, file string }{
		{"sso", rosters.SSO}, {"hris", rosters.HRIS}, {"prices", rosters.Prices},
	} {
		if roster.file == "" {
			continue
		}
		file, err := os.Open(roster.file)
		if err != nil {
			findings = append(findings, Finding{
				"rosters " + roster.key, Gap, err.Error(),
				"correct the path, or leave the roster out; until then the last good one stays",
			})
			continue
		}
		file.Close() //nolint:errcheck // only opened
	}
	return findings
}

// checkData looks at the data folder: that it can be written, has room, and that no run is at work.
func checkData(data string) []Finding {
	const subject = "data folder"
	there, err := nearestExisting(data)
	if err != nil {
		return []Finding{{subject, Stop, err.Error(), "choose another folder with --data"}}
	}
	probe, err := os.CreateTemp(there, ".check-*")
	if err != nil {
		text := fmt.Sprintf("%s cannot be written: %v", there, disk.WithoutPath(err))
		return []Finding{{subject, Stop, text, otherFolder}}
	}
	name := probe.Name()
	if err := errors.Join(probe.Close(), os.Remove(name)); err != nil {
		return []Finding{{subject, Stop, err.Error(), otherFolder}}
	}
	writable := Finding{subject, OK, "can be written", ""}
	if free, known := disk.FreeSpace(there); known {
		writable = checkSpace(free, sizeOfWarehouse(data))
	}
	if there != filepath.Clean(data) {
		writable.Text += ", made by the first run"
	}
	findings := []Finding{writable}
	if info, err := os.Stat(data); err == nil && info.Mode().Perm()&0o077 != 0 {
		text := fmt.Sprintf("others on this machine may read it (mode %04o)", info.Mode().Perm())
		findings = append(findings, Finding{subject, Note, text, "chmod 700 " + data + ": it is full of names"})
	}
	return append(findings, checkLock(data))
}

// checkSpace compares the free space of a data folder that can be written with what a run takes: it builds upon a copy
// of the warehouse, which is in place only at the end.
func checkSpace(free, warehouse uint64) Finding {
	const mega = 1 << 20
	found := Finding{"data folder", OK, fmt.Sprintf("can be written, %.1f GB free", float64(free)/(1<<30)), ""}
	needed := leastSpace + warehouse + warehouse/4
	switch {
	case free < needed:
		found.Status = Stop
		found.Text = fmt.Sprintf("%d MB are free, and a run needs about %d MB", free/mega, needed/mega)
		if warehouse > 0 {
			found.Text += fmt.Sprintf(": it copies the warehouse of %d MB", warehouse/mega)
		}
		found.Remedy = "free some space, or move the folder and name it with --data"
	case free < scarceSpace:
		found.Status, found.Remedy = Note, "free some space: a first run of 100,000 users needs about 1 GB"
	}
	return found
}

// sizeOfWarehouse is 0 if there is none, or if it cannot be seen: then the run has other worries.
func sizeOfWarehouse(data string) uint64 {
	info, err := os.Stat(datafolder.Folder{Root: data}.Warehouse())
	if err != nil {
		return 0
	}
	return uint64(info.Size())
}

// nearestExisting is the folder, or the nearest one above it that is there.
func nearestExisting(folder string) (string, error) {
	folder = filepath.Clean(folder)
	for {
		info, err := os.Stat(folder)
		switch {
		case err == nil && !info.IsDir():
			return "", fmt.Errorf("%s is a file", folder)
		case err == nil:
			return folder, nil
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) || filepath.Dir(folder) == folder:
			return "", err
		}
		folder = filepath.Dir(folder)
	}
}

// checkLock tries the lock without taking it away from anybody.
func checkLock(data string) Finding {
	const subject = "lock"
	folder := datafolder.Folder{Root: data}
	process, held, err := folder.LockHolder()
	if err != nil {
		text := fmt.Sprintf("%s cannot be locked: %v", folder.RunLock(), disk.WithoutPath(err))
		return Finding{subject, Stop, text, otherFolder}
	}
	if held {
		return Finding{subject, Stop, "another run" + process + " is at work", "wait for it to end"}
	}
	return Finding{subject, OK, "nobody is at work", ""}
}
