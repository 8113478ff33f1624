package sandbox

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
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
		return wire.AppendBool(b, a.enabled), true
	case "usageLocation":
		return wire.AppendTextOrNull(b, a.usage), true
	case "assignedLicenses":
		return a.appendLicenses(b), true
	case "licenseAssignmentStates":
		return t.appendHoldings(b, a), true
	case "assignedPlans":
		return a.appendPlans(b), true
	case "deletedDateTime":
		return wire.AppendInstant(b, a.deletedAt), true
	case "userPrincipalName":
		name := t.userPrincipalName(a)
		if a.deleted() { // a deleted account gives its name free
			name = strings.ReplaceAll(a.id, "-", "") + name
		}
		return wire.AppendText(b, name), true
	case "signInSessionsValidFromDateTime":
		if !a.sessions.IsZero() {
			return wire.AppendInstant(b, a.sessions), true
		}
	}
	if !a.created {
		return b, false
	}
	switch name {
	case "id":
		return wire.AppendText(b, a.id), true
	case "createdDateTime", "signInSessionsValidFromDateTime":
		return wire.AppendInstant(b, a.createdAt), true
	case "userType":
		if a.person.Kind == company.Guest {
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
func (a *account) eachHeld(do func(sku int, off products.PlanSet, updated string)) {
	var seen products.Set
	for i := range a.holdings {
		h := &a.holdings[i]
		if !h.active() || seen.Has(h.sku) {
			continue
		}
		seen.Add(h.sku)
		off := h.disabled
		for j := i + 1; j < len(a.holdings); j++ {
			if o := &a.holdings[j]; o.sku == h.sku && o.active() {
				off = off.And(o.disabled)
			}
		}
		do(h.sku, off, h.updated)
	}
}

func (a *account) appendLicenses(b []byte) []byte {
	b = append(b, '[')
	from := len(b)
	a.eachHeld(func(k int, off products.PlanSet, _ string) {
		if len(b) > from {
			b = append(b, ',')
		}
		b = wire.AppendList(append(b, `{"disabledPlans":`...), off.Ids(&products.SKUs[k]))
		b = append(wire.AppendText(append(b, `,"skuId":`...), products.SKUs[k].ID), '}')
	})
	return append(b, ']')
}

func (a *account) appendPlans(b []byte) []byte {
	b = append(b, '[')
	from := len(b)
	a.eachHeld(func(k int, off products.PlanSet, updated string) {
		for i, p := range products.SKUs[k].Plans {
			if len(b) > from {
				b = append(b, ',')
			}
			state := "Enabled"
			if off.Has(i) {
				state = "Deleted"
			}
			b = wire.AppendText(append(b, `{"assignedDateTime":`...), updated)
			b = wire.AppendText(append(b, `,"capabilityStatus":`...), state)
			b = wire.AppendText(append(b, `,"service":`...), p.Service)
			b = append(wire.AppendText(append(b, `,"servicePlanId":`...), p.ID), '}')
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
		b = wire.AppendText(append(b, `{"skuId":`...), products.SKUs[h.sku].ID)
		b = wire.AppendList(append(b, `,"disabledPlans":`...), h.disabled.Ids(&products.SKUs[h.sku]))
		b = append(b, `,"assignedByGroup":`...)
		if h.group == company.Direct {
			b = append(b, "null"...)
		} else {
			b = wire.AppendText(b, t.GroupID(int(h.group)))
		}
		b = wire.AppendText(append(b, `,"state":`...), h.state)
		b = wire.AppendText(append(b, `,"error":`...), h.reason)
		b = append(wire.AppendText(append(b, `,"lastUpdatedDateTime":`...), h.updated), '}')
	}
	return append(b, ']')
}
