package graphapi

import (
	"strings"

	"m365lake/sandbox/books"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// appendWritten writes a property of an account that was written to. ok is false for what no write has touched, which
// is as it was invented.
func (v *userView) appendWritten(b []byte, name string) (_ []byte, ok bool) {
	a := v.Account
	if json, ok := a.Properties[name]; ok {
		return append(b, json...), true
	}
	switch name {
	case "accountEnabled":
		return wire.AppendBool(b, a.Enabled), true
	case "usageLocation":
		return wire.AppendTextOrNull(b, a.Usage), true
	case "assignedLicenses":
		return appendHeldLicenses(b, a), true
	case "licenseAssignmentStates":
		return appendHoldings(b, v.company, a), true
	case "assignedPlans":
		return appendHeldPlans(b, a), true
	case "deletedDateTime":
		return wire.AppendInstant(b, a.DeletedAt), true
	case "userPrincipalName":
		name := v.reader.PrincipalName(a)
		if a.Deleted() { // a deleted account gives its name free
			name = strings.ReplaceAll(a.ID, "-", "") + name
		}
		return wire.AppendText(b, name), true
	case "signInSessionsValidFromDateTime":
		if !a.Sessions.IsZero() {
			return wire.AppendInstant(b, a.Sessions), true
		}
	}
	if !a.Created {
		return b, false
	}
	switch name {
	case "id":
		return wire.AppendText(b, a.ID), true
	case "createdDateTime", "signInSessionsValidFromDateTime":
		return wire.AppendInstant(b, a.CreatedAt), true
	case "userType":
		if a.Person.Kind == company.Guest {
			return append(b, `"Guest"`...), true
		}
		return append(b, `"Member"`...), true
	case "businessPhones":
		return append(b, `[]`...), true
	}
	return append(b, "null"...), true
}

func appendHeldLicenses(b []byte, a *books.Account) []byte {
	b = append(b, '[')
	from := len(b)
	a.EachHeld(func(k int, off products.PlanSet, _ string) {
		if len(b) > from {
			b = append(b, ',')
		}
		b = wire.AppendList(append(b, `{"disabledPlans":`...), off.IDs(&products.SKUs[k]))
		b = append(wire.AppendText(append(b, `,"skuId":`...), products.SKUs[k].ID), '}')
	})
	return append(b, ']')
}

func appendHeldPlans(b []byte, a *books.Account) []byte {
	b = append(b, '[')
	from := len(b)
	a.EachHeld(func(k int, off products.PlanSet, updated string) {
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

func appendHoldings(b []byte, c *company.Company, a *books.Account) []byte {
	b = append(b, '[')
	for i := range a.Holdings {
		h := &a.Holdings[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = wire.AppendText(append(b, `{"skuId":`...), products.SKUs[h.SKU].ID)
		b = wire.AppendList(append(b, `,"disabledPlans":`...), h.Disabled.IDs(&products.SKUs[h.SKU]))
		b = append(b, `,"assignedByGroup":`...)
		if h.Group == company.Direct {
			b = append(b, "null"...)
		} else {
			b = wire.AppendText(b, c.GroupID(int(h.Group)))
		}
		b = wire.AppendText(append(b, `,"state":`...), h.State)
		b = wire.AppendText(append(b, `,"error":`...), h.Reason)
		b = append(wire.AppendText(append(b, `,"lastUpdatedDateTime":`...), h.Updated), '}')
	}
	return append(b, ']')
}
