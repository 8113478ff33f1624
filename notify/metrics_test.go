package notify

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// samplesOf are the lines of a metrics file that are no comments.
func samplesOf(text string) (samples []string) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			samples = append(samples, strings.TrimSpace(line))
		}
	}
	return samples
}

// Every number stands in the file once, what is not known does not, and everybody may read it though
// the program keeps its other files to itself.
func TestWriteMetrics(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	r := testRun()
	r.WarehousePublished = time.Date(2026, 11, 22, 4, 0, 0, 500e6, time.UTC)
	file := filepath.Join(t.TempDir(), "m365lake.prom")
	if err := os.WriteFile(file, []byte("of an earlier run"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteMetrics(file, r); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`m365lake_active_users{tenant="north"} 359`,
		`m365lake_activity_report_timestamp_seconds{tenant="north"} 1.7952192e+09`,
		`m365lake_build_info{version="v1"} 1`,
		`m365lake_idle_cost_monthly{currency="EUR",tenant="north"} 1234.5`,
		`m365lake_licensed_users{tenant="north"} 400`,
		`m365lake_paid_licenses_assigned{tenant="north"} 480`,
		`m365lake_paid_licenses_bought{tenant="north"} 512`,
		`m365lake_paid_licenses_idle{tenant="north"} 86`,
		`m365lake_paid_licenses_idle_without_price{tenant="north"} 3`,
		"m365lake_run_duration_seconds 90",
		"m365lake_run_end_timestamp_seconds 1.79540649e+09",
		"m365lake_run_exit_code 1",
		`m365lake_tenant_gaps{tenant="north"} 3`,
		`m365lake_tenant_gaps{tenant="so\"uth"} 0`,
		`m365lake_tenant_graph_requests{tenant="north"} 84`,
		`m365lake_tenant_graph_requests{tenant="so\"uth"} 0`,
		`m365lake_tenant_loaded{tenant="north"} 1`,
		`m365lake_tenant_loaded{tenant="so\"uth"} 0`,
		`m365lake_users{tenant="north"} 439`,
		`m365lake_users{tenant="so\"uth"} 1`,
		"m365lake_warehouse_published_timestamp_seconds 1.7953200005e+09",
	}
	if diff := cmp.Diff(want, samplesOf(string(text))); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	head := "# HELP m365lake_users Users in the directory.\n# TYPE m365lake_users gauge\n"
	if strings.Count(string(text), head) != 1 {
		t.Errorf("%q does not stand there once", head)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) != 1 {
		t.Errorf("%v", left)
	}
	err = WriteMetrics(filepath.Join(t.TempDir(), "nowhere", "m365lake.prom"), r)
	const remedy = "; make the folder writable, or name another in metrics.file"
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasSuffix(err.Error(), remedy) {
		t.Errorf("%v", err)
	}
}

// Before the first warehouse there is nothing to say of one.
func TestWriteMetricsWithoutAWarehouse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m365lake.prom")
	if err := WriteMetrics(file, Run{ExitCode: 3, Outcome: Failed}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(text), "warehouse") || len(samplesOf(string(text))) != 4 {
		t.Errorf("%v:\n%s", err, text)
	}
}
