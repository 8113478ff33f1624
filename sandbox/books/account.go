package books

import (
	"maps"
	"slices"
	"time"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// Account is somebody's directory object once it has been written to: all of it that a write can change. It is never
// altered, only replaced, so that a reader may go on with the one it has, and a slow replica with the one before.
type Account struct {
	ID         string
	Person     company.Person // who was invented; only the kind of an account that was created
	Created    bool           // by a write; no invented person belongs to it
	Enabled    bool
	Usage      string            // usage location, two letters
	Holdings   []Holding         // one for each way in which it has a product
	Properties map[string]string // other properties that were written, as JSON
	CreatedAt  time.Time
	DeletedAt  time.Time // zero while it lives
	Sessions   time.Time // sign-in sessions from before are invalid; zero means they were never revoked

	detached bool   // restored after somebody else took the seat
	name     string // user principal name of an account that was created
	groups   company.GroupSet
}

// Holding is one way in which an account has a product.
type Holding struct {
	SKU      int
	Group    int8 // index into company.Groups; company.Direct means assigned to the account
	Disabled products.PlanSet
	State    string // Active, ActiveWithError or Error
	Reason   string // "None", or what is wrong
	Updated  string // RFC 3339
}

// States of a holding and what may be wrong with it, as licenseAssignmentStates has them.
// Source: https://learn.microsoft.com/graph/api/resources/licenseassignmentstate
const (
	stateActive    = "Active"
	stateWithError = "ActiveWithError"
	stateError     = "Error"

	reasonNone       = "None"
	reasonCount      = "CountViolation"
	reasonProhibited = "ProhibitedInUsageLocationViolation"
)

// active is true for a holding that takes a seat and gives its plans.
func (h *Holding) active() bool { return h.State != stateError }

// invented is the account of a person whom no write has changed.
func (b *Books) invented(p company.Person, on calendar.Day) *Account {
	a := &Account{ID: string(b.company.AppendID(nil, &p)), Person: p, Enabled: p.Enabled(on)}
	l := p.Licenses(on)
	for i := range l.All() {
		w := &l.List[i]
		h := Holding{SKU: int(w.SKU), Group: w.Group, Updated: string(w.AppendUpdated(nil, &p))}
		h.Disabled, _ = products.PlanSetOf(&products.SKUs[w.SKU], products.SKUs[w.SKU].Disabled[w.Off])
		h.State, h.Reason = w.State()
		a.Holdings = append(a.Holdings, h)
	}
	a.Usage = p.UsageLocation(&l)
	for g := range company.Groups {
		if p.IsMember(g, &l, on) {
			a.groups.Add(g)
		}
	}
	return a
}

// next is a copy to be changed and put in a's place.
func (a *Account) next() *Account {
	c := *a
	c.Holdings = slices.Clone(a.Holdings)
	c.Properties = maps.Clone(a.Properties)
	return &c
}

// Deleted says whether the account is in the bin, or was.
func (a *Account) Deleted() bool { return !a.DeletedAt.IsZero() }

// MemberOf says whether the account is a member of a group, by its index in company.Groups.
func (a *Account) MemberOf(g int) bool { return a.groups.Has(g) }

// synced is true for those who are managed in the company's own directory.
func (a *Account) synced() bool { return !a.Created && a.Person.Synced() }

// heldProducts is the products the account takes a seat of.
func (a *Account) heldProducts() products.Set {
	var held products.Set
	for i := range a.Holdings {
		if h := &a.Holdings[i]; h.active() {
			held.Add(h.SKU)
		}
	}
	return held
}

// EachHeld calls do once for each product the account takes a seat of, in the order in which it got them. A plan is
// switched off only when every way that works leaves it out.
func (a *Account) EachHeld(do func(sku int, off products.PlanSet, updated string)) {
	var seen products.Set
	for i := range a.Holdings {
		h := &a.Holdings[i]
		if !h.active() || seen.Has(h.SKU) {
			continue
		}
		seen.Add(h.SKU)
		off := h.Disabled
		for j := i + 1; j < len(a.Holdings); j++ {
			if o := &a.Holdings[j]; o.SKU == h.SKU && o.active() {
				off = off.And(o.Disabled)
			}
		}
		do(h.SKU, off, h.Updated)
	}
}

// holdingBy is the way in which the account has a product by a group, or directly; nil for none.
func (a *Account) holdingBy(sku int, group int8) *Holding {
	for i := range a.Holdings {
		if h := &a.Holdings[i]; h.SKU == sku && h.Group == group {
			return h
		}
	}
	return nil
}

// dropHolding takes one way away.
func (a *Account) dropHolding(sku int, group int8) {
	a.Holdings = slices.DeleteFunc(a.Holdings, func(h Holding) bool { return h.SKU == sku && h.Group == group })
}

// PrincipalName is the account's user principal name while it lives.
func (b *Books) PrincipalName(a *Account) string {
	if a.Created {
		return a.name
	}
	return string(b.company.AppendUPN(nil, &a.Person, b.today()))
}
