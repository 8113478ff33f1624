package sandbox

import (
	"maps"
	"slices"
	"time"
)

// account is somebody's directory object once it has been written to: all of it
// that a write can change. It is never altered, only replaced, so that a reader
// may go on with the one it has, and a slow replica with the one before.
type account struct {
	id         string
	person     person // who was invented; only the kind of an account that was created
	created    bool   // by a write; nobody was invented for it
	detached   bool   // restored after somebody else took the seat
	name       string // user principal name of an account that was created
	enabled    bool
	usage      string // usage location, two letters
	groups     groupSet
	holdings   []holding
	properties map[string]string // other properties that were written, as JSON
	createdAt  time.Time
	deletedAt  time.Time // zero while it lives
	sessions   time.Time // sign-in sessions from before are invalid; zero means they were never revoked
}

// holding is one way in which an account has a product.
type holding struct {
	sku      int
	group    int8 // index into groups; direct means assigned to the account
	disabled planSet
	state    string // Active, ActiveWithError or Error
	reason   string // "None", or what is wrong
	updated  string // RFC 3339
}

const (
	stateActive    = "Active"
	stateWithError = "ActiveWithError"
	stateError     = "Error"

	reasonNone       = "None"
	reasonCount      = "CountViolation"
	reasonProhibited = "ProhibitedInUsageLocationViolation"
)

// active is true for a holding that takes a seat and gives its plans.
func (h *holding) active() bool { return h.state != stateError }

// invented is the account of a person nobody has written to.
func (t *Tenant) invented(p person, on day) *account {
	a := &account{id: string(t.appendID(nil, &p)), person: p, enabled: p.enabled(on)}
	l := p.licenses(on)
	for i := range l.all() {
		w := &l.list[i]
		h := holding{sku: int(w.sku), group: w.group, updated: string(t.appendUpdated(nil, w, &p))}
		h.disabled, _ = planSetOf(&skus[w.sku], skus[w.sku].disabled[w.off])
		h.state, h.reason = w.state()
		a.holdings = append(a.holdings, h)
	}
	if p.kind == member && l.n > 0 {
		a.usage = officeOf(roll(p.seat, tagOffice)).usage
	}
	for g := range groups {
		if p.isMember(g, &l, on) {
			a.groups.add(g)
		}
	}
	return a
}

// next is a copy to be changed and put in a's place.
func (a *account) next() *account {
	c := *a
	c.holdings = slices.Clone(a.holdings)
	c.properties = maps.Clone(a.properties)
	return &c
}

func (a *account) deleted() bool { return !a.deletedAt.IsZero() }

func (a *account) memberOf(g int) bool { return a.groups.has(g) }

// synced is true for those who are managed in the company's own directory.
func (a *account) synced() bool { return !a.created && a.person.synced() }

// held is the products the account takes a seat of.
func (a *account) held() productSet {
	var held productSet
	for i := range a.holdings {
		if h := &a.holdings[i]; h.active() {
			held.add(h.sku)
		}
	}
	return held
}

// find is the way in which the account has a product by a group, or directly.
func (a *account) find(sku int, group int8) *holding {
	for i := range a.holdings {
		if h := &a.holdings[i]; h.sku == sku && h.group == group {
			return h
		}
	}
	return nil
}

// drop takes one way away.
func (a *account) drop(sku int, group int8) {
	a.holdings = slices.DeleteFunc(a.holdings, func(h holding) bool { return h.sku == sku && h.group == group })
}

// userPrincipalName is the sign-in name while the account lives.
func (t *Tenant) userPrincipalName(a *account) string {
	if a.created {
		return a.name
	}
	return string(t.appendUPN(nil, &a.person, t.day()))
}
