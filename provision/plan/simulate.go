package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"m365lake/internal/ids"
	"m365lake/provision"
	"m365lake/provision/snapshot"
)

// simulate makes a step of a row: what it would do to its user after the steps before it.
func (p *planner) simulate(r *row) provision.Step {
	a := r.action
	step := provision.Step{
		ActionID: a.ID, ActionHash: a.Hash(), Kind: a.Kind, RequestedBy: a.RequestedBy, UndoOf: a.UndoOf,
		Evidence: r.evidence,
		User:     provision.User{UserPrincipalName: strings.TrimSpace(a.User)},
	}
	if r.person != nil {
		step.User = r.person.User
	}
	var wanted provision.Facet
	if r.refusal == nil {
		wanted = p.wanted(r)
	}
	var before provision.Facet
	if r.refusal == nil {
		if before = r.person.facet(wanted); !before.Matches(wanted) && wanted.Account != provision.Live {
			p.check(r, before, wanted)
		}
	}
	if r.refusal != nil {
		step.Verdict, step.Code = provision.Refuse, r.refusal.Code
		step.Sentence = p.refused(r)
		return step
	}
	step.Before, step.After = before, wanted
	if before.Matches(wanted) {
		step.Verdict, step.Sentence = provision.Nothing, p.already(r)
		return step
	}
	next := r.person.after(wanted, r.group)
	// Restoring an account without one of its licences is better than not at all.
	if full := p.withoutSeat(r.person, next, wanted); full != "" && wanted.Account != provision.Live {
		step.Verdict, step.Code, step.Sentence = provision.NoSeat, "no_seat", p.noSeat(r, full)
		return step
	}
	step.Verdict = provision.Change
	if a.Kind == provision.CreateUser {
		step.NewDisplayName = strings.TrimSpace(a.DisplayName)
		step.User.DisplayName = step.NewDisplayName
	}
	p.pin(r, &step.Before)
	step.Sentence, step.Notes = p.sentence(r, before, next), p.notes(r, next)
	step.MonthlySaving, step.Currency = p.moveSeats(r.person, next)
	*r.person = *next
	return step
}

// wanted is the state that the step leads to. It refuses an action that cannot lead there.
func (p *planner) wanted(r *row) provision.Facet {
	who := r.person
	if r.entry != nil {
		return p.undone(r)
	}
	switch r.action.Kind {
	case provision.CreateUser:
		return p.created(r)
	case provision.RestoreUser:
		if who.state == provision.Absent {
			r.refuse("not_deleted", "no deleted account is known as %s: 30 days after its deletion an account is gone for good",
				who.called())
		}
		return provision.Facet{Account: provision.Live}
	case provision.DeleteUser:
		if who.state == provision.Absent {
			r.refuse("unknown_user", "there is no user %s", who.called())
		} else if who.synced {
			r.refuseSynced()
		}
		return provision.Facet{Account: provision.Deleted}
	}
	switch {
	case who.state == provision.Absent:
		r.refuse("unknown_user", "there is no user %s", who.called())
		return provision.Facet{}
	case who.state == provision.Deleted:
		r.refuse("deleted_user", "%s is deleted; restore the account first", who.called())
		return provision.Facet{}
	case who.restored:
		r.refuse("restored_first", "the plan restores %s; what the account then has is not known, so plan this action "+
			"once it is back", who.called())
		return provision.Facet{}
	}
	switch r.action.Kind {
	case provision.DisableUser, provision.EnableUser:
		if who.synced {
			r.refuseSynced()
		}
		return provision.Facet{Enabled: new(r.action.Kind == provision.EnableUser)}
	case provision.RevokeSessions:
		// A second later than now, by Microsoft's clock: ours may be another.
		from := time.Unix(0, 0).UTC()
		if who.sessions != nil {
			from = who.sessions.UTC().Truncate(time.Second).Add(time.Second)
		}
		return provision.Facet{SessionsValidFrom: &from}
	case provision.SetUsageLocation:
		return provision.Facet{UsageLocation: new(p.location(r))}
	case provision.AddToGroup, provision.RemoveFromGroup:
		return provision.Facet{Groups: map[string]bool{r.group.ID: r.action.Kind == provision.AddToGroup}}
	}
	return provision.Facet{Licenses: p.licenses(r)}
}

// refuseSynced refuses the action because its account is synchronized.
func (r *row) refuseSynced() {
	r.refuse("synced_account", "%s is synchronized from on premises: change the account there", r.person.called())
}

func (p *planner) location(r *row) string {
	location := strings.ToUpper(strings.TrimSpace(r.action.UsageLocation))
	if !provision.IsCountry(location) {
		r.refuse("invalid_usage_location", "%q is no country of two letters such as DE", r.action.UsageLocation)
	}
	return location
}

func (p *planner) created(r *row) provision.Facet {
	name := r.person.UserPrincipalName
	local, domain, _ := strings.Cut(name, "@")
	switch {
	case ids.IsGUID(r.action.User):
		r.refuse("invalid_name", "%q is an object id; a new user needs a sign-in name", r.action.User)
	// learn.microsoft.com/graph/api/resources/user
	case local == "" ||
		strings.Trim(local, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~") != "":
		r.refuse("invalid_name", "%q is no sign-in name: before the @ it has letters, digits and '.-_!#^~", name)
	case !p.in.Tenant.Domains[strings.ToLower(domain)]:
		r.refuse("unverified_domain", "the domain of %s is not a verified domain of the tenant: %s", name,
			strings.Join(slices.Sorted(maps.Keys(p.in.Tenant.Domains)), ", "))
	case strings.TrimSpace(r.action.DisplayName) == "":
		r.refuse("no_display_name", "a new user needs a display_name")
	case r.person.state == provision.Live:
		r.refuse("user_exists", "there is a user %s already", name)
	}
	wanted := provision.Facet{Account: provision.Live, Enabled: new(true)}
	if r.action.UsageLocation != "" {
		wanted.UsageLocation = new(p.location(r))
	}
	return wanted
}

// licenses is what the user is to hold directly of the products that the action is about.
func (p *planner) licenses(r *row) map[string]provision.Grant {
	who, sku := r.person, r.product.ID
	have := who.direct[sku]
	if r.action.Kind != provision.AssignLicense && !have.Assigned && len(who.ways[sku]) > 0 {
		r.refuse("inherited_from_group", "%s", p.inherited(who, r.product))
		return nil
	}
	switch r.action.Kind {
	case provision.AssignLicense:
		return map[string]provision.Grant{sku: p.grant(have, r.plans)}
	case provision.RemoveLicense:
		return map[string]provision.Grant{sku: {}}
	case provision.SetDisabledPlans:
		if !have.Assigned {
			r.refuse("not_held", "%s does not have %s", who.called(), r.product.Label())
		} else if r.plans == nil {
			r.refuse("unknown_plan", "the row does not say which service plans are to be off; write an empty list for none")
		}
		return map[string]provision.Grant{sku: p.grant(have, r.plans)}
	}
	to := r.newProduct.ID
	has := who.direct[to]
	if !have.Assigned && !has.Assigned {
		r.refuse("not_held", "%s does not have %s, which is to be swapped", who.called(), r.product.Label())
	}
	plans := r.plans
	if plans == nil && have.Assigned { // what was off stays off
		plans = []string{}
		for _, id := range have.DisabledPlans {
			old, known := r.product.FindPlan(id)
			if !known {
				old = snapshot.ServicePlan{ID: id}
			}
			same, found := r.newProduct.FindPlan(id)
			if !found {
				same, found = r.newProduct.FindPlan(old.Name)
			}
			if found && old.ID != "" && same.ID != "" {
				plans = append(plans, same.ID)
			}
		}
		plans = append([]string{}, snapshot.SortedIDs(plans)...)
	}
	return map[string]provision.Grant{sku: {}, to: p.grant(has, plans)}
}

// grant is the licence with the given plans off. If plans is nil, an
// assigned licence keeps its plans, and a new one has all plans on.
func (p *planner) grant(have provision.Grant, plans []string) provision.Grant {
	switch {
	case plans == nil && have.Assigned:
		return have
	case len(plans) == 0:
		return provision.Grant{Assigned: true}
	}
	return provision.Grant{Assigned: true, DisabledPlans: plans}
}

// undone is the exact former state of what a ledger entry changed, or a refusal that says what
// cannot be restored.
func (p *planner) undone(r *row) provision.Facet {
	wanted, who := r.entry.StateToRestore(), r.person
	live := who.facet(wanted.With(r.entry.After))
	switch {
	case r.entry.After.SessionsValidFrom != nil:
		r.refuse("cannot_be_undone", "sessions that were ended do not come back; people sign in again")
	case wanted.UsageLocation != nil && *wanted.UsageLocation == "":
		r.refuse("cannot_be_undone", "%s had no usage location, and Microsoft does not take one away; another can be set",
			who.called())
	case live.Matches(wanted):
	case wanted.Account == provision.Live && who.state == provision.Absent:
		r.refuse("not_deleted", "%s is gone for good: 30 days after its deletion an account cannot be restored", who.called())
	case !live.Matches(r.entry.After):
		r.refuse("moved", "%s was changed again since entry %d; decide anew what it should be", who.called(), r.entry.ID)
	case who.synced && (wanted.Enabled != nil || wanted.Account != ""):
		r.refuseSynced()
	}
	return wanted
}

// pin adds to the state before what the verdict of the warehouse rests on, so that the step is
// refused if that has changed by the time it is applied.
//
// Before a deletion stand the licences and whether the account was enabled: its undo is held to them.
func (p *planner) pin(r *row, before *provision.Facet) {
	if who := r.person; r.action.Kind == provision.DeleteUser && who.state == provision.Live && r.entry == nil {
		before.Enabled = new(who.enabled)
		if len(who.direct) > 0 {
			before.Licenses = maps.Clone(who.direct)
		}
	}
	switch r.action.Basis {
	case "disabled account":
		before.Enabled = new(false)
	case "duplicate":
		if taken := r.taken(); taken != nil {
			for _, way := range r.person.ways[taken.ID] {
				if before.Groups == nil {
					before.Groups = map[string]bool{}
				}
				before.Groups[way.AssignedByGroup] = r.person.groups[way.AssignedByGroup]
			}
		}
	}
}
