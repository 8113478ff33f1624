package graphapi

import (
	"cmp"
	"strings"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
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
		b = append(
			calendar.AppendTime(append(b, `{"assignedDateTime":"`...), since, 7*3600),
			`","capabilityStatus":"`...)
		b = append(append(append(b, state...), `","service":"`...), p.Service...)
		b = append(append(append(b, `","servicePlanId":"`...), p.ID...), `"}`...)
	}
	return b
}

// skuRow is one row of /subscribedSkus.
type skuRow struct {
	company  *company.Company
	sku      *products.SKU
	units    company.Prepaid
	consumed int
	bought   []string // subscription ids

	appliesTo string // User when empty
}

func (s *API) listSubscribedSKUs(c *call) {
	list, consumed := s.Books.Purchases()
	rows := make([]*skuRow, products.Count)
	for i := range rows {
		rows[i] = &skuRow{
			company:  s.Company,
			sku:      &products.SKUs[i],
			units:    company.PrepaidUnits(list, i),
			consumed: consumed[i],
		}
	}
	for i, b := range list {
		rows[b.SKU].bought = append(rows[b.SKU].bought, s.Company.SubscriptionID(i))
	}
	if s.Faults.On(faults.CompanyProduct) {
		rows = append(
			rows,
			&skuRow{
				company:   s.Company,
				sku:       &products.ForCompany,
				appliesTo: "Company",
				units:     company.Prepaid{Enabled: 1},
			},
		)
	}
	switch {
	case s.Faults.On(faults.NoProducts):
		rows = nil
	case s.Faults.On(faults.ShortProducts):
		rows = rows[:1]
	}
	odata.AnswerCollection(c.Call, "subscribedSkus", "subscribedSku", 3, skuFields, rows)
}

var skuFields = []odata.Field[*skuRow]{
	odata.Property("accountName", odata.Text(func(r *skuRow) string { return r.company.Domain })),
	odata.Property("accountId", odata.Text(func(r *skuRow) string { return r.company.ID() })),
	odata.Property("appliesTo", odata.Text(func(r *skuRow) string { return cmp.Or(r.appliesTo, "User") })),
	odata.Property("capabilityStatus", odata.Text(func(r *skuRow) string { return r.units.Status() })),
	odata.Property("consumedUnits", func(b []byte, r *skuRow) []byte { return wire.AppendInt(b, r.consumed) }),
	odata.Property("id", odata.Text(func(r *skuRow) string { return r.company.ID() + "_" + r.sku.ID })),
	odata.Property("skuId", odata.Text(func(r *skuRow) string { return r.sku.ID })),
	odata.Property("skuPartNumber", odata.Text(func(r *skuRow) string { return r.sku.PartNumber })),
	odata.Property("subscriptionIds", func(b []byte, r *skuRow) []byte { return wire.AppendList(b, r.bought) }),
	odata.Property("prepaidUnits", func(b []byte, r *skuRow) []byte {
		b = wire.AppendInt(append(b, `{"enabled":`...), r.units.Enabled)
		b = wire.AppendInt(append(b, `,"suspended":`...), r.units.Suspended)
		b = wire.AppendInt(append(b, `,"warning":`...), r.units.Warning)
		return append(wire.AppendInt(append(b, `,"lockedOut":`...), r.units.LockedOut), '}')
	}),
	odata.Property("servicePlans", func(b []byte, r *skuRow) []byte {
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
	}),
}

// subscriptionRow is one row of /directory/subscriptions.
type subscriptionRow struct {
	company.Subscription
	company *company.Company
	i       int
}

func (s *API) listSubscriptions(c *call) {
	var rows []*subscriptionRow
	list, _ := s.Books.Purchases()
	for i, b := range list {
		rows = append(rows, &subscriptionRow{b, s.Company, i})
	}
	if s.Faults.On(faults.ShortListings) {
		rows = nil
	}
	odata.AnswerCollection(c.Call, "directory/subscriptions", "companySubscription", 1, subscriptionFields, rows)
}

var subscriptionFields = []odata.Field[*subscriptionRow]{
	odata.Property("id", odata.Text(func(r *subscriptionRow) string { return r.company.SubscriptionID(r.i) })),
	odata.Property(
		"commerceSubscriptionId",
		odata.Text(func(r *subscriptionRow) string { return r.company.SubscriptionID(r.i + 500) }),
	),
	odata.Property("skuId", odata.Text(func(r *subscriptionRow) string { return products.SKUs[r.SKU].ID })),
	odata.Property(
		"skuPartNumber",
		odata.Text(func(r *subscriptionRow) string { return products.SKUs[r.SKU].PartNumber }),
	),
	odata.Property("status", odata.Text(func(r *subscriptionRow) string { return r.Status })),
	odata.Property("totalLicenses", func(b []byte, r *subscriptionRow) []byte { return wire.AppendInt(b, r.Seats) }),
	odata.Property("isTrial", func(b []byte, r *subscriptionRow) []byte { return wire.AppendBool(b, r.Trial) }),
	odata.Property(
		"createdDateTime",
		func(b []byte, r *subscriptionRow) []byte { return wire.AppendStamp(b, r.Created) },
	),
	odata.Property(
		"nextLifecycleDateTime",
		func(b []byte, r *subscriptionRow) []byte { return wire.AppendStamp(b, r.Ends) },
	),
	odata.Property("ownerId", odata.Literal[*subscriptionRow](`null`)),
	odata.Property("ownerTenantId", odata.Literal[*subscriptionRow](`null`)),
	odata.Property("ownerType", odata.Literal[*subscriptionRow](`null`)),
	odata.Property("serviceStatus", func(b []byte, r *subscriptionRow) []byte {
		b = append(b, '[')
		for i, p := range products.SKUs[r.SKU].Plans {
			if i > 0 {
				b = append(b, ',')
			}
			b = wire.AppendText(append(b, `{"appliesTo":"User","provisioningStatus":"Success",`+
				`"servicePlanId":`...), p.ID)
			b = append(wire.AppendText(append(b, `,"servicePlanName":`...), p.Name), '}')
		}
		return append(b, ']')
	}),
}

// appendLicense writes an assignedLicenses element.
func appendLicense(b []byte, s int, off products.PlansOff) []byte {
	b = wire.AppendList(append(b, `{"disabledPlans":`...), products.SKUs[s].Disabled[off])
	return append(append(append(b, `,"skuId":"`...), products.SKUs[s].ID...), `"}`...)
}
