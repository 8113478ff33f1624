package sandbox

import (
	"strings"
)

// appendWritten writes a property of an account that was written to. ok is false
// for what no write has touched, which is as it was invented.
func (t *Tenant) appendWritten(b []byte, a *account, name string) (_ []byte, ok bool) {
	if json, ok := a.properties[name]; ok {
		return append(b, json...), true
	}
	switch name {
	case "accountEnabled":
		return appendBool(b, a.enabled), true
	case "usageLocation":
		return appendTextOrNull(b, a.usage), true
	case "assignedLicenses":
		return a.appendLicenses(b), true
	case "licenseAssignmentStates":
		return t.appendHoldings(b, a), true
	case "assignedPlans":
		return a.appendPlans(b), true
	case "deletedDateTime":
		return appendInstant(b, a.deletedAt), true
	case "userPrincipalName":
		name := t.userPrincipalName(a)
		if a.deleted() { // a deleted account gives its name free
			name = strings.ReplaceAll(a.id, "-", "") + name
		}
		return appendText(b, name), true
	case "signInSessionsValidFromDateTime":
		if !a.sessions.IsZero() {
			return appendInstant(b, a.sessions), true
		}
	}
	if !a.created {
		return b, false
	}
	switch name {
	case "id":
		return appendText(b, a.id), true
	case "createdDateTime", "signInSessionsValidFromDateTime":
		return appendInstant(b, a.createdAt), true
	case "userType":
		if a.person.kind == guest {
			return append(b, `"Guest"`...), true
		}
		return append(b, `"Member"`...), true
	case "businessPhones":
		return append(b, `[]`...), true
	}
	return append(b, "null"...), true
}

// eachHeld calls do once for each product the account takes a seat of. A plan is
// switched off only when every way that works leaves it out.
func (a *account) eachHeld(do func(sku int, off planSet, updated string)) {
	var seen productSet
	for i := range a.holdings {
		h := &a.holdings[i]
		if !h.active() || seen.has(h.sku) {
			continue
		}
		seen.add(h.sku)
		off := h.disabled
		for j := i + 1; j < len(a.holdings); j++ {
			if o := &a.holdings[j]; o.sku == h.sku && o.active() {
				off = off.and(o.disabled)
			}
		}
		do(h.sku, off, h.updated)
	}
}

func (a *account) appendLicenses(b []byte) []byte {
	b = append(b, '[')
	from := len(b)
	a.eachHeld(func(k int, off planSet, _ string) {
		if len(b) > from {
			b = append(b, ',')
		}
		b = appendList(append(b, `{"disabledPlans":`...), off.ids(&skus[k]))
		b = append(appendText(append(b, `,"skuId":`...), skus[k].id), '}')
	})
	return append(b, ']')
}

func (a *account) appendPlans(b []byte) []byte {
	b = append(b, '[')
	from := len(b)
	a.eachHeld(func(k int, off planSet, updated string) {
		for i, p := range skus[k].plans {
			if len(b) > from {
				b = append(b, ',')
			}
			state := "Enabled"
			if off.has(i) {
				state = "Deleted"
			}
			b = appendText(append(b, `{"assignedDateTime":`...), updated)
			b = appendText(append(b, `,"capabilityStatus":`...), state)
			b = appendText(append(b, `,"service":`...), p.service)
			b = append(appendText(append(b, `,"servicePlanId":`...), p.id), '}')
		}
	})
	return append(b, ']')
}

func (t *Tenant) appendHoldings(b []byte, a *account) []byte {
	b = append(b, '[')
	for i := range a.holdings {
		h := &a.holdings[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"skuId":`...), skus[h.sku].id)
		b = appendList(append(b, `,"disabledPlans":`...), h.disabled.ids(&skus[h.sku]))
		b = append(b, `,"assignedByGroup":`...)
		if h.group == direct {
			b = append(b, "null"...)
		} else {
			b = appendText(b, t.groupID(int(h.group)))
		}
		b = appendText(append(b, `,"state":`...), h.state)
		b = appendText(append(b, `,"error":`...), h.reason)
		b = append(appendText(append(b, `,"lastUpdatedDateTime":`...), h.updated), '}')
	}
	return append(b, ']')
}
