package sandbox

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
	"maps"
	"slices"
	"time"
)

// account is somebody's directory object once it has been written to: all of it
// that a write can change. It is never altered, only replaced, so that a reader
// may go on with the one it has, and a slow replica with the one before.
type account struct {
	id         string
	person     company.Person // who was invented; only the kind of an account that was created
	created    bool           // by a write; nobody was invented for it
	detached   bool           // restored after somebody else took the seat
	name       string         // user principal name of an account that was created
	enabled    bool
	usage      string // usage location, two letters
	groups     company.GroupSet
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
	disabled products.PlanSet
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
func (t *Tenant) invented(p company.Person, on calendar.Day) *account {
	a := &account{id: string(t.AppendID(nil, &p)), person: p, enabled: p.Enabled(on)}
	l := p.Licenses(on)
	for i := range l.All() {
		w := &l.List[i]
		h := holding{sku: int(w.Sku), group: w.Group, updated: string(t.appendUpdated(nil, w, &p))}
		h.disabled, _ = products.PlanSetOf(&products.SKUs[w.Sku], products.SKUs[w.Sku].Disabled[w.Off])
		h.state, h.reason = w.State()
		a.holdings = append(a.holdings, h)
	}
	if p.Kind == company.Member && l.N > 0 {
		a.usage = company.OfficeOf(dice.Roll(p.SeatHash, dice.TagOffice)).Usage
	}
	for g := range company.Groups {
		if p.IsMember(g, &l, on) {
			a.groups.Add(g)
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

func (a *account) memberOf(g int) bool { return a.groups.Has(g) }

// synced is true for those who are managed in the company's own directory.
func (a *account) Synced() bool { return !a.created && a.person.Synced() }

// held is the products the account takes a seat of.
func (a *account) held() products.Set {
	var held products.Set
	for i := range a.holdings {
		if h := &a.holdings[i]; h.active() {
			held.Add(h.sku)
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
func (a *account) Drop(sku int, group int8) {
	a.holdings = slices.DeleteFunc(a.holdings, func(h holding) bool { return h.sku == sku && h.group == group })
}

// userPrincipalName is the sign-in name while the account lives.
func (t *Tenant) userPrincipalName(a *account) string {
	if a.created {
		return a.name
	}
	return string(t.AppendUPN(nil, &a.person, t.day()))
}
