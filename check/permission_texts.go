package check

import "m365lake/graph/permissions"

// A Purpose says in the product's words what a permission is good for.
type Purpose struct {
	For     string // what it is asked for
	Without string // what does not work without it
}

// purposes are those of every permission that a run or a change can make use of, by name.
var purposes = map[string]Purpose{
	permissions.UserReadAll: {
		For:     "users, their licences and managers, deleted users",
		Without: "nobody is known, so that no number can be told",
	},
	permissions.OrganizationReadAll: {
		For:     "the tenant's name, its products and subscriptions",
		Without: "products, seats and renewals stay as they were, or empty",
	},
	permissions.GroupMemberReadAll: {
		For:     "groups that grant licences, and who is in groups that hold roles",
		Without: "licences from groups have no group's name, and roles held through groups are not seen",
	},
	permissions.RoleManagementRead: {
		For:     "directory roles and who holds them",
		Without: "nobody is known to be an administrator",
	},
	permissions.ReportsReadAll: {
		For:     "all usage reports",
		Without: "there is no usage of any app",
	},
	permissions.ReportSettingsRead: {
		For:     "whether the reports conceal names",
		Without: "concealed names are seen in the reports only",
	},
	permissions.AuditLogReadAll: {
		For:     "when everybody last signed in",
		Without: "there are no last sign-ins; sign_in_activity: false does without them",
	},

	// Of changes.
	"LicenseAssignment.ReadWrite.All": {
		For:     "giving, taking and swapping licences, turning plans on or off",
		Without: "no licence can be given or taken",
	},
	"User.EnableDisableAccount.All": {
		For:     "blocking and allowing sign-in",
		Without: "no sign-in can be blocked or allowed",
	},
	"User.RevokeSessions.All": {
		For:     "ending sessions",
		Without: "no session can be ended",
	},
	"User.DeleteRestore.All": {
		For:     "deleting and restoring users",
		Without: "nobody can be deleted or restored",
	},
	"User.ReadWrite.All": {
		For:     "creating users, setting the usage location, processing a group's licences again",
		Without: "nobody can be created or given a usage location",
	},
	"GroupMember.ReadWrite.All": {
		For:     "adding to and removing from groups",
		Without: "nobody can be added to a group or removed",
	},
}

// PurposeOf returns what a permission of permissions.ForReading or permissions.ForWriting is good for.
func PurposeOf(permission string) Purpose { return purposes[permission] }
