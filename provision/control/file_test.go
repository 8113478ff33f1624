package control

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"m365lake/provision"
)

// However busy a run is with the control database, another command gets at it.
func TestBusyFileLeavesTurns(t *testing.T) {
	for name, kept := range map[string]bool{"closed in between": false, "kept open": true} {
		t.Run(name, func(t *testing.T) {
			path := closedControl(t)
			ctx, stop := context.WithCancel(t.Context())
			busy := &File{Path: path, Wait: time.Minute}
			if kept {
				release := busy.KeepOpen()
				defer func() {
					if err := release(); err != nil {
						t.Error(err)
					}
				}()
			}
			var workers sync.WaitGroup
			for range 4 {
				workers.Go(func() {
					for ctx.Err() == nil {
						if err := busy.Change(ctx, func(*Database) error { return nil }); err != nil && ctx.Err() == nil {
							t.Error(err)
						}
					}
				})
			}
			other := &File{Path: path, Wait: 10 * time.Second}
			for range 3 {
				if err := other.View(t.Context(), func(db *Database) error { return db.VerifyLedger(t.Context()) }); err != nil {
					t.Error(err)
				}
			}
			stop()
			workers.Wait()
		})
	}
}

// closedControl makes a control database that nobody has open and returns its path.
func closedControl(t *testing.T) string {
	t.Helper()
	db := newControl(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return db.path
}

// A file that is kept open is opened once for pieces of work that follow each other, is free when nobody
// uses it, and closed after a piece of work that failed and when it is released.
func TestKeptFile(t *testing.T) {
	path := closedControl(t)
	kept := &File{Path: path, Wait: time.Minute}
	other := &File{Path: path, Wait: 10 * time.Second}
	release := kept.KeepOpen()
	isFree := func(wait time.Duration) error {
		return (&File{Path: path, Wait: wait}).View(t.Context(), func(*Database) error { return nil })
	}
	opened := map[*Database]bool{}
	for range 20 { // a busy machine may take longer than idleFor between some of them
		if err := kept.Change(t.Context(), func(db *Database) error { opened[db] = true; return nil }); err != nil {
			t.Error(err)
		}
	}
	if len(opened) == 20 {
		t.Error("opened anew each time")
	}
	if err := isFree(10 * time.Second); err != nil {
		t.Error("idle:", err)
	}
	if err := other.Change(t.Context(), func(*Database) error { return nil }); err != nil {
		t.Error(err)
	}
	bad := errors.New("bad")
	if err := kept.Change(t.Context(), func(*Database) error { return bad }); !errors.Is(err, bad) {
		t.Error(err)
	}
	if err := isFree(0); err != nil {
		t.Error("after an error:", err)
	}
	if err := kept.Change(t.Context(), func(*Database) error { return nil }); err != nil {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if err := isFree(0); err != nil {
		t.Error("released:", err)
	}
}

// What was written while the file is kept open is on disk: whoever opens it after the death of the process
// finds it, also for reading only.
func TestKeptFileIsWrittenAtOnce(t *testing.T) {
	path := closedControl(t)
	kept := &File{Path: path, Wait: time.Minute}
	release := kept.KeepOpen()
	died := filepath.Join(t.TempDir(), "control.duckdb")
	err := kept.Change(t.Context(), func(db *Database) error {
		_, err := db.AddAction(t.Context(), provision.Action{
			Kind: provision.EnableUser, User: "ana@contoso.com", RequestedBy: "bert"})
		if err != nil {
			return err
		}
		for _, end := range []string{"", ".wal"} { // what a death leaves; DuckDB shares no open file with others
			content, err := os.ReadFile(path + end)
			if err := errors.Join(err, os.WriteFile(died+end, content, 0o600)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, release()); err != nil {
		t.Fatal(err)
	}
	for name, use := range map[string]func(*File, context.Context, func(*Database) error) error{
		"read": (*File).View, "written": (*File).Change,
	} {
		err := use(&File{Path: died}, t.Context(), func(db *Database) error {
			actions, err := db.Actions(t.Context())
			if len(actions) != 1 {
				t.Errorf("%s: %d actions", name, len(actions))
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
