package sandbox

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"net/http"
	"time"
)

// tenantLocation is where somebody without a usage location is licensed by a
// group: the organization's default.
const tenantLocation = "CH"

// grant gives a new member what a group grants, or the state that says why not.
func (t *Tenant) grant(a *account, g int) {
	s := company.Groups[g].Sku
	if s == company.NoSKU || a.find(s, int8(g)) != nil {
		return
	}
	off, _ := products.PlanSetOf(&products.SKUs[s], products.SKUs[s].Disabled[company.Groups[g].Off])
	a.holdings = append(a.holdings, holding{sku: s, group: int8(g), disabled: off})
	t.judge(a, len(a.holdings)-1, t.free())
	a.settle()
}

// judge decides whether a group's product can be held: the place, the other
// plans, and a seat that is free or already the account's.
func (t *Tenant) judge(a *account, i int, free [products.Count]int) {
	h := &a.holdings[i]
	h.updated = t.now().Format(time.RFC3339)
	h.state, h.reason = stateError, reasonProhibited
	before := a.held()
	without := a.next().holdings
	usage := a.usage
	if usage == "" {
		usage = tenantLocation
	}
	if prohibited(usage) {
		return
	}
	h.state, h.reason = stateActive, reasonNone
	v := newViolation(without, a.holdings)
	switch {
	case v != nil:
		h.state, h.reason = stateError, v.Reason
	case !before.Has(h.sku) && free[h.sku] < 1:
		h.state, h.reason = stateError, reasonCount
	}
}

// settle marks what is held although a plan it depends on has gone, which
// happens when a group's product goes: nobody is asked then.
func (a *account) settle() {
	lacking := map[string]bool{}
	for _, v := range violations(a.holdings) {
		if v.Reason == products.ReasonDependency {
			lacking[v.Plans[0]] = true
		}
	}
	for i := range a.holdings {
		h := &a.holdings[i]
		if !h.active() {
			continue
		}
		h.state, h.reason = stateActive, reasonNone
		for name := range lacking {
			if h.gives(name) {
				h.state, h.reason = stateWithError, products.ReasonDependency
			}
		}
	}
}

// reprocess serves POST /users/{id}/reprocessLicenseAssignment: groups' products
// that were in error are tried again. A dependency that is still missing is told
// at once.
func (t *Tenant) reprocess(_ *call, key string) answer {
	a := t.writable(key)
	if a == nil {
		return notFound(key)
	}
	next := a.next()
	for i := range next.holdings {
		if h := &next.holdings[i]; h.group != company.Direct && !h.active() {
			updated, reason := h.updated, h.reason
			t.judge(next, i, t.free())
			if h.reason == reason {
				h.updated = updated
			}
		}
	}
	next.settle()
	for i := range next.holdings {
		if h := &next.holdings[i]; h.group != company.Direct && h.reason == products.ReasonDependency {
			tried := next.next()
			tried.holdings[i].state = stateActive
			for _, v := range violations(tried.holdings) {
				if v.Reason == products.ReasonDependency && h.gives(v.Plans[0]) {
					return badRequest(v.Message())
				}
			}
		}
	}
	return t.userAnswer(a, next, http.StatusOK)
}
