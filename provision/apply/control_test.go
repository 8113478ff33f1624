package apply

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"m365lake/internal/clock"
	"m365lake/provision"
	"m365lake/provision/control"
)

// A testClock says what time it is and waits as the machine does.
type testClock struct {
	clock.Clock
	now *time.Time
}

func (c testClock) Now() time.Time { return *c.now }

// A testControl is a control database that is opened for each question.
type testControl struct {
	*testing.T
	file *control.File
}

func newTestControl(t *testing.T) *testControl {
	t.Helper()
	c := &testControl{t, &control.File{Path: filepath.Join(t.TempDir(), "control.duckdb"), Wait: 10 * time.Second}}
	db, err := control.Create(t.Context(), c.file.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return c
}

func askControl[T any](
	c *testControl, ctx context.Context, ask func(*control.Database) (T, error),
) (answer T, err error) {
	err = c.file.Change(ctx, func(db *control.Database) (err error) {
		answer, err = ask(db)
		return err
	})
	return answer, err
}

func (c *testControl) SetSetting(ctx context.Context, name, value string) error {
	return c.file.Change(ctx, func(db *control.Database) error { return db.SetSetting(ctx, name, value) })
}

func (c *testControl) SavePlan(ctx context.Context, plan *provision.Plan) error {
	return c.file.Change(ctx, func(db *control.Database) error { return db.SavePlan(ctx, plan) })
}

func (c *testControl) VerifyLedger(ctx context.Context) error {
	return c.file.Change(ctx, func(db *control.Database) error { return db.VerifyLedger(ctx) })
}

func (c *testControl) AddActions(ctx context.Context, actions []provision.Action) ([]int64, error) {
	return askControl(c, ctx, func(db *control.Database) ([]int64, error) { return db.AddActions(ctx, actions) })
}

func (c *testControl) RequestedActions(ctx context.Context) ([]provision.Action, error) {
	return askControl(c, ctx, func(db *control.Database) ([]provision.Action, error) { return db.RequestedActions(ctx) })
}

func (c *testControl) Actions(ctx context.Context) ([]provision.Action, error) {
	return askControl(c, ctx, func(db *control.Database) ([]provision.Action, error) { return db.Actions(ctx) })
}

func (c *testControl) Entries(ctx context.Context, f control.EntryFilter) ([]provision.Entry, error) {
	return askControl(c, ctx, func(db *control.Database) ([]provision.Entry, error) { return db.Entries(ctx, f) })
}

func (c *testControl) Plan(ctx context.Context, id string) (*provision.SavedPlan, error) {
	return askControl(c, ctx, func(db *control.Database) (*provision.SavedPlan, error) { return db.Plan(ctx, id) })
}
