package apply

import (
	"context"
	"fmt"
	"slices"
	"time"

	"m365lake/provision"
	"m365lake/provision/control"
)

// An UndoTarget is what to take back: a run, or one entry of the ledger.
type UndoTarget struct {
	RunID   string
	EntryID int64
}

// Undo writes the actions that take back what the ledger says was done, the last first, and returns
// their ids. cannot has a sentence for each entry that cannot be taken back or was
// taken back already.
func Undo(
	ctx context.Context, c *control.Database, target UndoTarget, by string, now time.Time,
) (ids []int64, cannot []string, err error) {
	if err := c.VerifyLedger(ctx); err != nil {
		return nil, nil, err
	}
	entries, err := c.Entries(ctx, control.EntryFilter{RunID: target.RunID, ID: target.EntryID})
	if err != nil {
		return nil, nil, err
	}
	entries = slices.DeleteFunc(
		entries, func(e provision.Entry) bool { return e.Event != provision.Done && e.Event != provision.Settled })
	if len(entries) == 0 {
		return nil, nil, fmt.Errorf("%s changed nothing: there is nothing to undo; see m365lake provision status", target)
	}
	undone, err := undoActions(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	var actions []provision.Action
	for _, e := range slices.Backward(entries) {
		if id := undone[e.ID]; id != 0 {
			cannot = append(cannot, fmt.Sprintf("entry %d (%s of %s): action %d takes it back already", e.ID, e.Kind,
				e.User.UserPrincipalName, id))
			continue
		}
		back, not := inverse(e)
		if not != "" {
			cannot = append(cannot, fmt.Sprintf("entry %d (%s of %s): %s", e.ID, e.Kind, e.User.UserPrincipalName, not))
		}
		for _, a := range back {
			a.Tenant, a.UndoOf, a.RequestedBy, a.RequestedAt = e.TenantID, e.ID, by, now
			a.Reason = fmt.Sprintf("undo of entry %d, run %s", e.ID, e.RunID)
			actions = append(actions, a)
		}
	}
	if len(actions) == 0 {
		return nil, cannot, nil
	}
	ids, err = c.AddActions(ctx, actions)
	return ids, cannot, err
}

func (t UndoTarget) String() string {
	if t.EntryID != 0 {
		return fmt.Sprintf("entry %d", t.EntryID)
	}
	return "run " + t.RunID
}

// undoActions maps ledger entries to the action that takes them back, unless that came to nothing.
func undoActions(ctx context.Context, c *control.Database) (map[int64]int64, error) {
	actions, err := c.Actions(ctx)
	if err != nil {
		return nil, err
	}
	undone := map[int64]int64{}
	for _, a := range actions {
		switch a.Status {
		case provision.Rejected, provision.Cancelled, provision.Refused, provision.Failed:
		default:
			undone[a.UndoOf] = a.ID
		}
	}
	return undone, nil
}
