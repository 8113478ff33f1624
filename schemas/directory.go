package schemas

// Organizations is the tenant itself. Source: learn.microsoft.com/graph/api/organization-get.
var Organizations = Table{
	Name: "organizations",
	Doc:  "The tenants, as of their last run.",
	Key:  []string{"tenant_id"},
	Columns: []Column{
		TenantID,
		{Name: "tenant_name", Type: Text, Required: true, Doc: "Name of the tenant in pipelines.yaml."},
		{Name: "display_name", Type: Text, Doc: "Name of the organization in Microsoft 365."},
		{Name: "default_domain", Type: Text, Doc: "Verified domain that new users get."},
		{Name: "initial_domain", Type: Text, Doc: "The onmicrosoft.com domain."},
		{Name: "country_code", Type: Text, Doc: "Two-letter country of the organization."},
		{Name: "default_usage_location", Type: Text, Doc: "Two-letter country used for licensing when a user has none."},
		{Name: "tenant_type", Type: Text, Doc: "AAD, AAD B2C or CIAM."},
		{Name: "preferred_language", Type: Text, Doc: "Preferred language of the organization."},
		{Name: "on_premises_sync_enabled", Type: Boolean,
			Doc: "Whether the directory is synchronized from on premises; NULL means never."},
		{Name: "entra_id_tier", Type: Text,
			Doc: "P1 or P2 when the tenant has such a plan, which sign-in activity needs; else NULL."},
		{Name: "concealed_names", Type: Boolean,
			Doc: "Whether Microsoft conceals names in the usage reports; NULL when the setting could not be read."},
		{Name: "created_at", Type: Timestamp, Doc: "When the tenant was created."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
	},
}

// Users are the people of the directory. Source: learn.microsoft.com/graph/api/user-list.
var Users = Table{
	Name: "users",
	Doc:  "Everybody ever seen in the directory, as last seen: members, guests, service accounts.",
	Key:  []string{"tenant_id", "user_key"},
	Columns: []Column{
		TenantID,
		userKey,
		{Name: "user_id", Type: Text, Required: true, Doc: "Entra object id."},
		{Name: "user_principal_name", Type: Text, Required: true, Doc: "Sign-in name."},
		{Name: "mail", Type: Text, Doc: "Primary mail address."},
		{Name: "display_name", Type: Text, Doc: "Name shown in address books."},
		{Name: "given_name", Type: Text, Doc: "First name."},
		{Name: "surname", Type: Text, Doc: "Last name."},
		{Name: "job_title", Type: Text, Doc: "Job title."},
		{Name: "department", Type: Text, Doc: "Department; NULL when none is set."},
		{Name: "company_name", Type: Text, Doc: "Company the person works for."},
		{Name: "office_location", Type: Text, Doc: "Office."},
		{Name: "city", Type: Text, Doc: "City."},
		{Name: "country", Type: Text, Doc: "Country or region."},
		{Name: "usage_location", Type: Text,
			Doc: "Two-letter country for licensing; a licence cannot be assigned without it."},
		{Name: "employee_id", Type: Text, Doc: "Number given by the organization."},
		{Name: "employee_type", Type: Text, Doc: "Employee, Contractor, Vendor and so on."},
		{Name: "employee_hire_date", Type: Date, Doc: "Day the person was or will be hired."},
		{Name: "manager_id", Type: Text, Doc: "Entra object id of the manager; NULL when none is set."},
		{Name: "preferred_language", Type: Text, Doc: "Preferred language."},
		{Name: "user_type", Type: Text, Doc: "Member or Guest."},
		{Name: "account_enabled", Type: Boolean, Doc: "Whether the account may sign in."},
		{Name: "on_premises_sync_enabled", Type: Boolean, Doc: "Whether the account is synchronized from on premises."},
		{Name: "created_at", Type: Timestamp, Doc: "When the account was created."},
		{Name: "first_seen", Type: Date, Required: true, Doc: "First run day on which the directory listed the user."},
		{Name: "last_seen", Type: Date, Required: true, Doc: "Last run day on which the directory listed the user."},
		{Name: "deleted_at", Type: Date,
			Doc: "Day of deletion where the directory tells it, else the first run day on which it no longer " +
				"listed the user; NULL while it does."},
	},
}

// LicenseAssignments are who holds what, and why.
// Source: learn.microsoft.com/graph/api/resources/licenseassignmentstate.
var LicenseAssignments = Table{
	Name: "license_assignments",
	Doc:  "The licences users hold, one row per way in which a user came by one: directly or through a group.",
	Key:  []string{"tenant_id", "user_key", "sku_id", "source", "assigned_by_group_id"},
	Columns: []Column{
		TenantID,
		userKey,
		{Name: "sku_id", Type: Text, Required: true, Doc: "Product (SKU) id."},
		{Name: "source", Type: Text, Required: true, Doc: "direct, group, or unknown when the directory does not say how."},
		{Name: "assigned_by_group_id", Type: Text, Doc: "The group that grants the licence; NULL unless source is group."},
		{Name: "state", Type: Text, Doc: "Active, ActiveWithError, Disabled or Error; NULL when source is unknown."},
		{Name: "error", Type: Text,
			Doc: "Why the licence could not be assigned (CountViolation and so on); NULL when it could."},
		{Name: "disabled_plans", Type: TextList, Doc: "Ids of the service plans that are switched off in this assignment."},
		{Name: "last_updated_at", Type: Timestamp, Doc: "When the assignment last changed."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
	},
}

// LicenseGroups are the groups that grant licences. Source: learn.microsoft.com/graph/api/resources/group.
var LicenseGroups = Table{
	Name: "license_groups",
	Doc:  "The groups that grant licences to their members.",
	Key:  []string{"tenant_id", "group_id"},
	Columns: []Column{
		TenantID,
		{Name: "group_id", Type: Text, Required: true, Doc: "Entra object id; assigned_by_group_id of license_assignments."},
		{Name: "display_name", Type: Text, Doc: "Name of the group."},
		{Name: "sku_ids", Type: TextList, Required: true, Doc: "Products (SKUs) the group grants."},
		{Name: "dynamic", Type: Boolean, Required: true, Doc: "Whether a rule decides who is a member."},
		{Name: "membership_rule", Type: Text, Doc: "That rule; NULL when members are added by hand."},
		{Name: "security_enabled", Type: Boolean, Doc: "Whether it is a security group."},
		{Name: "on_premises_sync_enabled", Type: Boolean, Doc: "Whether the group is synchronized from on premises."},
		{Name: "processing_state", Type: Text,
			Doc: "QueuedForProcessing, ProcessingInProgress or ProcessingComplete: how far its licences have " +
				"reached the members."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
	},
}

// UserRoles are who may administer what. Source: learn.microsoft.com/graph/api/rbacapplication-list-roleassignments.
var UserRoles = Table{
	Name: "user_roles",
	Doc: "The directory roles users hold now, one row per way in which a user came by one. Eligible roles that " +
		"are not active are not among them.",
	Key: []string{"tenant_id", "user_key", "role_id", "scope", "through_group_id"},
	Columns: []Column{
		TenantID,
		userKey,
		{Name: "role_id", Type: Text, Required: true, Doc: "Id of the role definition."},
		{Name: "role_name", Type: Text, Doc: "Name of the role, such as Global Administrator."},
		{Name: "built_in", Type: Boolean, Doc: "Whether Microsoft defined the role."},
		{Name: "scope", Type: Text, Required: true,
			Doc: "Where the role holds: / is the whole tenant, else an administrative unit, an application or an " +
				"object."},
		{Name: "through_group_id", Type: Text, Doc: "The group that holds the role; NULL when the user does directly."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
	},
}

// SignIns are when people last signed in. Source: learn.microsoft.com/graph/api/resources/signinactivity.
var SignIns = Table{
	Name:      "sign_ins",
	Doc:       "The last sign-ins of each user, one row per run day. Only tenants with Entra ID P1 or P2 have them.",
	Key:       []string{"tenant_id", "snapshot_date", "user_key"},
	Partition: []string{"snapshot_date"},
	Columns: []Column{
		TenantID,
		{Name: "snapshot_date", Type: Date, Required: true, Doc: snapshotDoc},
		userKey,
		{Name: "last_sign_in_at", Type: Timestamp,
			Doc: "Last time the user tried to sign in, successful or not; NULL means not since April 2020."},
		{Name: "last_non_interactive_sign_in_at", Type: Timestamp,
			Doc: "Last time a program tried on the user's behalf, successful or not; NULL means not since May " +
				"2020."},
		{Name: "last_successful_sign_in_at", Type: Timestamp,
			Doc: "Last successful sign-in of either kind; NULL means not since December 2023."},
	},
}

const snapshotDoc = "Run day on which the directory said so."
