package directory

import "m365lake/schemas/column"

// skuRows are the rows of skus.
type skuRows struct {
	*column.Writer
	subscribedSKUID, skuID, skuPartNumber, productName, kind, appliesTo, capabilityStatus *column.Text
	enabledUnits, warningUnits, suspendedUnits, lockedOutUnits, consumedUnits             *column.Integer
}

func newSKURows(w *column.Writer) skuRows {
	return skuRows{
		Writer:           w,
		subscribedSKUID:  w.Text("subscribed_sku_id"),
		skuID:            w.Text("sku_id"),
		skuPartNumber:    w.Text("sku_part_number"),
		productName:      w.Text("product_name"),
		kind:             w.Text("kind"),
		appliesTo:        w.Text("applies_to"),
		capabilityStatus: w.Text("capability_status"),
		enabledUnits:     w.Integer("enabled_units"),
		warningUnits:     w.Integer("warning_units"),
		suspendedUnits:   w.Integer("suspended_units"),
		lockedOutUnits:   w.Integer("locked_out_units"),
		consumedUnits:    w.Integer("consumed_units"),
	}
}

// planRows are the rows of sku_plans.
type planRows struct {
	*column.Writer
	skuID, servicePlanID, servicePlanName, friendlyName, provisioningStatus, appliesTo *column.Text
	apps                                                                               *column.Texts
}

func newPlanRows(w *column.Writer) planRows {
	return planRows{
		Writer:             w,
		skuID:              w.Text("sku_id"),
		servicePlanID:      w.Text("service_plan_id"),
		servicePlanName:    w.Text("service_plan_name"),
		friendlyName:       w.Text("friendly_name"),
		provisioningStatus: w.Text("provisioning_status"),
		appliesTo:          w.Text("applies_to"),
		apps:               w.Texts("apps"),
	}
}

// subscriptionRows are the rows of subscriptions.
type subscriptionRows struct {
	*column.Writer
	subscriptionID, commerceSubscriptionID, skuID, skuPartNumber, status, ownerType, ownerTenantID *column.Text
	totalLicenses                                                                                  *column.Integer
	isTrial                                                                                        *column.Boolean
	createdAt, nextLifecycleAt                                                                     *column.Timestamp
}

func newSubscriptionRows(w *column.Writer) subscriptionRows {
	return subscriptionRows{
		Writer:                 w,
		subscriptionID:         w.Text("subscription_id"),
		commerceSubscriptionID: w.Text("commerce_subscription_id"),
		skuID:                  w.Text("sku_id"),
		skuPartNumber:          w.Text("sku_part_number"),
		status:                 w.Text("status"),
		totalLicenses:          w.Integer("total_licenses"),
		isTrial:                w.Boolean("is_trial"),
		createdAt:              w.Timestamp("created_at"),
		nextLifecycleAt:        w.Timestamp("next_lifecycle_at"),
		ownerType:              w.Text("owner_type"),
		ownerTenantID:          w.Text("owner_tenant_id"),
	}
}
