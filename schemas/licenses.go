package schemas

// SKUs are the products the tenant has. Source: learn.microsoft.com/graph/api/subscribedsku-list.
var SKUs = Table{
	Name: "skus",
	Doc: "Products (SKUs) of the tenant and their seats, one row per run day. Several rows can share " +
		"sku_id: one per account.",
	Key:       []string{"tenant_id", "snapshot_date", "subscribed_sku_id"},
	Partition: []string{"snapshot_date"},
	Columns: []Column{
		TenantID,
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
		{Name: "subscribed_sku_id", Type: Text, Required: true, Doc: "Id of the row in Graph: account id and SKU id."},
		{Name: "sku_id", Type: Text, Required: true, Doc: "Product (SKU) id."},
		{Name: "sku_part_number", Type: Text, Required: true, Doc: "Microsoft's short name of the product, such as SPE_E5."},
		{Name: "product_name", Type: Text, Required: true,
			Doc: "Friendly name; the part number when the product is not in the name table."},
		{Name: "kind", Type: Text, Required: true,
			Doc: "paid, free, trial, viral or unknown. paid means only: no sign of the others."},
		{Name: "applies_to", Type: Text, Doc: "User (assignable to people) or Company."},
		{Name: "capability_status", Type: Text, Doc: "Enabled, Warning, Suspended, Deleted or LockedOut."},
		{Name: "enabled_units", Type: Integer, Required: true, Doc: "Seats bought and active."},
		{Name: "warning_units", Type: Integer, Required: true, Doc: "Seats of expired subscriptions in their grace period."},
		{Name: "suspended_units", Type: Integer, Required: true, Doc: "Seats of cancelled subscriptions; not assignable."},
		{Name: "locked_out_units", Type: Integer, Doc: "Seats the customer cancelled; global cloud only."},
		{Name: "consumed_units", Type: Integer, Required: true, Doc: "Seats assigned."},
	},
}

// SKUPlans are the service plans within each product.
var SKUPlans = Table{
	Name: "sku_plans",
	Doc:  "The service plans within each product (SKU) of the tenant, and the apps each plan grants.",
	Key:  []string{"tenant_id", "sku_id", "service_plan_id"},
	Columns: []Column{
		TenantID,
		{Name: "sku_id", Type: Text, Required: true, Doc: "Product (SKU) id."},
		{Name: "service_plan_id", Type: Text, Required: true, Doc: "Service plan id."},
		{Name: "service_plan_name", Type: Text, Required: true, Doc: "Microsoft's short name of the plan, such as TEAMS1."},
		{Name: "friendly_name", Type: Text, Required: true,
			Doc: "Friendly name; the short name when the plan is not in the name table."},
		{Name: "provisioning_status", Type: Text, Doc: "Success, Disabled, PendingInput and so on."},
		{Name: "applies_to", Type: Text, Doc: "User or Company."},
		{Name: "apps", Type: TextList, Required: true,
			Doc: "Apps the plan grants, by the names of app_activity; empty for most plans."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
	},
}

// Subscriptions are what was bought. Source: learn.microsoft.com/graph/api/directory-list-subscriptions.
var Subscriptions = Table{
	Name:      "subscriptions",
	Doc:       "Commercial subscriptions, one row per run day. Graph knows no prices.",
	Key:       []string{"tenant_id", "snapshot_date", "subscription_id"},
	Partition: []string{"snapshot_date"},
	Columns: []Column{
		TenantID,
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
		{Name: "subscription_id", Type: Text, Required: true, Doc: "Id in Graph."},
		{Name: "commerce_subscription_id", Type: Text, Doc: "Id in the commerce system."},
		{Name: "sku_id", Type: Text, Required: true, Doc: "Product (SKU) id."},
		{Name: "sku_part_number", Type: Text, Doc: "Microsoft's short name of the product."},
		{Name: "status", Type: Text, Doc: "Enabled, Warning, Suspended, Deleted or LockedOut."},
		{Name: "total_licenses", Type: Integer, Doc: "Seats of the subscription."},
		{Name: "is_trial", Type: Boolean, Doc: "Whether it is a trial."},
		{Name: "created_at", Type: Timestamp, Doc: "When it was bought."},
		{Name: "next_lifecycle_at", Type: Timestamp,
			Doc: "When it moves to its next state unless renewed; NULL when unknown."},
		{Name: "owner_type", Type: Text, Doc: "Who owns it, such as User or Partner."},
		{Name: "owner_tenant_id", Type: Text, Doc: "Tenant of the partner that sold it."},
	},
}
