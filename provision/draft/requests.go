package draft

import (
	"context"
	"fmt"
	"slices"
	"time"

	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/plan"
)

// Requests are what the control database holds for a plan: Input without the tenant and the facts, and the
// protected accounts.
type Requests struct {
	plan.Input
	Protections []provision.Protection
}

// ReadRequests reads the actions that wait to be planned, or only those with these ids, and what a plan
// needs besides. Plans that are too old expire first, so that their actions wait again. It returns an
// error when an action of ids does not wait.
func ReadRequests(
	ctx context.Context, db *control.Database, ids []int64, by string, now time.Time,
) (r Requests, err error) {
	r.By, r.Now = by, now
	if _, err := db.ExpirePlans(ctx, now); err != nil {
		return r, err
	}
	if r.Protections, err = db.Protections(ctx); err != nil {
		return r, err
	}
	if r.Settings, err = db.Settings(ctx); err != nil {
		return r, err
	}
	if r.Prices, err = db.Prices(ctx); err != nil {
		return r, err
	}
	if r.Actions, err = db.RequestedActions(ctx); err != nil {
		return r, err
	}
	if len(ids) > 0 {
		r.Actions = slices.DeleteFunc(r.Actions, func(a provision.Action) bool { return !slices.Contains(ids, a.ID) })
	}
	for _, id := range ids {
		if !slices.ContainsFunc(r.Actions, func(a provision.Action) bool { return a.ID == id }) {
			return r, fmt.Errorf("action %d is not waiting to be planned; m365lake provision status shows what became of it", id)
		}
	}
	r.Undo, err = entriesToUndo(ctx, db, r.Actions)
	return r, err
}

// entriesToUndo are the entries of the ledger, by id, when an action takes one of them back.
func entriesToUndo(
	ctx context.Context, db *control.Database, actions []provision.Action,
) (map[int64]provision.Entry, error) {
	undo := map[int64]provision.Entry{}
	if !slices.ContainsFunc(actions, func(a provision.Action) bool { return a.UndoOf != 0 }) {
		return undo, nil
	}
	entries, err := db.Entries(ctx, control.EntryFilter{})
	for _, e := range entries {
		undo[e.ID] = e
	}
	return undo, err
}
