package provision

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// An UndoTarget is what to take back: a run, or one entry of the ledger.
type UndoTarget struct {
	RunID   string
	EntryID int64
}

// Undo writes the actions that take back what the ledger says was done, the last first, and returns
// their ids. Whatever cannot be taken back, or was already, is said in a sentence each.
func (c *Control) Undo(ctx context.Context, target UndoTarget, by string, now time.Time) (ids []int64, cannot []string, err error) {
	if err := c.VerifyLedger(ctx); err != nil {
		return nil, nil, err
	}
	entries, err := c.Entries(ctx, EntryFilter{RunID: target.RunID, ID: target.EntryID})
	if err != nil {
		return nil, nil, err
	}
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Event != Done && e.Event != Settled })
	if len(entries) == 0 {
		return nil, nil, fmt.Errorf("%s changed nothing: there is nothing to undo; see m365lake provision status", target)
	}
	undone, err := c.undone(ctx)
	if err != nil {
		return nil, nil, err
	}
	var actions []Action
	for _, e := range slices.Backward(entries) {
		if id := undone[e.ID]; id != 0 {
			cannot = append(cannot, fmt.Sprintf("entry %d (%s of %s): action %d takes it back already", e.ID, e.Kind, e.User.UserPrincipalName, id))
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
	ids, err = c.AddAll(ctx, actions)
	return ids, cannot, err
}

func (t UndoTarget) String() string {
	if t.EntryID != 0 {
		return fmt.Sprintf("entry %d", t.EntryID)
	}
	return "run " + t.RunID
}

// undone maps ledger entries to the action that takes them back, unless that came to nothing.
func (c *Control) undone(ctx context.Context) (map[int64]int64, error) {
	actions, err := c.Actions(ctx)
	if err != nil {
		return nil, err
	}
	undone := map[int64]int64{}
	for _, a := range actions {
		switch a.Status {
		case Rejected, Cancelled, Refused, Failed:
		default:
			undone[a.UndoOf] = a.ID
		}
	}
	return undone, nil
}

// inverse is what leads from the entry's After back to its Before, and what of it nobody can do.
func inverse(e Entry) (actions []Action, cannot string) {
	user := e.User.ID
	if user == "" {
		user = e.User.UserPrincipalName
	}
	add := func(a Action) {
		a.User = user
		actions = append(actions, a)
	}
	switch {
	case e.Kind == RevokeSessions:
		return nil, "sessions that were ended cannot be brought back; people sign in again"
	case e.After.Account == Live && e.Before.Account == Absent:
		add(Action{Kind: DeleteUser})
		return actions, "the account is deleted again, but Microsoft keeps it for 30 days among the deleted ones"
	case e.After.Account == Deleted:
		add(Action{Kind: RestoreUser})
		return actions, ""
	case e.After.Account == Live && e.Before.Account == Deleted:
		add(Action{Kind: DeleteUser})
		return actions, "the 30 days for which Microsoft keeps the deleted account begin anew"
	}
	// What stands in Before alone was a condition of the step and not changed by it.
	if e.Before.Enabled != nil && e.After.Enabled != nil {
		add(Action{Kind: map[bool]Kind{true: EnableUser, false: DisableUser}[*e.Before.Enabled]})
	}
	if l := e.Before.UsageLocation; l != nil && e.After.UsageLocation != nil {
		if *l == "" {
			return nil, "Microsoft does not take a usage location away again; it can only be changed"
		}
		add(Action{Kind: SetUsageLocation, UsageLocation: *l})
	}
	for _, group := range slices.Sorted(maps.Keys(e.After.Groups)) {
		add(Action{Kind: map[bool]Kind{true: AddToGroup, false: RemoveFromGroup}[e.Before.Groups[group]], Group: group})
	}
	for _, a := range inverseLicenses(e) {
		add(a)
	}
	return actions, ""
}

// inverseLicenses takes a change of licences back: in one call if it was a swap.
func inverseLicenses(e Entry) []Action {
	var gone, came, changed []string
	for _, sku := range slices.Sorted(maps.Keys(e.After.Licenses)) {
		before, after := e.Before.Licenses[sku], e.After.Licenses[sku]
		switch {
		case before.Assigned && !after.Assigned:
			gone = append(gone, sku)
		case !before.Assigned && after.Assigned:
			came = append(came, sku)
		case !slices.Equal(before.DisabledPlans, after.DisabledPlans):
			changed = append(changed, sku)
		}
	}
	plans := func(sku string) []string { return append([]string{}, e.Before.Licenses[sku].DisabledPlans...) }
	var actions []Action
	if len(gone) == 1 && len(came) == 1 {
		actions = append(actions, Action{Kind: SwapLicense, SKU: came[0], NewSKU: gone[0], DisabledPlans: plans(gone[0])})
		gone, came = nil, nil
	}
	for _, sku := range came {
		actions = append(actions, Action{Kind: RemoveLicense, SKU: sku})
	}
	for _, sku := range gone {
		actions = append(actions, Action{Kind: AssignLicense, SKU: sku, DisabledPlans: plans(sku)})
	}
	for _, sku := range changed {
		actions = append(actions, Action{Kind: SetDisabledPlans, SKU: sku, DisabledPlans: plans(sku)})
	}
	return actions
}
