package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"m365lake/pipeline/datafolder"
)

// waitForFile waits until a file of the pattern is there.
func waitForFile(t *testing.T, pattern string) {
	t.Helper()
	for range 600 {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("there is no %s", pattern)
}

// ageFiles makes all files of a folder a day older, as if the night had passed.
func ageFiles(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		before := info.ModTime().Add(-24 * time.Hour)
		return os.Chtimes(path, before, before)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A person who was forgotten stays forgotten when a night breaks off after its files were written, and
// the next run is one of another day: those files, raw ones and those of the lake, are looked at then. More
// ways in which a night breaks off are tested in package erase.
func TestForgottenStayOutAfterABrokenNight(t *testing.T) {
	t.Parallel()
	const reports = "reports: [office365_active_user_detail, teams_user_activity_detail]\n"
	options := sandboxOptions{users: 150, seed: 4, reports: reports}
	night := func(day string, faults ...string) *servedSandbox {
		o := options
		o.day, o.faults = day, faults
		return serveSandbox(t, o)
	}
	first, second := night("2026-10-20"), night("2026-11-20", "deleted_users")
	third, fourth := night("2026-11-21", "deleted_users"), night("2026-11-22", "deleted_users")
	before := filepath.Join(t.TempDir(), "before")
	first.sync(t, before, exitGood)
	second.sync(t, before, exitGood)
	const gone = `SELECT u.user_id, u.user_principal_name FROM users AS u
		JOIN report_office365_active_user_detail AS r USING (tenant_id, user_key)
		WHERE deleted_at IS NOT NULL
			AND r.report_date = (SELECT max(report_date) FROM report_office365_active_user_detail)
		ORDER BY 1 LIMIT 1`
	rows := answer(t, before, gone)
	if len(rows) < 2 {
		t.Fatal("nobody is gone")
	}
	person := strings.Split(rows[1], ",")
	command(t, exitGood, "forget", person[1], "--data", before)
	for name, breakNight := range map[string]func(t *testing.T, data string){
		"killed": func(t *testing.T, data string) {
			list := datafolder.Folder{Root: data}.Forgotten()
			whole, err := os.ReadFile(list)
			if err != nil || os.Remove(list) != nil || syscall.Mkfifo(list, 0o600) != nil {
				t.Fatal("the list cannot be replaced by a pipe", err)
			}
			cmd, out := third.start(t, data)
			// It reads the list when it begins, and after its files are written waits for somebody to write into
			// the pipe again.
			pipe, err := os.OpenFile(list, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := pipe.Write(whole); errors.Join(err, pipe.Close()) != nil {
				t.Fatal("the run did not read the list", err)
			}
			waitForFile(t, filepath.Join(data, "lake", "runs", "*", "run_day=2026-11-21", "*", "part.parquet"))
			time.Sleep(200 * time.Millisecond)
			_ = cmd.Process.Kill()
			if cmd.Wait() == nil {
				t.Fatalf("the run was not killed: %s", out)
			}
			if err := os.Remove(list); err != nil {
				t.Fatal(err)
			}
			write(t, list, string(whole))
		},
		"the tenant failed": func(t *testing.T, data string) {
			inTheWay := filepath.Join(data, "lake", "report_status", "tenant_id="+third.tenant.ID(),
				"run_day=2026-11-21")
			write(t, inTheWay, "in the way of the last table")
			third.sync(t, data, exitNothing)
			if err := os.Remove(inTheWay); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(data, os.DirFS(before)); err != nil {
				t.Fatal(err)
			}
			breakNight(t, data)
			if found := traces(t, data, person...); len(found) == 0 {
				t.Fatal("the broken night left nothing of the person")
			}
			ageFiles(t, data)
			fourth.sync(t, data, exitGood)
			if found := traces(t, data, person...); len(found) > 0 {
				t.Errorf("%s is named by %q", person[1], found)
			}
		})
	}
}
