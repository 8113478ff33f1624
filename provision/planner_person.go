package provision

import (
	"maps"
	"slices"
	"strings"
	"time"

	"m365lake/internal/ids"
)

// A person is a user as the steps of a plan leave him, one after the other.
type person struct {
	User
	state    AccountState
	enabled  bool
	location string
	synced   bool
	guest    bool
	sessions *time.Time
	direct   map[string]Grant
	ways     map[string][]licenseState // by groups
	groups   map[string]bool           // direct membership; nil is not known
	restored bool                      // by this plan: what he gets back is not known yet

	protected *Refusal
}

func newPerson(key string, a *account) *person {
	p := &person{User: a.user(), state: a.state, direct: map[string]Grant{}, ways: map[string][]licenseState{}}
	switch a.state {
	case Absent:
		if ids.IsGUID(key) {
			p.ID = strings.ToLower(key)
		} else {
			p.UserPrincipalName = key
		}
		p.groups = map[string]bool{}
	case Live:
		p.enabled = a.AccountEnabled != nil && *a.AccountEnabled
		p.location = strings.ToUpper(a.UsageLocation)
		p.synced = a.OnPremisesSyncEnabled != nil && *a.OnPremisesSyncEnabled
		p.guest = a.UserType == "Guest"
		p.sessions = a.SignInSessionsValidFromDateTime
		for _, sku := range a.skus() {
			if g := a.direct(sku); g.Assigned {
				p.direct[sku] = g
			}
			if ways := a.inherited(sku); len(ways) > 0 {
				p.ways[sku] = ways
			}
		}
	}
	return p
}

// called is what sentences call the user.
func (p *person) called() string {
	if p.UserPrincipalName != "" {
		return p.UserPrincipalName
	}
	return p.ID
}

// holds reports whether the user has the licence in any way, and so takes a seat.
func (p *person) holds(sku string) bool { return p.direct[sku].Assigned || len(p.ways[sku]) > 0 }

// held are all licences of the user, sorted.
func (p *person) held() []string {
	ids := slices.AppendSeq(slices.Collect(maps.Keys(p.direct)), maps.Keys(p.ways))
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(sku string) bool { return !p.holds(sku) })
}

// plans are the service plans that the user can use: those that at least one way does not leave out.
func (p *person) plans(all products) planSet {
	set := planSet{}
	for _, sku := range p.held() {
		product := all[sku]
		if product == nil {
			continue
		}
		for _, plan := range product.plans {
			direct := p.direct[sku]
			on := direct.Assigned && !slices.Contains(direct.DisabledPlans, plan.ID)
			for _, way := range p.ways[sku] {
				on = on || !slices.Contains(way.DisabledPlans, plan.ID)
			}
			if on {
				set[plan.Name] = true
			}
		}
	}
	return set
}

// facet is what named names, as the steps so far leave it.
func (p *person) facet(named Facet) Facet {
	var f Facet
	if named.Account != "" || p.state != Live {
		f.Account = p.state
	}
	if p.state != Live {
		return f
	}
	if named.Enabled != nil {
		f.Enabled = new(p.enabled)
	}
	if named.UsageLocation != nil {
		f.UsageLocation = new(p.location)
	}
	if named.SessionsValidFrom != nil && p.sessions != nil {
		f.SessionsValidFrom = new(p.sessions.UTC())
	}
	for sku := range named.Licenses {
		if f.Licenses == nil {
			f.Licenses = map[string]Grant{}
		}
		f.Licenses[sku] = p.direct[sku]
	}
	for group := range named.Groups {
		if f.Groups == nil {
			f.Groups = map[string]bool{}
		}
		f.Groups[group] = p.groups[group]
	}
	return f
}

// after is the user after a step that leads to wanted. group is the one that wanted is about, or nil.
func (p *person) after(wanted Facet, g *group) *person {
	next := *p
	next.direct, next.ways, next.groups = maps.Clone(p.direct), maps.Clone(p.ways), maps.Clone(p.groups)
	switch wanted.Account {
	case Deleted:
		next.state, next.direct, next.ways, next.groups = Deleted, map[string]Grant{}, map[string][]licenseState{}, map[string]bool{}
	case Live:
		next.restored = p.state == Deleted
		next.state, next.enabled = Live, true
	}
	if wanted.Enabled != nil {
		next.enabled = *wanted.Enabled
	}
	if wanted.UsageLocation != nil {
		next.location = *wanted.UsageLocation
	}
	if wanted.SessionsValidFrom != nil {
		next.sessions = wanted.SessionsValidFrom
	}
	for sku, grant := range wanted.Licenses {
		if next.direct[sku] = grant; !grant.Assigned {
			delete(next.direct, sku)
		}
	}
	for id, member := range wanted.Groups {
		if next.groups == nil {
			next.groups = map[string]bool{}
		}
		if next.groups[id] = member; g == nil || g.ID != id {
			continue
		}
		for _, l := range g.AssignedLicenses { // the group gives, or takes back, what it grants
			ways := slices.DeleteFunc(slices.Clone(next.ways[l.SKUID]), func(w licenseState) bool { return w.AssignedByGroup == id })
			if member {
				ways = append(ways, licenseState{SKUID: l.SKUID, DisabledPlans: l.DisabledPlans, AssignedByGroup: id, State: "Active"})
			}
			if next.ways[l.SKUID] = ways; len(ways) == 0 {
				delete(next.ways, l.SKUID)
			}
		}
	}
	return &next
}
