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

// scarceSpace is as little free space as is worth a word: a tenant of 100,000 users needs some
// hundred megabytes for its first run.
const scarceSpace = 1 << 30

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
	status, text, remedy := OK, "can be written", ""
	if free, known := disk.FreeSpace(there); known {
		text += fmt.Sprintf(", %.1f GB free", float64(free)/(1<<30))
		if free < scarceSpace {
			status, remedy = Note, "free some space: a first run of 100,000 users needs about 1 GB"
		}
	}
	if there != filepath.Clean(data) {
		text += ", made by the first run"
	}
	findings := []Finding{{subject, status, text, remedy}}
	if info, err := os.Stat(data); err == nil && info.Mode().Perm()&0o077 != 0 {
		text := fmt.Sprintf("others on this machine may read it (mode %04o)", info.Mode().Perm())
		findings = append(findings, Finding{subject, Note, text, "chmod 700 " + data + ": it is full of names"})
	}
	return append(findings, checkLock(data))
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
