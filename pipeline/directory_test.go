package pipeline

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"m365lake/config"
	"m365lake/extract"
	"m365lake/internal/clock"
	"m365lake/pipeline/datafolder"
	"m365lake/transform/runrecord"
)

const (
	testGroup  = "99999999-9999-4999-8999-999999999999"
	assignment = `{"value":[{"id":"a","principalId":"` + testGroup + `","roleDefinitionId":"r","directoryScopeId":"/"}]}` +
		"\n"
	definition = `{"value":[{"id":"r","displayName":"Reader","isBuiltIn":true}]}` + "\n"
)

// rawFiles are the raw files of a tenant that was pulled, by source.
func rawFiles(t *testing.T, content map[string]string) (*tenantRun, []extract.Result) {
	t.Helper()
	return rawFilesIn(t, t.TempDir(), content)
}

// rawFilesIn is rawFiles in a data folder.
func rawFilesIn(t *testing.T, data string, content map[string]string) (*tenantRun, []extract.Result) {
	t.Helper()
	run := &tenantRun{
		run: &run{Run: Run{
			Clock: clock.NewManual(time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)),
			Day:   time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC),
			Log:   slog.New(slog.DiscardHandler),
		}, folder: datafolder.Folder{Root: data}},
		tenant: config.Tenant{Name: "contoso", TenantID: "12345678-1234-4234-8234-123456789012"},
	}
	dir := run.folder.Raw(run.tenant.TenantID, run.Day)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	var results []extract.Result
	for _, s := range extract.Directory() {
		text, pulled := content[s.Name]
		if !pulled {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, s.File()), encoder.EncodeAll([]byte(text), nil), 0o600); err != nil {
			t.Fatal(err)
		}
		results = append(
			results,
			extract.Result{Source: s, Entry: extract.Entry{Source: s.Name, Status: extract.Complete, File: s.File()}},
		)
	}
	return run, results
}

// Which groups hold roles is read before their members are asked for. Where that fails, the roles held
// through groups are unknown: a gap of the run, told once, and not roles that nobody holds (B13).
func TestUnreadableRoleHoldersAreAGap(t *testing.T) {
	run, pulled := rawFiles(t, map[string]string{
		extract.RoleDefinitions: definition, extract.RoleAssignments: assignment, extract.Users: `{"value":[{"id"`,
	})
	if sources := run.roleMembers(pulled); len(sources) != 0 {
		t.Errorf("asked for %v", sources)
	}
	made := newTenantTransform(run, pulled)
	if err := made.roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	failed := slices.DeleteFunc(
		slices.Clone(run.record.Steps),
		func(s runrecord.Step) bool { return s.Status != "failed" },
	)
	if len(failed) != 1 || failed[0].Source != extract.RoleAssignments ||
		!strings.Contains(failed[0].Error, "the earlier roles are kept") {
		t.Errorf("%+v", run.record.Steps)
	}
}
