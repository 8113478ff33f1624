package control

import (
	"context"
	"sync"
	"testing"
	"time"
)

// However busy a run is with the control database, another command gets at it.
func TestBusyFileLeavesTurns(t *testing.T) {
	db := newControl(t)
	path := db.path
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	busy := &File{Path: path, Wait: time.Minute}
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
}
