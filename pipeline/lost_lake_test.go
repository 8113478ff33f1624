package pipeline_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake"
	"m365lake/load/warehouse"
	"m365lake/pipeline"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas/reports"
)

// lakeFiles are all files of the lake, as they are.
func lakeFiles(t *testing.T, data string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(datafolder.Folder{Root: data}.Lake(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A run with lost files in the lake asks Graph for nothing and writes nothing: what it wrote would meet what
// is restored. Only whoever wants it publishes less.
func TestRunWithALostLake(t *testing.T) {
	t.Parallel()
	first := serveSandbox(t, sandboxOptions{users: 40, seed: 12, day: "2026-11-19"})
	second := serveSandbox(t, sandboxOptions{users: 40, seed: 12, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	first.sync(t, data, true)
	folder := datafolder.Folder{Root: data}
	if err := os.RemoveAll(filepath.Join(folder.Lake(), "user_history")); err != nil {
		t.Fatal(err)
	}
	before := lakeFiles(t, data)
	for name, run := range map[string]func() error{
		"sync":    func() error { _, err := second.run(data).Sync(t.Context()); return err },
		"rebuild": func() error { _, err := second.run(data).Rebuild(t.Context()); return err },
	} {
		var loss *warehouse.LossError
		if err := run(); !errors.Is(err, pipeline.ErrNothingPublished) || !errors.As(err, &loss) || len(loss.Files) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, lakeFiles(t, data)); diff != "" {
		t.Errorf("the lake changed:\n%s", diff)
	}
	if n := len(second.server.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
	accepting := second.run(data)
	accepting.AcceptLoss = true
	publish(t, accepting, true)
	second.sync(t, data, true)
	if got := answer(t, data, "SELECT min(valid_from) FROM user_history"); got[1] != "2026-11-20" {
		t.Errorf("the history begins on %v", got)
	}
}

// A damaged file of the report that comes again is written anew, without anybody's doing.
func TestDamagedReportIsPulledAgain(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 40, seed: 12, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, true)
	typed := lake.Lake{Dir: datafolder.Folder{Root: data}.Lake()}
	files, err := typed.Files(t.Context(), &reports.TeamsUserActivityDetail.Table, s.tenant.ID())
	if err != nil {
		t.Fatal(err)
	}
	newest := filepath.Join(typed.Dir, slices.MaxFunc(files, func(a, b lake.File) int {
		return slices.Compare(a.Partition, b.Partition)
	}).Path)
	if err := os.WriteFile(newest, []byte("no Parquet"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := s.run(data)
	again.Fresh = true
	publish(t, again, true)
	found, err := s.run(data).Verify(t.Context())
	if err != nil || !found.Sound() || found.Published != found.Files {
		t.Errorf("%+v, %v", found, err)
	}
}

// A broken block of the warehouse is told of, and mended from the lake.
func TestBrokenWarehouseIsMended(t *testing.T) {
	t.Parallel()
	first := serveSandbox(t, sandboxOptions{users: 40, seed: 12, day: "2026-11-19"})
	second := serveSandbox(t, sandboxOptions{users: 40, seed: 12, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	first.sync(t, data, true)
	path := datafolder.Folder{Root: data}.Warehouse()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 12_288 + 100; at < len(content); at += 262_144 {
		content[at] ^= 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := second.run(data).Sync(t.Context())
	if err != nil || !result.Rebuilt || !result.Complete() {
		t.Errorf("%+v, %v", result, err)
	}
	if got := answer(t, data, "SELECT count(DISTINCT run_day) FROM runs"); got[1] != "2" {
		t.Errorf("%v run days", got)
	}
}
