package schemas

// UserHistory is what was true of each user, and when.
var UserHistory = Table{
	Name: "user_history",
	Doc:  "Versions of the users: a row for each span of days over which the tracked columns of a user stayed the same.",
	Key:  []string{"tenant_id", "user_key", "valid_from"},
	Columns: []Column{
		TenantID,
		userKey,
		{Name: "user_principal_name", Type: Text, Required: true, Doc: "Sign-in name."},
		{Name: "mail", Type: Text, Doc: "Primary mail address."},
		{Name: "display_name", Type: Text, Doc: "Name shown in address books."},
		{Name: "department", Type: Text, Doc: "Department; NULL when none was set."},
		{Name: "job_title", Type: Text, Doc: "Job title."},
		{Name: "country", Type: Text, Doc: "Country or region."},
		{Name: "account_enabled", Type: Boolean, Doc: "Whether the account could sign in."},
		{Name: "user_type", Type: Text, Doc: "Member or Guest."},
		{Name: "manager_user_key", Type: Key, Doc: "The manager's user_key; NULL when none was set or known."},
		validFrom,
		validTo,
	},
}

// LicenseHistory is who held what, and when.
var LicenseHistory = Table{
	Name: "license_history",
	Doc:  "Versions of the licence assignments: a row for each span of days over which an assignment stayed the same.",
	Key:  []string{"tenant_id", "user_key", "sku_id", "source", "assigned_by_group_id", "valid_from"},
	Columns: []Column{
		TenantID,
		userKey,
		{Name: "sku_id", Type: Text, Required: true, Doc: "Product (SKU) id."},
		{Name: "source", Type: Text, Required: true, Doc: "direct, group, or unknown when the directory did not say how."},
		{Name: "assigned_by_group_id", Type: Text, Doc: "The group that granted the licence; NULL unless source is group."},
		{Name: "state", Type: Text, Doc: "Active, ActiveWithError, Disabled or Error; NULL when source is unknown."},
		{Name: "error", Type: Text, Doc: "Why the licence could not be assigned; NULL when it could."},
		{Name: "disabled_plans", Type: TextList, Doc: "Ids of the service plans that were switched off in this assignment."},
		validFrom,
		validTo,
	},
}

// The span of a version. Days without a run belong to the version that was open.
var (
	validFrom = Column{Name: "valid_from", Type: Date, Required: true, Doc: "First run day on which this held."}
	validTo   = Column{Name: "valid_to", Type: Date, Doc: "First run day on which it no longer held; NULL while it does."}
)
