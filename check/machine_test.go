package check

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/config"
)

// A disk that is too small for a copy of the warehouse stops a run; one that is small is a note.
func TestCheckSpace(t *testing.T) {
	const mega = 1 << 20
	for _, c := range []struct {
		free, warehouse uint64
		want            string
	}{
		{1 * mega, 0, "stop 1 MB are free, and a run needs about 32 MB"},
		{32 * mega, 0, "note can be written, 0.0 GB free"},
		{2048 * mega, 0, "ok can be written, 2.0 GB free"},
		{1500 * mega, 1200 * mega,
			"stop 1500 MB are free, and a run needs about 1532 MB: it copies the warehouse of 1200 MB"},
		{1600 * mega, 1200 * mega, "ok can be written, 1.6 GB free"},
	} {
		found := checkSpace(c.free, c.warehouse)
		if got := fmt.Sprintf("%s %s", found.Status, found.Text); got != c.want {
			t.Errorf("%d MB free, warehouse of %d MB: %s", c.free/mega, c.warehouse/mega, got)
		}
		if (found.Status == OK) != (found.Remedy == "") {
			t.Errorf("%+v", found)
		}
	}
}

// The size of the warehouse that a run would copy is looked up in the data folder.
func TestSizeOfWarehouse(t *testing.T) {
	folder := t.TempDir()
	if size := sizeOfWarehouse(folder); size != 0 {
		t.Errorf("none has %d bytes", size)
	}
	if err := os.WriteFile(filepath.Join(folder, "warehouse.duckdb"), make([]byte, 12345), 0o600); err != nil {
		t.Fatal(err)
	}
	if size := sizeOfWarehouse(folder); size != 12345 {
		t.Errorf("%d bytes", size)
	}
}

// What a run would tell others with is looked at: nobody would hear that it is wrong.
func TestCheckReporting(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("HOOK_SET", "generic+https://example.com/T0KEN")
	t.Setenv("HOOK_EMPTY", "")
	c := config.Default()
	c.Data = filepath.Join(folder, "data")
	c.Metrics.File = filepath.Join(folder, "metrics", "m365lake.prom")
	c.Notify.URLs = []config.Secret{{Env: "HOOK_SET"}, {Env: "HOOK_EMPTY"}}
	c.Notify.HealthCheck = config.Secret{File: filepath.Join(folder, "none")}
	found := func() string {
		var b strings.Builder
		for _, f := range checkMachine(c) {
			fmt.Fprintf(&b, "%s %s: %s\n", f.Status, f.Subject, f.Text)
		}
		return b.String()
	}
	said := found()
	for _, want := range []string{
		"gap metrics file: nothing can be written in " + filepath.Dir(c.Metrics.File) + ": no such file or directory\n",
		"ok notification: env HOOK_SET is set\n",
		"gap notification: environment variable HOOK_EMPTY is empty; ",
		"gap healthcheck: URL of the health check: open ",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "T0KEN") {
		t.Error("a secret is shown")
	}
	if err := os.Mkdir(filepath.Dir(c.Metrics.File), 0o700); err != nil {
		t.Fatal(err)
	}
	if said := found(); !strings.Contains(said, "ok metrics file: "+c.Metrics.File+" can be written\n") {
		t.Error(said)
	}
	if left, err := os.ReadDir(filepath.Dir(c.Metrics.File)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
