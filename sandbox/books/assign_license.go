package books

import (
	"slices"
	"time"

	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/products"
)

// LicenseWish is what an assignLicense asks for.
type LicenseWish struct {
	Add    []WishedLicense
	Remove []string // SKU ids, in lower case
}

// WishedLicense is one product to assign, and the plans of it to switch off, all by their ids in lower case.
type WishedLicense struct {
	SKU      string
	Disabled []string
}

// notOwned is the refusal of a product that is not among those for users.
func (b *Books) notOwned(id string) *odata.Answer {
	if id == products.ForCompany.ID && b.faults.On(faults.CompanyProduct) {
		return badRequest("License " + id + " cannot be assigned to a user.")
	}
	return badRequest("License " + id + " does not correspond to a valid company License.")
}

// AssignLicense does an assignLicense: everything that was asked for, or nothing. key is an object id or a user
// principal name.
// Source: https://learn.microsoft.com/graph/api/user-assignlicense
func (b *Books) AssignLicense(w Write, key string, wish LicenseWish) Outcome {
	return b.apply(w, "", func() Outcome {
		a := b.writable(key)
		if a == nil {
			return refuse(odata.NotFound(key))
		}
		next := a.next()
		if refused := b.removeWished(next, wish.Remove); refused != nil {
			return refuse(*refused)
		}
		if refused := b.addWished(next, wish); refused != nil {
			return refuse(*refused)
		}
		if v := newViolation(a.Holdings, next.Holdings); v != nil {
			r := odata.BadRequest(v.Message())
			if v.Reason == products.ReasonExclusive { // the one details code that was seen
				r.Details = `[{"code":"MutuallyExclusiveViolation","message":"` + r.Message + `"}]`
			}
			return refuse(r)
		}
		if len(wish.Add) > 0 {
			b.runOut(wish.Add)
			free := b.free()
			for s, k := range products.SKUs {
				if next.heldProducts().Has(s) && !a.heldProducts().Has(s) && free[s] < 1 {
					return refuse(odata.BadRequest("Subscription with SKU " + k.ID + " does not have any available " +
						"licenses."))
				}
			}
		}
		next.settle()
		return b.replace(a, next)
	})
}

// replace puts the next state of an account in place, when it is another one. The books are locked.
func (b *Books) replace(a, next *Account) Outcome {
	changed := string(b.line(a)) != string(b.line(next))
	if changed {
		b.put(next)
	}
	return Outcome{Account: next, Changed: changed}
}

// removeWished takes away what was assigned directly.
func (b *Books) removeWished(a *Account, ids []string) *odata.Answer {
	for _, id := range ids {
		s := products.IndexOf(id)
		switch {
		case s < 0:
			return b.notOwned(id)
		case a.holdingBy(s, company.Direct) != nil:
			a.dropHolding(s, company.Direct)
		case a.heldProducts().Has(s):
			return badRequest("User license is inherited from a group membership and it cannot be removed directly " +
				"from the user.")
		default:
			return badRequest("User does not have a corresponding license.")
		}
	}
	return nil
}

// addWished assigns products directly. A product that is already assigned gets the plans asked for.
func (b *Books) addWished(a *Account, wish LicenseWish) *odata.Answer {
	now := b.clock.Tenant().Format(time.RFC3339)
	for _, l := range wish.Add {
		s := products.IndexOf(l.SKU)
		if s < 0 {
			return b.notOwned(l.SKU)
		}
		if slices.Contains(wish.Remove, l.SKU) { // nobody captured Microsoft's words
			return badRequest("License " + l.SKU + " cannot be added and removed in one request.")
		}
		if len(a.Usage) != 2 || prohibited(a.Usage) {
			return badRequest("License assignment cannot be done for user with invalid usage location.")
		}
		off, foreign := products.PlanSetOf(&products.SKUs[s], l.Disabled)
		if foreign != "" { // rejected, in words that nobody captured
			return badRequest("License assignment failed because service plan " + foreign + " is not part of " +
				"license " + l.SKU + ".")
		}
		h := a.holdingBy(s, company.Direct)
		if h == nil {
			a.Holdings = append(a.Holdings, Holding{SKU: s, Group: company.Direct, Disabled: off,
				State: stateActive, Reason: reasonNone, Updated: now})
		} else if h.Disabled != off {
			h.Disabled, h.Updated = off, now
		}
	}
	return nil
}

// runOut gives the free seats of a product up when it is asked for the third time, if that fault is on.
func (b *Books) runOut(add []WishedLicense) {
	if !b.faults.On(faults.SeatsRunOut) {
		return
	}
	for _, l := range add {
		s := products.IndexOf(l.SKU)
		if b.asked[s]++; b.asked[s] == 3 {
			b.given[s] += max(0, b.free()[s])
		}
	}
}

// ReprocessLicenses does a reprocessLicenseAssignment: groups' products that were in error are tried again. A
// dependency that is still missing is refused at once.
// Source: https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
func (b *Books) ReprocessLicenses(w Write, key string) Outcome {
	return b.apply(w, "", func() Outcome {
		a := b.writable(key)
		if a == nil {
			return refuse(odata.NotFound(key))
		}
		next := a.next()
		for i := range next.Holdings {
			if h := &next.Holdings[i]; h.Group != company.Direct && !h.active() {
				updated, reason := h.Updated, h.Reason
				b.judge(next, i, b.free())
				if h.Reason == reason {
					h.Updated = updated
				}
			}
		}
		next.settle()
		for i := range next.Holdings {
			if h := &next.Holdings[i]; h.Group != company.Direct && h.Reason == products.ReasonDependency {
				tried := next.next()
				tried.Holdings[i].State = stateActive
				for _, v := range violations(tried.Holdings) {
					if v.Reason == products.ReasonDependency && h.gives(v.Plans[0]) {
						return refuse(odata.BadRequest(v.Message()))
					}
				}
			}
		}
		return b.replace(a, next)
	})
}
