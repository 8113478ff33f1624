package sandbox

import (
	"encoding/json"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
	"time"
)

// wish is what an assignLicense asks for.
type wish struct {
	add    []wishedLicense
	remove []string // SKU ids
}

type wishedLicense struct {
	sku      string
	disabled []string
}

var badGUID = refusal(http.StatusBadRequest, "Request_BadRequest",
	"Cannot convert a primitive value to the expected type 'Edm.Guid'. See the inner exception for more details.")

// wish reads the payload of assignLicense. Both arrays are mandatory, and may be
// empty (user-assignlicense).
func (c *call) wish() (w wish, refused *answer) {
	fields, refused := c.object()
	if refused != nil {
		return w, refused
	}
	refuse := func(a answer) (wish, *answer) { return wish{}, &a }
	var missing []string
	for _, name := range []string{"addLicenses", "removeLicenses"} {
		if fields[name] == nil {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return refuse(badRequest("One or more parameters of the operation 'assignLicense' are missing from the request payload. " +
			"The missing parameters are: " + strings.Join(missing, ", ") + "."))
	}
	for _, name := range sortedNames(fields) {
		if name != "addLicenses" && name != "removeLicenses" {
			return refuse(badRequest("The parameter '" + wire.Printable(name) + "' in the request payload is not a valid parameter for the operation 'assignLicense'."))
		}
		if isNull(fields[name]) {
			return refuse(badRequest("A null value was found for the parameter named '" + name + "', which does not allow null values."))
		}
	}
	var add []map[string]json.RawMessage
	if json.Unmarshal(fields["addLicenses"], &add) != nil || json.Unmarshal(fields["removeLicenses"], &w.remove) != nil {
		return refuse(badRequest("Cannot convert a value to the expected type of a parameter of the operation 'assignLicense'."))
	}
	for _, f := range add {
		var l wishedLicense
		sku, ok := textOf(f["skuId"])
		if !ok || !wire.IsGUID(sku) {
			return refuse(badGUID)
		}
		l.sku = strings.ToLower(sku)
		if f["disabledPlans"] != nil && json.Unmarshal(f["disabledPlans"], &l.disabled) != nil {
			return refuse(badGUID)
		}
		for i, id := range l.disabled {
			if !wire.IsGUID(id) {
				return refuse(badGUID)
			}
			l.disabled[i] = strings.ToLower(id)
		}
		w.add = append(w.add, l)
	}
	for i, id := range w.remove {
		if !wire.IsGUID(id) {
			return refuse(badGUID)
		}
		w.remove[i] = strings.ToLower(id)
	}
	return w, nil
}

func skuByID(id string) int {
	return slices.IndexFunc(products.SKUs[:], func(k products.SKU) bool { return k.ID == id })
}

// notOwned is the answer for a product that is not among those for users.
func (t *Tenant) notOwned(id string) answer {
	if id == companyProductID && t.faults.on(faultCompanyProduct) {
		return badRequest("License " + id + " cannot be assigned to a user.")
	}
	return badRequest("License " + id + " does not correspond to a valid company License.")
}

// assignLicense serves POST /users/{id}/assignLicense: everything that was asked
// for, or nothing.
func (t *Tenant) assignLicense(c *call, key string) answer {
	w, refused := c.wish()
	if refused != nil {
		return *refused
	}
	a := t.writable(key)
	if a == nil {
		return notFound(key)
	}
	next := a.next()
	if refused := t.removeWished(next, w.remove); refused != nil {
		return *refused
	}
	if refused := t.addWished(next, w); refused != nil {
		return *refused
	}
	if v := newViolation(a.holdings, next.holdings); v != nil {
		r := badRequest(v.Message())
		if v.Reason == products.ReasonExclusive { // the one details code that was seen
			r.details = `[{"code":"MutuallyExclusiveViolation","message":"` + r.message + `"}]`
		}
		return r
	}
	if len(w.add) > 0 {
		t.runOut(w.add)
		free := t.free()
		for s, k := range products.SKUs {
			if next.held().Has(s) && !a.held().Has(s) && free[s] < 1 {
				return badRequest("Subscription with SKU " + k.ID + " does not have any available licenses.")
			}
		}
	}
	next.settle()
	return t.userAnswer(a, next, http.StatusOK)
}

// removeWished takes away what was assigned directly.
func (t *Tenant) removeWished(a *account, ids []string) *answer {
	for _, id := range ids {
		s := skuByID(id)
		var r answer
		switch {
		case s < 0:
			r = t.notOwned(id)
		case a.find(s, company.Direct) != nil:
			a.Drop(s, company.Direct)
			continue
		case a.held().Has(s):
			r = badRequest("User license is inherited from a group membership and it cannot be removed directly from the user.")
		default:
			r = badRequest("User does not have a corresponding license.")
		}
		return &r
	}
	return nil
}

// addWished assigns directly. What is already assigned gets the plans asked for.
func (t *Tenant) addWished(a *account, w wish) *answer {
	refuse := func(r answer) *answer { return &r }
	now := t.now().Format(time.RFC3339)
	for _, l := range w.add {
		s := skuByID(l.sku)
		if s < 0 {
			return refuse(t.notOwned(l.sku))
		}
		if slices.Contains(w.remove, l.sku) { // nobody captured Microsoft's words
			return refuse(badRequest("License " + l.sku + " cannot be added and removed in one request."))
		}
		if len(a.usage) != 2 || prohibited(a.usage) {
			return refuse(badRequest("License assignment cannot be done for user with invalid usage location."))
		}
		off, foreign := products.PlanSetOf(&products.SKUs[s], l.disabled)
		if foreign != "" { // rejected, in words that nobody captured
			return refuse(badRequest("License assignment failed because service plan " + foreign + " is not part of license " + l.sku + "."))
		}
		h := a.find(s, company.Direct)
		if h == nil {
			a.holdings = append(a.holdings, holding{sku: s, group: company.Direct, disabled: off, state: stateActive, reason: reasonNone, updated: now})
		} else if h.disabled != off {
			h.disabled, h.updated = off, now
		}
	}
	return nil
}

// runOut gives the free seats of a product up when it is asked for the third
// time, if that fault is on.
func (t *Tenant) runOut(add []wishedLicense) {
	if !t.faults.on(faultSeatsRunOut) {
		return
	}
	for _, l := range add {
		s := skuByID(l.sku)
		if t.changes.asked[s]++; t.changes.asked[s] == 3 {
			t.changes.given[s] += max(0, t.free()[s])
		}
	}
}

// prohibited is true for countries to which Microsoft licenses nothing.
func prohibited(usage string) bool { return slices.Contains([]string{"CU", "IR", "KP", "SY"}, usage) }
