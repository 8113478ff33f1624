package plan

import (
	"fmt"
	"slices"
	"strings"

	"m365lake/internal/ids"
	"m365lake/provision"
	"m365lake/provision/facts"
	"m365lake/provision/snapshot"
)

// resolve finds what an action names: user, products, plans, group. What cannot be found, and what
// must not be touched, is refused here, whatever the live state.
func (p *planner) resolve(r *row) {
	a := r.action
	if r.refusal != nil {
		return
	}
	switch {
	case a.Fault != "":
		r.refuse("invalid_row", "%s; correct the row", a.Fault)
	case !slices.Contains(provision.Kinds(), a.Kind):
		r.refuse("unknown_action", "nobody knows the action %q", a.Kind)
	case strings.TrimSpace(a.RequestedBy) == "":
		r.refuse("no_requester", "the row does not say who requested it; fill in requested_by")
	case r.who == "":
		r.refuse("unknown_user", "the row names no user")
	case p.people[r.who] == nil:
		r.refuse("ambiguous_user", "%d deleted accounts had the sign-in name %s; write the object id", p.ambiguous[r.who],
			a.User)
	}
	if e := r.entry; e != nil && r.refusal == nil {
		user := strings.ToLower(strings.TrimSpace(a.User))
		switch {
		case user != strings.ToLower(e.User.ID) && user != strings.ToLower(e.User.UserPrincipalName):
			r.refuse("unknown_entry", "entry %d is about %s, not about %s", e.ID, e.User.UserPrincipalName, a.User)
		case !a.Kind.Undoes(e.Kind):
			r.refuse("unknown_entry", "%s does not take back entry %d, which is %s", a.Kind, e.ID, e.Kind)
		}
	}
	if r.refusal != nil {
		return
	}
	r.person = p.people[r.who]
	if a.Kind == provision.CreateUser && r.person.state == provision.Absent && r.person.ID == "" {
		r.person.UserPrincipalName = strings.TrimSpace(a.User) // as it was written
	}
	if r.person.protected != nil {
		r.refusal = r.person.protected
		return
	}
	if r.entry != nil {
		r.group = p.entryGroup(r.entry)
		p.checkGroup(r)
		return
	}
	p.resolveProducts(r)
	p.resolveGroup(r)
	p.checkBasis(r)
}

func (p *planner) resolveProducts(r *row) {
	a := r.action
	if !a.Kind.ChangesLicenses() {
		return
	}
	r.product = p.product(r, a.SKU)
	if a.Kind == provision.SwapLicense {
		r.newProduct = p.product(r, a.NewSKU)
	}
	if r.refusal != nil {
		return
	}
	of := r.product
	if a.Kind == provision.SwapLicense {
		if of = r.newProduct; of == r.product {
			r.refuse("same_sku", "swapping %s for itself changes nothing; set_disabled_plans changes its service plans",
				of.Label())
			return
		}
	}
	if a.DisabledPlans == nil || a.Kind == provision.RemoveLicense {
		return
	}
	r.plans = []string{}
	for _, name := range a.DisabledPlans {
		plan, found := of.FindPlan(name)
		if !found {
			r.refuse("unknown_plan", "%s has no service plan %q; its plans are %s", of.Label(), name, planList(of))
			return
		}
		r.plans = append(r.plans, plan.ID)
	}
	r.plans = append([]string{}, snapshot.SortedIDs(r.plans)...)
}

func planList(p *snapshot.Product) string {
	names := make([]string, len(p.Plans))
	for i, plan := range p.Plans {
		names[i] = plan.Name
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// product finds the one product that a name means. The id of one that the tenant no longer has will
// do for taking it away.
func (p *planner) product(r *row, name string) *snapshot.Product {
	found := p.products.Find(name)
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		var ids []string
		for _, one := range found {
			ids = append(ids, one.ID)
		}
		r.refuse("ambiguous_sku", "%q is the name of %d products; write the id: %s", name, len(found),
			strings.Join(ids, ", "))
	case ids.IsGUID(name) && r.action.Kind == provision.RemoveLicense:
		id := strings.ToLower(name)
		return &snapshot.Product{ID: id, Name: "the product " + id}
	default:
		r.refuse("unknown_sku", "the tenant has no product %q; write its part number, id or name as in skus_current", name)
	}
	return nil
}

func (p *planner) resolveGroup(r *row) {
	if r.action.Kind != provision.AddToGroup && r.action.Kind != provision.RemoveFromGroup {
		return
	}
	found := p.in.Tenant.Groups[strings.ToLower(strings.TrimSpace(r.action.Group))]
	switch len(found) {
	case 0:
		r.refuse("unknown_group", "there is no group %q", r.action.Group)
	case 1:
		r.group = found[0]
		p.checkGroup(r)
	default:
		r.refuse("ambiguous_group", "%d groups are called %q; write the id", len(found), r.action.Group)
	}
}

// checkGroup refuses groups that cannot, or must not, be changed from here.
func (p *planner) checkGroup(r *row) {
	g := r.group
	switch {
	case g == nil:
	case g.IsDynamic():
		r.refuse("dynamic_group", "a rule decides who is in the group %q: change the rule", g.DisplayName)
	case g.IsSynced():
		r.refuse("synced_group", "the group %q is synchronized from on premises: change it there", g.DisplayName)
	case g.IsAssignableToRole != nil && *g.IsAssignableToRole:
		r.refuse("role_assignable_group", "the group %q can hold administrator roles: change it by hand", g.DisplayName)
	case g.IsMailOnly():
		r.refuse("mail_group", "the group %q is a distribution list or a mail-enabled security group, which Exchange "+
			"manages: change it there", g.DisplayName)
	}
}

// entryGroup is the group that a ledger entry is about.
func (p *planner) entryGroup(e *provision.Entry) *snapshot.Group {
	for id := range e.After.Groups {
		if found := p.in.Tenant.Groups[id]; len(found) == 1 {
			return found[0]
		}
		return &snapshot.Group{ID: id, DisplayName: id}
	}
	return nil
}

// checkBasis refuses the action when the verdict of the warehouse that it rests on no longer stands.
func (p *planner) checkBasis(r *row) {
	basis := r.action.Basis
	if basis == "" || r.refusal != nil {
		return
	}
	r.evidence = &provision.Evidence{Basis: basis}
	if p.in.Facts == nil {
		r.refusal = facts.NoWarehouse(basis)
		return
	}
	sku := ""
	if taken := r.taken(); taken != nil {
		sku = taken.ID
	}
	evidence, no := p.facts.Findings.EvidenceFor(r.person.ID, sku, basis, p.in.Settings, p.in.Now)
	if evidence != nil {
		r.evidence = evidence
	}
	r.refusal = no
	if no != nil {
		return
	}
	switch {
	case basis == "disabled account" && r.person.enabled:
		r.refuse("evidence_gone", "the row rests on %q, and the account is enabled", basis)
	case basis == "duplicate" && sku != "" && len(r.person.ways[sku]) == 0:
		r.refuse("evidence_gone", "the row rests on %q, and no group gives the licence any more", basis)
	}
}

// A wish is what a row wants something to be. Rows that want the same thing to be different
// contradict each other.
type wish struct{ about, value string }

const held = "held" // by whatever plans

// contradicts reports whether the two wishes exclude each other.
func (w wish) contradicts(other wish) bool {
	if w.about != other.about || w.value == other.value {
		return false
	}
	some := func(v string) bool { return v == held || strings.HasPrefix(v, "without ") }
	return !(some(w.value) && some(other.value) && (w.value == held || other.value == held))
}

func (r *row) wishes() []wish {
	grant := func(sku string, plans []string) wish {
		if plans == nil {
			return wish{"license " + sku, held}
		}
		return wish{"license " + sku, "without " + strings.Join(plans, " ")}
	}
	live := wish{"account", string(provision.Live)}
	if r.entry != nil {
		return facetWishes(r.entry.StateToRestore())
	}
	switch r.action.Kind {
	case provision.AssignLicense, provision.SetDisabledPlans:
		return []wish{grant(r.product.ID, r.plans), live}
	case provision.RemoveLicense:
		return []wish{{"license " + r.product.ID, "none"}}
	case provision.SwapLicense:
		return []wish{{"license " + r.product.ID, "none"}, grant(r.newProduct.ID, r.plans), live}
	case provision.DisableUser:
		return []wish{{"enabled", "no"}}
	case provision.EnableUser:
		return []wish{{"enabled", "yes"}, live}
	case provision.CreateUser, provision.RestoreUser:
		return []wish{live}
	case provision.DeleteUser:
		return []wish{{"account", string(provision.Deleted)}}
	case provision.AddToGroup:
		return []wish{{"group " + r.group.ID, "in"}, live}
	case provision.RemoveFromGroup:
		return []wish{{"group " + r.group.ID, "out"}}
	case provision.SetUsageLocation:
		return []wish{{"usage location", strings.ToUpper(r.action.UsageLocation)}, live}
	}
	return nil
}

func facetWishes(f provision.Facet) (all []wish) {
	if f.Account != "" {
		all = append(all, wish{"account", string(f.Account)})
	}
	if f.Enabled != nil {
		all = append(all, wish{"enabled", map[bool]string{true: "yes", false: "no"}[*f.Enabled]})
	}
	if f.UsageLocation != nil {
		all = append(all, wish{"usage location", *f.UsageLocation})
	}
	for sku, g := range f.Licenses {
		value := "none"
		if g.Assigned {
			value = "without " + strings.Join(g.DisabledPlans, " ")
		}
		all = append(all, wish{"license " + sku, value})
	}
	for id, member := range f.Groups {
		all = append(all, wish{"group " + id, map[bool]string{true: "in", false: "out"}[member]})
	}
	return all
}

// refuseContradictions refuses every row that another one contradicts, because the program cannot know which of
// them is meant.
func (p *planner) refuseContradictions() {
	type claim struct {
		row *row
		wish
	}
	claims := map[string][]claim{} // by user and what they are about
	for _, r := range p.rows {
		if r.refusal != nil {
			continue
		}
		for _, w := range r.wishes() {
			key := r.who + " " + w.about
			claims[key] = append(claims[key], claim{r, w})
		}
	}
	against := map[*row]*row{}
	for _, all := range claims {
		for _, one := range all {
			for _, other := range all {
				if one.wish.contradicts(other.wish) &&
					(against[one.row] == nil || other.row.action.ID < against[one.row].action.ID) {
					against[one.row] = other.row
				}
			}
		}
	}
	for one, other := range against {
		one.refuse("conflict", "contradicts %s; cancel one of them", other.called())
	}
}

func (r *row) called() string { return fmt.Sprintf("action %d (%s)", r.action.ID, r.action.Kind) }
