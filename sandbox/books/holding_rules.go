package books

import (
	"slices"
	"time"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// tenantLocation is where somebody without a usage location is licensed by a group: the organization's default.
const tenantLocation = company.UsageLocation

// prohibited is true for countries to which Microsoft licenses nothing.
func prohibited(usage string) bool { return slices.Contains([]string{"CU", "IR", "KP", "SY"}, usage) }

// violations lists what is wrong with the plans that a set of holdings gives.
func violations(holdings []Holding) []products.Violation {
	given := map[string]bool{}
	for i := range holdings {
		h := &holdings[i]
		for j, p := range products.SKUs[h.SKU].Plans {
			if h.active() && !h.Disabled.Has(j) {
				given[p.Name] = true
			}
		}
	}
	return products.Violations(given)
}

// newViolation is the first one that was not there before, or nil: a violation that was there before does not
// prevent another change.
func newViolation(before, after []Holding) *products.Violation {
	old := violations(before)
	for _, v := range violations(after) {
		if !slices.ContainsFunc(old, func(o products.Violation) bool {
			return o.Reason == v.Reason && slices.Equal(o.Plans, v.Plans)
		}) {
			return &v
		}
	}
	return nil
}

// gives is true for a holding with a plan switched on.
func (h *Holding) gives(name string) bool {
	i := slices.IndexFunc(products.SKUs[h.SKU].Plans, func(p products.Plan) bool { return p.Name == name })
	return i >= 0 && !h.Disabled.Has(i)
}

// judge decides whether a group's product can be held: the place, the other plans, and a seat that is free or already
// the account's. The books are locked.
func (b *Books) judge(a *Account, i int, free [products.Count]int) {
	h := &a.Holdings[i]
	h.Updated = b.clock.Tenant().Format(time.RFC3339)
	h.State, h.Reason = stateError, reasonProhibited
	before := a.heldProducts()
	without := a.next().Holdings
	usage := a.Usage
	if usage == "" {
		usage = tenantLocation
	}
	if prohibited(usage) {
		return
	}
	h.State, h.Reason = stateActive, reasonNone
	v := newViolation(without, a.Holdings)
	switch {
	case v != nil:
		h.State, h.Reason = stateError, v.Reason
	case !before.Has(h.SKU) && free[h.SKU] < 1:
		h.State, h.Reason = stateError, reasonCount
	}
}

// settle marks products that are held although a plan they depend on has gone. That happens when a group's product
// goes, because Entra does not check the other products then.
func (a *Account) settle() {
	lacking := map[string]bool{}
	for _, v := range violations(a.Holdings) {
		if v.Reason == products.ReasonDependency {
			lacking[v.Plans[0]] = true
		}
	}
	for i := range a.Holdings {
		h := &a.Holdings[i]
		if !h.active() {
			continue
		}
		h.State, h.Reason = stateActive, reasonNone
		for name := range lacking {
			if h.gives(name) {
				h.State, h.Reason = stateWithError, products.ReasonDependency
			}
		}
	}
}
