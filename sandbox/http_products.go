package sandbox

import (
	"cmp"
	"strings"
)

// appendPlans writes a product's plans as assignedPlans elements.
func appendPlans(b []byte, k *sku, off plansOff, since day) []byte {
	for i, p := range k.plans {
		state := "Enabled"
		if p.grants&off.apps() != 0 {
			state = "Deleted"
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendTime(append(b, `{"assignedDateTime":"`...), since, 7*3600), `","capabilityStatus":"`...)
		b = append(append(append(b, state...), `","service":"`...), p.service...)
		b = append(append(append(b, `","servicePlanId":"`...), p.id...), `"}`...)
	}
	return b
}

// skuRow is one row of /subscribedSkus.
type skuRow struct {
	t        *Tenant
	sku      *sku
	units    prepaid
	consumed int
	bought   []string // subscription ids

	appliesTo string // User when empty
}

func (s *Server) subscribedSKUs(c *call) {
	t := s.tenant
	list, consumed := t.purchases()
	rows := make([]*skuRow, skuCount)
	for i := range rows {
		rows[i] = &skuRow{t: t, sku: &skus[i], units: prepaidUnits(list, i), consumed: consumed[i]}
	}
	for i, b := range list {
		rows[b.sku].bought = append(rows[b.sku].bought, t.subscriptionID(i))
	}
	if t.faults.on(faultCompanyProduct) {
		rows = append(rows, &skuRow{t: t, sku: &companyProduct, appliesTo: "Company", units: prepaid{enabled: 1}})
	}
	collection(s, c, "subscribedSkus", "subscribedSku", 3, skuFields, rows)
}

var skuFields = []field[*skuRow]{
	{"accountName", text(func(r *skuRow) string { return r.t.domain })},
	{"accountId", text(func(r *skuRow) string { return r.t.ID() })},
	{"appliesTo", text(func(r *skuRow) string { return cmp.Or(r.appliesTo, "User") })},
	{"capabilityStatus", text(func(r *skuRow) string { return r.units.status() })},
	{"consumedUnits", func(b []byte, r *skuRow) []byte { return appendInt(b, r.consumed) }},
	{"id", text(func(r *skuRow) string { return r.t.ID() + "_" + r.sku.id })},
	{"skuId", text(func(r *skuRow) string { return r.sku.id })},
	{"skuPartNumber", text(func(r *skuRow) string { return r.sku.part })},
	{"subscriptionIds", func(b []byte, r *skuRow) []byte { return appendList(b, r.bought) }},
	{"prepaidUnits", func(b []byte, r *skuRow) []byte {
		b = appendInt(append(b, `{"enabled":`...), r.units.enabled)
		b = appendInt(append(b, `,"suspended":`...), r.units.suspended)
		b = appendInt(append(b, `,"warning":`...), r.units.warning)
		return append(appendInt(append(b, `,"lockedOut":`...), r.units.lockedOut), '}')
	}},
	{"servicePlans", func(b []byte, r *skuRow) []byte {
		b = append(b, '[')
		for i, p := range r.sku.plans {
			if i > 0 {
				b = append(b, ',')
			}
			to := "User"
			if strings.HasPrefix(p.name, "EXCHANGE_S_FOUNDATION") || strings.HasPrefix(p.name, "M365_LIGHTHOUSE") {
				to = "Company"
			}
			b = append(append(append(b, `{"servicePlanId":"`...), p.id...), `","servicePlanName":`...)
			b = append(appendText(b, p.name), `,"provisioningStatus":"Success","appliesTo":"`...)
			b = append(append(b, to...), `"}`...)
		}
		return append(b, ']')
	}},
}

// companyProduct is held by the tenant as a whole, see faultCompanyProduct.
var companyProduct = sku{id: companyProductID, part: "WINDOWS_STORE",
	plans: []plan{{id: "a420f25f-a7b3-4ff5-a9d0-5d58f73b537d", name: "WINDOWS_STORE"}}}

const companyProductID = "6470687e-a428-4b7a-bef2-8a291ad947c9"

// subscriptionRow is one row of /directory/subscriptions.
type subscriptionRow struct {
	subscription
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
	{"id", text(func(r *subscriptionRow) string { return r.t.subscriptionID(r.i) })},
	{"commerceSubscriptionId", text(func(r *subscriptionRow) string { return r.t.subscriptionID(r.i + 500) })},
	{"skuId", text(func(r *subscriptionRow) string { return skus[r.sku].id })},
	{"skuPartNumber", text(func(r *subscriptionRow) string { return skus[r.sku].part })},
	{"status", text(func(r *subscriptionRow) string { return r.status })},
	{"totalLicenses", func(b []byte, r *subscriptionRow) []byte { return appendInt(b, r.seats) }},
	{"isTrial", func(b []byte, r *subscriptionRow) []byte { return appendBool(b, r.trial) }},
	{"createdDateTime", func(b []byte, r *subscriptionRow) []byte { return appendStamp(b, r.created) }},
	{"nextLifecycleDateTime", func(b []byte, r *subscriptionRow) []byte { return appendStamp(b, r.ends) }},
	{"ownerId", literal[*subscriptionRow](`null`)},
	{"ownerTenantId", literal[*subscriptionRow](`null`)},
	{"ownerType", literal[*subscriptionRow](`null`)},
	{"serviceStatus", func(b []byte, r *subscriptionRow) []byte {
		b = append(b, '[')
		for i, p := range skus[r.sku].plans {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(append(b, `{"appliesTo":"User","provisioningStatus":"Success","servicePlanId":`...), p.id)
			b = append(appendText(append(b, `,"servicePlanName":`...), p.name), '}')
		}
		return append(b, ']')
	}},
}

// appendLicense writes an assignedLicenses element.
func appendLicense(b []byte, s int, off plansOff) []byte {
	b = appendList(append(b, `{"disabledPlans":`...), skus[s].disabled[off])
	return append(append(append(b, `,"skuId":"`...), skus[s].id...), `"}`...)
}
