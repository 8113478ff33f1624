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

// A person is what is known of a user after some steps of a plan.
type person struct {
	provision.User
	state    provision.AccountState
	enabled  bool
	location string
	synced   bool
	guest    bool
	sessions *time.Time
	direct   map[string]provision.Grant
	ways     map[string][]snapshot.LicenseState // by groups
	groups   map[string]bool                    // direct membership; nil is not known
	restored bool                               // by this plan: what comes back is not known yet

	protected *provision.Refusal
}

func newPerson(key string, a *snapshot.Account) *person {
	p := &person{User: a.User(), state: a.State, direct: map[string]provision.Grant{},
		ways: map[string][]snapshot.LicenseState{}}
	switch a.State {
	case provision.Absent:
		if ids.IsGUID(key) {
			p.ID = strings.ToLower(key)
		} else {
			p.UserPrincipalName = key
		}
		p.groups = map[string]bool{}
	case provision.Live:
		p.enabled = a.AccountEnabled != nil && *a.AccountEnabled
		p.location = strings.ToUpper(a.UsageLocation)
		p.synced = a.OnPremisesSyncEnabled != nil && *a.OnPremisesSyncEnabled
		p.guest = a.UserType == "Guest"
		p.sessions = a.SignInSessionsValidFromDateTime
		for _, sku := range a.SKUs() {
			if g := a.DirectGrant(sku); g.Assigned {
				p.direct[sku] = g
			}
			if ways := a.GroupGrants(sku); len(ways) > 0 {
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
func (p *person) plans(all snapshot.Products) planSet {
	set := planSet{}
	for _, sku := range p.held() {
		product := all[sku]
		if product == nil {
			continue
		}
		for _, plan := range product.Plans {
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

// facet is the part of the person that named names.
func (p *person) facet(named provision.Facet) provision.Facet {
	var f provision.Facet
	if named.Account != "" || p.state != provision.Live {
		f.Account = p.state
	}
	if p.state != provision.Live {
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
			f.Licenses = map[string]provision.Grant{}
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
func (p *person) after(wanted provision.Facet, g *snapshot.Group) *person {
	next := *p
	next.direct, next.ways, next.groups = maps.Clone(p.direct), maps.Clone(p.ways), maps.Clone(p.groups)
	switch wanted.Account {
	case provision.Deleted:
		next.state, next.direct, next.ways, next.groups = provision.Deleted, map[string]provision.Grant{},
			map[string][]snapshot.LicenseState{}, map[string]bool{}
	case provision.Live:
		next.restored = p.state == provision.Deleted
		next.state, next.enabled = provision.Live, true
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
			ways := slices.DeleteFunc(slices.Clone(next.ways[l.SKUID]),
				func(w snapshot.LicenseState) bool { return w.AssignedByGroup == id })
			if member {
				ways = append(ways, snapshot.LicenseState{SKUID: l.SKUID, DisabledPlans: l.DisabledPlans, AssignedByGroup: id,
					State: "Active"})
			}
			if next.ways[l.SKUID] = ways; len(ways) == 0 {
				delete(next.ways, l.SKUID)
			}
		}
	}
	return &next
}
