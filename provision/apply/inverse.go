package apply

import (
	"maps"
	"slices"

	"m365lake/provision"
)

// inverse is what leads from the entry's After back to its Before, and what of it cannot be done.
func inverse(e provision.Entry) (actions []provision.Action, cannot string) {
	user := e.User.ID
	if user == "" {
		user = e.User.UserPrincipalName
	}
	add := func(a provision.Action) {
		a.User = user
		actions = append(actions, a)
	}
	switch {
	case e.Kind == provision.RevokeSessions:
		return nil, "sessions that were ended cannot be brought back; people sign in again"
	case e.After.Account == provision.Live && e.Before.Account == provision.Absent:
		add(provision.Action{Kind: provision.DeleteUser})
		return actions, "the account is deleted again, but Microsoft keeps it for 30 days among the deleted ones"
	case e.After.Account == provision.Deleted:
		add(provision.Action{Kind: provision.RestoreUser})
		return actions, ""
	case e.After.Account == provision.Live && e.Before.Account == provision.Deleted:
		add(provision.Action{Kind: provision.DeleteUser})
		return actions, "the 30 days for which Microsoft keeps the deleted account begin anew"
	}
	// What stands in Before alone was a condition of the step and not changed by it.
	if e.Before.Enabled != nil && e.After.Enabled != nil {
		kind := provision.DisableUser
		if *e.Before.Enabled {
			kind = provision.EnableUser
		}
		add(provision.Action{Kind: kind})
	}
	if l := e.Before.UsageLocation; l != nil && e.After.UsageLocation != nil {
		if *l == "" {
			return nil, "Microsoft does not take a usage location away again; it can only be changed"
		}
		add(provision.Action{Kind: provision.SetUsageLocation, UsageLocation: *l})
	}
	for _, group := range slices.Sorted(maps.Keys(e.After.Groups)) {
		kind := provision.RemoveFromGroup
		if e.Before.Groups[group] {
			kind = provision.AddToGroup
		}
		add(provision.Action{Kind: kind, Group: group})
	}
	for _, a := range inverseLicenses(e) {
		add(a)
	}
	return actions, ""
}

// inverseLicenses takes a change of licences back: in one call if it was a swap.
func inverseLicenses(e provision.Entry) []provision.Action {
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
	var actions []provision.Action
	if len(gone) == 1 && len(came) == 1 {
		actions = append(actions, provision.Action{Kind: provision.SwapLicense, SKU: came[0], NewSKU: gone[0],
			DisabledPlans: plans(gone[0])})
		gone, came = nil, nil
	}
	for _, sku := range came {
		actions = append(actions, provision.Action{Kind: provision.RemoveLicense, SKU: sku})
	}
	for _, sku := range gone {
		actions = append(actions, provision.Action{Kind: provision.AssignLicense, SKU: sku, DisabledPlans: plans(sku)})
	}
	for _, sku := range changed {
		actions = append(actions, provision.Action{Kind: provision.SetDisabledPlans, SKU: sku, DisabledPlans: plans(sku)})
	}
	return actions
}
