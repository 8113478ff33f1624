// Package permissions lists the permissions of Microsoft Graph that the program can use, and compares them with
// those that a token was granted.
//
// To add a permission, change these places:
//
//   - here: reading.go or writing.go
//   - check/permission_texts.go: what it is for, and what does not work without it
//   - extract/sources.go: the source that needs it; extract/skip.go if a tenant may lack it
//   - sandbox/graphapi/permissions.go: the paths that need it; sandbox/entra/applications.go: who is granted it
//   - docs/connect.md, by UPDATE=1 go test ./check -run ConnectPermissions; the comments of pipelines.yaml
package permissions

import "slices"

// A Permission is one of Microsoft Graph's permissions that a run can make use of. It has one name as
// an application permission and as a delegated one.
type Permission struct {
	Name    string
	AppRole string // its id as an application permission
	// Supersets are permissions that allow all of this and more.
	Supersets []string
	// Widened is a superset that some tenants need although Microsoft's pages say otherwise.
	Widened string
}

// Names of the permissions of a run.
const (
	UserReadAll          = "User.Read.All"
	OrganizationReadAll  = "Organization.Read.All"
	GroupMemberReadAll   = "GroupMember.Read.All"
	RoleManagementRead   = "RoleManagement.Read.Directory"
	ReportsReadAll       = "Reports.Read.All"
	ReportSettingsRead   = "ReportSettings.Read.All"
	AuditLogReadAll      = "AuditLog.Read.All"
	directoryRead        = "Directory.Read.All"
	directoryReadWrite   = "Directory.ReadWrite.All"
	groupReadAll         = "Group.Read.All"
	delegatedSignInBasic = "User.Read" // every registration has it
)

// readPermissions are what the calls of a run need at least.
// Sources: https://learn.microsoft.com/graph/permissions-reference, and the section "Permissions" of
// user-list, organization-list, directory-list-subscriptions, group-list,
// rbacapplication-list-roleassignments, reportroot-getm365appuserdetail, adminreportsettings-get and
// signinactivity.
var readPermissions = []Permission{
	{
		Name: UserReadAll, AppRole: "df021288-bdef-4463-88db-98f22de89214",
		Supersets: []string{"User.ReadWrite.All", directoryRead, directoryReadWrite},
	},
	{
		Name: OrganizationReadAll, AppRole: "498476ce-e0fe-48b0-b801-37ba7e2685c6",
		Supersets: []string{"Organization.ReadWrite.All", directoryRead, directoryReadWrite},
	},
	{
		Name: GroupMemberReadAll, AppRole: "98830695-27a2-44f7-8c18-0c3ebc9698f6",
		Supersets: []string{
			groupReadAll,
			"GroupMember.ReadWrite.All",
			"Group.ReadWrite.All",
			directoryRead,
			directoryReadWrite,
		}, Widened: groupReadAll,
	},
	{
		Name: RoleManagementRead, AppRole: "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
		Supersets: []string{
			"RoleManagement.Read.All",
			"RoleManagement.ReadWrite.Directory",
			directoryRead,
			directoryReadWrite,
		},
	},
	{
		Name: ReportsReadAll, AppRole: "230c1aed-a721-4c5d-9cb4-a90514e508ef",
	},
	{
		Name: ReportSettingsRead, AppRole: "ee353f83-55ef-4b78-82da-555bfa2b4b95",
		Supersets: []string{"ReportSettings.ReadWrite.All"},
	},
	{
		Name: AuditLogReadAll, AppRole: "b0afded3-3588-46d8-8b3d-9842eff778da",
	},
}

// ForReading lists what a run can make use of, each for sources of its own.
func ForReading() []Permission { return slices.Clone(readPermissions) }

// ReadingNames are the names of ForReading, in their order.
func ReadingNames() []string {
	var names []string
	for _, permission := range readPermissions {
		names = append(names, permission.Name)
	}
	return names
}

// GrantedBy returns the permission that grants p: p's own name, or the first superset. It is "" when
// p is missing.
func (p Permission) GrantedBy(granted []string) string {
	for _, name := range append([]string{p.Name}, p.Supersets...) {
		if slices.Contains(granted, name) {
			return name
		}
	}
	return ""
}

// Excess returns those of granted that none of the needed permissions asks for: where the least
// permission is there, its supersets are in excess as well. What every sign-in of a person has is not.
func Excess(granted []string, needed []Permission) []string {
	var excess []string
	for _, name := range granted {
		switch name {
		case delegatedSignInBasic, "openid", "profile", "email", "offline_access":
			continue
		}
		if !slices.ContainsFunc(
			needed,
			func(p Permission) bool { return name == p.GrantedBy(granted) || name == p.Widened },
		) {
			excess = append(excess, name)
		}
	}
	slices.Sort(excess)
	return slices.Compact(excess)
}
