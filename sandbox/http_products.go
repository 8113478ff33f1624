package sandbox

import (
	"cmp"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
	"strings"
)

// appendPlans writes a product's plans as assignedPlans elements.
func appendPlans(b []byte, k *products.SKU, off products.PlansOff, since calendar.Day) []byte {
	for i, p := range k.Plans {
		state := "Enabled"
		if p.Grants&off.Apps() != 0 {
			state = "Deleted"
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(calendar.AppendTime(append(b, `{"assignedDateTime":"`...), since, 7*3600), `","capabilityStatus":"`...)
		b = append(append(append(b, state...), `","service":"`...), p.Service...)
		b = append(append(append(b, `","servicePlanId":"`...), p.ID...), `"}`...)
	}
	return b
}

// skuRow is one row of /subscribedSkus.
type skuRow struct {
	t        *Tenant
	sku      *products.SKU
	units    company.Prepaid
	consumed int
	bought   []string // subscription ids

	appliesTo string // User when empty
}

func (s *Server) subscribedSKUs(c *call) {
	t := s.tenant
	list, consumed := t.purchases()
	rows := make([]*skuRow, products.Count)
	for i := range rows {
		rows[i] = &skuRow{t: t, sku: &products.SKUs[i], units: company.PrepaidUnits(list, i), consumed: consumed[i]}
	}
	for i, b := range list {
		rows[b.Sku].bought = append(rows[b.Sku].bought, t.SubscriptionID(i))
	}
	if t.faults.on(faultCompanyProduct) {
		rows = append(rows, &skuRow{t: t, sku: &companyProduct, appliesTo: "Company", units: company.Prepaid{Enabled: 1}})
	}
	collection(s, c, "subscribedSkus", "subscribedSku", 3, skuFields, rows)
}

var skuFields = []field[*skuRow]{
	{"accountName", text(func(r *skuRow) string { return r.t.Domain })},
	{"accountId", text(func(r *skuRow) string { return r.t.ID() })},
	{"appliesTo", text(func(r *skuRow) string { return cmp.Or(r.appliesTo, "User") })},
	{"capabilityStatus", text(func(r *skuRow) string { return r.units.Status() })},
	{"consumedUnits", func(b []byte, r *skuRow) []byte { return wire.AppendInt(b, r.consumed) }},
	{"id", text(func(r *skuRow) string { return r.t.ID() + "_" + r.sku.ID })},
	{"skuId", text(func(r *skuRow) string { return r.sku.ID })},
	{"skuPartNumber", text(func(r *skuRow) string { return r.sku.PartNumber })},
	{"subscriptionIds", func(b []byte, r *skuRow) []byte { return wire.AppendList(b, r.bought) }},
	{"prepaidUnits", func(b []byte, r *skuRow) []byte {
		b = wire.AppendInt(append(b, `{"enabled":`...), r.units.Enabled)
		b = wire.AppendInt(append(b, `,"suspended":`...), r.units.Suspended)
		b = wire.AppendInt(append(b, `,"warning":`...), r.units.Warning)
		return append(wire.AppendInt(append(b, `,"lockedOut":`...), r.units.LockedOut), '}')
	}},
	{"servicePlans", func(b []byte, r *skuRow) []byte {
		b = append(b, '[')
		for i, p := range r.sku.Plans {
			if i > 0 {
				b = append(b, ',')
			}
			to := "User"
			if strings.HasPrefix(p.Name, "EXCHANGE_S_FOUNDATION") || strings.HasPrefix(p.Name, "M365_LIGHTHOUSE") {
				to = "Company"
			}
			b = append(append(append(b, `{"servicePlanId":"`...), p.ID...), `","servicePlanName":`...)
			b = append(wire.AppendText(b, p.Name), `,"provisioningStatus":"Success","appliesTo":"`...)
			b = append(append(b, to...), `"}`...)
		}
		return append(b, ']')
	}},
}

// companyProduct is held by the tenant as a whole, see faultCompanyProduct.
var companyProduct = products.SKU{ID: companyProductID, PartNumber: "WINDOWS_STORE",
	Plans: []products.Plan{{ID: "a420f25f-a7b3-4ff5-a9d0-5d58f73b537d", Name: "WINDOWS_STORE"}}}

const companyProductID = "6470687e-a428-4b7a-bef2-8a291ad947c9"

// subscriptionRow is one row of /directory/subscriptions.
type subscriptionRow struct {
	company.Subscription
	t *Tenant
	i int
}

func (s *Server) listSubscriptions(c *call) {
	t := s.tenant
	var rows []*subscriptionRow
	list, _ := t.purchases()
	for i, b := range list {
		rows = append(rows, &subscriptionRow{b, t, i})
	}
	collection(s, c, "directory/subscriptions", "companySubscription", 1, subscriptionFields, rows)
}

var subscriptionFields = []field[*subscriptionRow]{
	{"id", text(func(r *subscriptionRow) string { return r.t.SubscriptionID(r.i) })},
	{"commerceSubscriptionId", text(func(r *subscriptionRow) string { return r.t.SubscriptionID(r.i + 500) })},
	{"skuId", text(func(r *subscriptionRow) string { return products.SKUs[r.Sku].ID })},
	{"skuPartNumber", text(func(r *subscriptionRow) string { return products.SKUs[r.Sku].PartNumber })},
	{"status", text(func(r *subscriptionRow) string { return r.Status })},
	{"totalLicenses", func(b []byte, r *subscriptionRow) []byte { return wire.AppendInt(b, r.Seats) }},
	{"isTrial", func(b []byte, r *subscriptionRow) []byte { return wire.AppendBool(b, r.Trial) }},
	{"createdDateTime", func(b []byte, r *subscriptionRow) []byte { return wire.AppendStamp(b, r.Created) }},
	{"nextLifecycleDateTime", func(b []byte, r *subscriptionRow) []byte { return wire.AppendStamp(b, r.Ends) }},
	{"ownerId", literal[*subscriptionRow](`null`)},
	{"ownerTenantId", literal[*subscriptionRow](`null`)},
	{"ownerType", literal[*subscriptionRow](`null`)},
	{"serviceStatus", func(b []byte, r *subscriptionRow) []byte {
		b = append(b, '[')
		for i, p := range products.SKUs[r.Sku].Plans {
			if i > 0 {
				b = append(b, ',')
			}
			b = wire.AppendText(append(b, `{"appliesTo":"User","provisioningStatus":"Success","servicePlanId":`...), p.ID)
			b = append(wire.AppendText(append(b, `,"servicePlanName":`...), p.Name), '}')
		}
		return append(b, ']')
	}},
}

// appendLicense writes an assignedLicenses element.
func appendLicense(b []byte, s int, off products.PlansOff) []byte {
	b = wire.AppendList(append(b, `{"disabledPlans":`...), products.SKUs[s].Disabled[off])
	return append(append(append(b, `,"skuId":"`...), products.SKUs[s].ID...), `"}`...)
}
