package provision

import (
	"maps"
	"slices"
)

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
