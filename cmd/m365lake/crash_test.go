package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/quote"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// contents is everything the warehouse says, but for the books of the runs themselves, which
// rightly tell of the run that was killed.
func contents(t *testing.T, data string) []string {
	t.Helper()
	db, err := warehouse.Open(datafolder.Folder{Root: data}.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all []string
	for _, table := range catalog.Tables() {
		columns := "*"
		switch table.Name {
		case schemas.Runs.Name, schemas.RunSteps.Name:
			continue
		case schemas.ReportStatus.Name:
			columns = "* EXCLUDE (run_id)"
		}
		question := "SELECT t::VARCHAR FROM (SELECT " + columns + " FROM " + quote.Identifier(table.Name) +
			") AS t ORDER BY 1"
		rows, err := db.QueryContext(t.Context(), question)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, table.Name)
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			all = append(all, row)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// start runs m365lake sync in a process of its own.
func (s *servedSandbox) start(t *testing.T, data string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command("m365lake", "sync", "--config", s.config, "--data", data, "--run-day", s.day)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

func TestKilledSyncGoesOn(t *testing.T) {
	t.Parallel()
	killedSyncGoesOn(t, 50, 3)
}

// Killing sync at any moment and running it again gives the warehouse of an undisturbed run.
func killedSyncGoesOn(t *testing.T, users, kills int) {
	yesterday := serveSandbox(t, sandboxOptions{users: users, seed: 4, day: "2026-11-19"})
	// A run that ends before it is killed makes the next one ask anew, more often than Microsoft allows.
	today := serveSandbox(t, sandboxOptions{users: users, seed: 4, day: "2026-11-20", calls: 1000})

	calm := filepath.Join(t.TempDir(), "calm")
	yesterday.sync(t, calm, exitGood)
	began := time.Now()
	if cmd, out := today.start(t, calm); cmd.Wait() != nil {
		t.Fatalf("undisturbed sync failed: %s", out)
	}
	undisturbed := time.Since(began)
	want := contents(t, calm)

	disturbed := filepath.Join(t.TempDir(), "disturbed")
	yesterday.sync(t, disturbed, exitGood)
	before := contents(t, disturbed)
	random := rand.New(rand.NewPCG(20261120, 1))
	killed := 0
	for i := 0; ; i++ {
		cmd, out := today.start(t, disturbed)
		if i < kills {
			// Spread over the run, a little beyond its end.
			time.Sleep(time.Duration(float64(undisturbed) * (float64(i) + random.Float64()) / float64(kills)))
			_ = cmd.Process.Kill() // it may have ended by itself
		}
		if cmd.Wait() == nil {
			break
		}
		if i >= kills {
			t.Fatalf("the last run failed: %s", out)
		}
		killed++
		// Whatever the moment: a whole warehouse, of yesterday or of today.
		if got := contents(t, disturbed); cmp.Diff(before, got) != "" && cmp.Diff(want, got) != "" {
			t.Fatalf("after kill %d the warehouse is neither yesterday's nor today's", i)
		}
	}
	if killed < kills/3 {
		t.Errorf("only %d runs were killed before one ended", killed)
	}
	if diff := cmp.Diff(want, contents(t, disturbed)); diff != "" {
		t.Errorf("undisturbed (-) and killed (+) differ:\n%s", diff)
	}
	for _, pattern := range []string{"warehouse.duckdb.*", "*.next*", "*.wal"} {
		if left, _ := filepath.Glob(filepath.Join(disturbed, pattern)); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// A run that died goes on from the raw files it already has.
func TestInterruptedRunDoesNotAskAgain(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 50, seed: 4, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	// The first run pulls everything and then finds a file in the way of the last table.
	inTheWay := filepath.Join(data, "lake", schemas.ReportStatus.Name)
	if err := os.MkdirAll(filepath.Dir(inTheWay), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, inTheWay, "in the way")
	s.sync(t, data, exitNothing)
	asked := len(s.server.Requests())
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	s.sync(t, data, exitGood)
	if got := len(s.server.Requests()) - asked; got != 1 {
		t.Errorf("%d requests instead of the token alone", got)
	}
	if got := answer(t, data,
		"SELECT DISTINCT status FROM run_steps WHERE stage = 'extract' AND status <> 'skipped'"); got[1] != "resumed" ||
		len(got) != 2 {
		t.Errorf("extract steps are %v", got)
	}
	asked = len(s.server.Requests())
	s.sync(t, data, exitGood)
	if got := len(s.server.Requests()) - asked; got != 14 {
		t.Errorf("a run after a published one made %d requests instead of 14: reports pulled minutes ago serve again", got)
	}
	asked = len(s.server.Requests())
	s.sync(t, data, exitGood, "--fresh")
	if got := len(s.server.Requests()) - asked; got != 86 {
		t.Errorf("a fresh run made %d requests instead of 86", got)
	}
}

// An analyst's open shell neither disturbs a sync nor is disturbed.
func TestReaderKeepsItsWarehouse(t *testing.T) {
	t.Parallel()
	first := serveSandbox(t, sandboxOptions{users: 80, seed: 5, day: "2026-11-19"})
	second := serveSandbox(t, sandboxOptions{users: 80, seed: 5, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	first.sync(t, data, exitGood)

	const question = "SELECT max(report_date)::VARCHAR FROM app_usage"
	shell := exec.Command("hold-warehouse", filepath.Join(data, "warehouse.duckdb"), question)
	in, _ := shell.StdinPipe()
	out, _ := shell.StdoutPipe()
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(out)
	askShell := func() string {
		fmt.Fprintln(in)
		answers.Scan()
		return answers.Text()
	}
	if got := askShell(); got != "2026-11-17" {
		t.Fatalf("the shell says %s", got)
	}
	second.sync(t, data, exitGood)
	if got := askShell(); got != "2026-11-17" {
		t.Errorf("the open shell says %s; it should keep what it opened", got)
	}
	if got := answer(t, data, question); got[1] != "2026-11-18" {
		t.Errorf("a new shell says %v", got)
	}
	_ = in.Close()
	if err := shell.Wait(); err != nil {
		t.Error(err)
	}
}

// A full disk ends a sync with one line, and the published warehouse stays.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64m,mode=0700"); err != nil {
		t.Logf("this test needs the right to mount a small file system, and there is none: %v", err)
		return
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(disk, "data")
	first := serveSandbox(t, sandboxOptions{users: 200, seed: 6, day: "2026-11-19"})
	first.sync(t, data, exitGood)
	before, err := os.ReadFile(filepath.Join(data, "warehouse.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	second := serveSandbox(t, sandboxOptions{users: 200, seed: 6, day: "2026-11-20"})
	for _, free := range []int{0, 200 << 10, 2 << 20, 6 << 20} {
		filler := fillDisk(t, disk, free)
		text := second.sync(t, data, exitNothing)
		if !strings.Contains(text, "no space left") || strings.Count(text, "free some space") != 1 {
			t.Errorf("with %d bytes free: %s", free, text)
		}
		after, err := os.ReadFile(filepath.Join(data, "warehouse.duckdb"))
		if err != nil || !bytes.Equal(before, after) {
			t.Fatalf("with %d bytes free the published warehouse changed: %v", free, err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
	second.sync(t, data, exitGood)
	if got := answer(t, data, "SELECT max(report_date) AS d FROM app_usage"); got[1] != "2026-11-18" {
		t.Errorf("after the disk was cleared the warehouse says %v", got)
	}
}

// fillDisk leaves about as many bytes free and returns the file to remove.
func fillDisk(t *testing.T, disk string, free int) string {
	t.Helper()
	path := filepath.Join(disk, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(f, zeros{}); err == nil {
		t.Fatal("the disk never filled")
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(max(size-int64(free), 0)); err != nil {
		t.Fatal(err)
	}
	return path
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Everything a run writes is for its owner's eyes, and nothing it writes holds the secret.
func TestPrivacyOfFiles(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 60, seed: 8, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	printed := s.sync(t, data, exitGood)
	secret := []byte(s.tenant.ClientSecret())
	if bytes.Contains([]byte(printed), secret) {
		t.Error("the secret was printed")
	}
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if entry.IsDir() {
			return nil
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, secret) || bytes.Contains(content, []byte("Bearer ")) {
			t.Errorf("%s holds a secret", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.server.Requests() {
		if r.Download && r.Authorization {
			t.Errorf("the token went to the download host")
		}
	}
}
