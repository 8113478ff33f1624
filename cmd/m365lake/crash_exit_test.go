package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"m365lake/internal/clock"
)

// faultyClock is a fault in the program.
type faultyClock struct{ clock.Clock }

func (faultyClock) Now() time.Time { panic("no time") }

// A fault of the program has an exit code of its own, one line, and a file for whoever mends it.
func TestCrash(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	var out, errs bytes.Buffer
	broken := func(p *program) { p.clock = faultyClock{p.clock} }
	code := run(t.Context(), []string{"demo", "--data", filepath.Join(folder, "d")}, nil, &out, &errs, broken)
	line := regexp.MustCompile(
		`^m365lake: a fault in the program ended it: no time; where it was is in (\S+); please report it\n$`,
	).FindStringSubmatch(errs.String())
	if code != exitCrash || line == nil {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	kept, err := os.ReadFile(line[1])
	if err != nil || !strings.Contains(string(kept), "faultyClock.Now") {
		t.Errorf("%v: %s", err, kept)
	}
	if info, err := os.Stat(line[1]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}

	// Where nothing can be kept, it is printed.
	t.Setenv("TMPDIR", filepath.Join(folder, "none"))
	errs.Reset()
	if code := run(t.Context(), []string{"demo", "--data", filepath.Join(folder, "d")}, nil, &out, &errs, broken); code !=
		exitCrash || !strings.Contains(errs.String(), "faultyClock.Now") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}
