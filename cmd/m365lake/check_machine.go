package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"m365lake/config"
	"m365lake/internal/text"
	"m365lake/pipeline/datafolder"
	"m365lake/pipeline/productnames"
)

// scarceSpace is as little free space as is worth a word: a tenant of 100,000 users needs some
// hundred megabytes for its first run.
const scarceSpace = 1 << 30

// checkMachine looks at what a run needs here. It leaves nothing behind.
func checkMachine(c config.Config) []finding {
	var periods []string
	for _, period := range c.Periods {
		periods = append(periods, period.String())
	}
	findings := []finding{{Subject: "configuration", Status: statusOK, Text: fmt.Sprintf(
		"%s, %s, %s, over %s", text.Count(len(c.Tenants), "tenant"), text.Count(len(c.Reports), "report"), text.Count(len(c.Counts), "count report"), strings.Join(periods, " "))}}
	if _, err := productnames.Read(c.Folder(), c.ProductNames); err != nil && !errors.Is(err, syscall.ENOTDIR) { // of the data folder itself, which is said below
		findings = append(findings, finding{"product names", statusStop, err.Error(), "correct the file, or leave product_names out"})
	}
	for _, t := range c.Tenants {
		for _, roster := range []struct{ key, file string }{{"sso", t.Rosters.SSO}, {"hris", t.Rosters.HRIS}, {"prices", t.Rosters.Prices}} {
			if roster.file == "" {
				continue
			}
			file, err := os.Open(roster.file)
			if err != nil {
				findings = append(findings, finding{"rosters " + roster.key, statusGap, err.Error(), "correct the path, or leave the roster out; until then the last good one stays"})
				continue
			}
			file.Close() //nolint:errcheck // only opened
		}
	}
	return append(findings, checkData(c.Data)...)
}

// checkData looks at the data folder: that it can be written, has room, and that nobody is at work.
func checkData(data string) []finding {
	const subject = "data folder"
	there, err := existing(data)
	if err != nil {
		return []finding{{subject, statusStop, err.Error(), "choose another folder with --data"}}
	}
	probe, err := os.CreateTemp(there, ".check-*")
	if err != nil {
		return []finding{{subject, statusStop, fmt.Sprintf("%s cannot be written: %v", there, withoutPath(err)), "make the folder writable, or choose another with --data"}}
	}
	name := probe.Name()
	if err := errors.Join(probe.Close(), os.Remove(name)); err != nil {
		return []finding{{subject, statusStop, err.Error(), "make the folder writable, or choose another with --data"}}
	}
	status, text, remedy := statusOK, "can be written", ""
	if free, known := freeSpace(there); known {
		text += fmt.Sprintf(", %.1f GB free", float64(free)/(1<<30))
		if free < scarceSpace {
			status, remedy = statusNote, "free some space: a first run of 100,000 users needs about 1 GB"
		}
	}
	if there != filepath.Clean(data) {
		text += ", made by the first run"
	}
	findings := []finding{{subject, status, text, remedy}}
	if info, err := os.Stat(data); err == nil && info.Mode().Perm()&0o077 != 0 {
		findings = append(findings, finding{subject, statusNote, fmt.Sprintf("others on this machine may read it (mode %04o)", info.Mode().Perm()), "chmod 700 " + data + ": it is full of names"})
	}
	return append(findings, checkLock(data))
}

// existing is the folder, or the nearest one above it that is there.
func existing(folder string) (string, error) {
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

// withoutPath leaves out a name that people never chose.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// checkLock tries the lock without taking it away from anybody.
func checkLock(data string) finding {
	const subject = "lock"
	folder := datafolder.Folder{Root: data}
	process, held, err := folder.LockHolder()
	if err != nil {
		return finding{subject, statusStop, fmt.Sprintf("%s cannot be locked: %v", folder.RunLock(), withoutPath(err)), "make the folder writable, or choose another with --data"}
	}
	if held {
		return finding{subject, statusStop, "another run" + process + " is at work", "wait for it to end"}
	}
	return finding{subject, statusOK, "nobody is at work", ""}
}
