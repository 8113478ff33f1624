package deploy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A second run refuses while the first is at work, asks Graph nothing, and leaves the first alone.
func TestOverlappingRunIsRefused(t *testing.T) {
	served := serveTenant(t, "--latency", "300ms")
	data := filepath.Join(t.TempDir(), "data")
	sync := []string{"sync", "--config", served.config, "--data", data}

	first := exec.Command(program, sync...)
	var said bytes.Buffer
	first.Stdout, first.Stderr = &said, &said
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if holder, err := os.ReadFile(filepath.Join(data, "run.lock")); err == nil && len(holder) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the first run has not locked the data folder")
		}
	}
	if out := wantExit(t, 3, exec.Command(program, sync...)); !strings.Contains(out, "another run (process ") {
		t.Errorf("the second run says %s", out)
	}
	if err := first.Wait(); err != nil {
		t.Fatalf("the first run: %v\n%s", err, &said)
	}
	wantPublished(t, data)
}
