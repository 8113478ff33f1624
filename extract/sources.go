// Package extract pulls what Microsoft Graph answers into raw files, byte for byte as received, so
// that everything after it can be repeated without the network. A Source is what is asked for, a Run asks,
// and a Manifest lists what came.
package extract

import (
	"net/url"
	"strings"
	"time"

	"m365lake/graph/permissions"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// A Source is one thing to ask Graph for. It becomes one raw file.
type Source struct {
	Name       string               // as in the manifest, run_steps and file names
	Path       string               // on the Graph host
	Fallback   string               // asked instead when Graph answers Path with 400; "" is nothing
	Eventual   bool                 // asked with the header ConsistencyLevel: eventual
	Count      string               // asked how many values there are, to hold the listing to; "" is not at all
	Pace       Pace                 // of its pages; zero is Graph's own
	Permission string               // the least application permission that allows it
	Optional   bool                 // a tenant or a cloud may lack it; see skipped
	Report     *reports.Report      // or nil
	Counts     *reports.CountReport // or nil; without either it is a collection of the directory
	Period     schemas.Period       // of the configuration; Graph may be asked for another, see Report.Asked
	Day        time.Time            // the single day of the report instead; zero for a period
}

// reportFile is how the name of a report's raw file ends.
const reportFile = ".csv.zst"

// File is the name of the source's raw file.
func (s Source) File() string {
	if s.csv() {
		return s.Name + reportFile
	}
	return s.Name + ".jsonl.zst"
}

// csv says that Graph answers with a CSV file and not with pages.
func (s Source) csv() bool { return s.Report != nil || s.Counts != nil }

// Names of the directory sources.
const (
	Organization   = "organization"
	Users          = "users"
	SubscribedSKUs = "subscribed_skus"
	Subscriptions  = "subscriptions"
)

// Names of the optional sources.
const (
	DeletedUsers    = "deleted_users"
	LicenseGroups   = "license_groups"
	RoleDefinitions = "role_definitions"
	RoleAssignments = "role_assignments"
	ReportSettings  = "report_settings"
	SignIns         = "sign_ins"
	roleMembers     = "role_members_" // and the principal's id
)

func (s Source) isRoleMembers() bool { return strings.HasPrefix(s.Name, roleMembers) }

// permission is what to grant when Graph refused the source.
func (s Source) permission() string {
	if s.Name == LicenseGroups {
		return s.Permission + ", or Group.Read.All where that shows no licences"
	}
	return s.Permission
}

// userProperties is what we ask of each user. Without $select Graph leaves most of them out.
// Source: learn.microsoft.com/graph/api/user-list.
var userProperties = []string{
	"id", "userPrincipalName", "mail", "displayName", "givenName", "surname", "jobTitle", "department",
	"companyName", "officeLocation", "city", "country", "usageLocation", "employeeId", "employeeType",
	"employeeHireDate", "preferredLanguage", "userType", "accountEnabled", "onPremisesSyncEnabled",
	"createdDateTime", "assignedLicenses", "licenseAssignmentStates",
}

// groupProperties is what we ask of each group that grants licences. Graph selects the licences
// only when asked to. Source: learn.microsoft.com/graph/api/resources/group.
var groupProperties = []string{
	"id", "displayName", "assignedLicenses", "licenseProcessingState", "groupTypes", "securityEnabled",
	"onPremisesSyncEnabled", "membershipRule",
}

// deletedProperties is what we ask of each deleted user.
const deletedProperties = "id,userPrincipalName,deletedDateTime"

// Directory is what every run asks of the directory. 999 is the largest page of users.
func Directory() []Source {
	return []Source{
		{Name: Organization, Path: "/v1.0/organization", Permission: permissions.OrganizationReadAll},
		{Name: SubscribedSKUs, Path: "/v1.0/subscribedSkus", Permission: permissions.OrganizationReadAll},
		{Name: Subscriptions, Path: "/v1.0/directory/subscriptions", Permission: permissions.OrganizationReadAll},
		users(),
		{
			Name:       DeletedUsers,
			Path:       "/v1.0/directory/deletedItems/microsoft.graph.user?$select=" + deletedProperties + "&$top=999",
			Permission: permissions.UserReadAll,
			Optional:   true,
		},
		licenseGroups(),
		{
			Name:       RoleDefinitions,
			Path:       "/v1.0/roleManagement/directory/roleDefinitions",
			Permission: permissions.RoleManagementRead,
			Optional:   true,
		},
		{
			Name:       RoleAssignments,
			Path:       "/v1.0/roleManagement/directory/roleAssignments",
			Permission: permissions.RoleManagementRead,
			Optional:   true,
		},
		{
			Name:       ReportSettings,
			Path:       "/v1.0/admin/reportSettings",
			Permission: permissions.ReportSettingsRead,
			Optional:   true,
		},
	}
}

// licenseGroups asks for the groups that grant licences. The filter is documented for users, not for
// groups; a Graph that refuses it sends all groups, and who reads them leaves out those without. Where the least
// permission shows no licences, Group.Read.All does (permissions.Permission.Widened).
func licenseGroups() Source {
	path := "/v1.0/groups?$select=" + strings.Join(groupProperties, ",")
	return Source{
		Name: LicenseGroups, Path: path + "&$filter=assignedLicenses/$count ne 0&$count=true", Fallback: path + "&$top=999",
		Eventual: true, Permission: permissions.GroupMemberReadAll, Optional: true,
	}
}

// users asks for everybody with the manager's id. Microsoft's pages disagree on whether $expand may
// hold $select here; a Graph that refuses it sends whole managers.
func users() Source {
	path := "/v1.0/users?$select=" + strings.Join(userProperties, ",") + "&$top=999&$expand=manager"
	return Source{
		Name: Users, Path: path + "($select=id)", Fallback: path, Count: "/v1.0/users/$count",
		Permission: permissions.UserReadAll,
	}
}

// SignInPace is Microsoft's limit for sign-in activity.
// Source: learn.microsoft.com/graph/throttling-limits, "Identity and access reports service limits".
func SignInPace() Pace { return Pace{Calls: 10, Window: time.Minute} }

// SignInActivity asks for everybody's last sign-ins. It is a source of its own because the limit is
// narrow, 500 is the largest page, and a tenant without premium licences refuses the whole page.
func SignInActivity(pace Pace) Source {
	return Source{
		Name:       SignIns,
		Path:       "/v1.0/users?$select=id,signInActivity&$top=500",
		Pace:       pace,
		Permission: permissions.AuditLogReadAll,
		Optional:   true,
	}
}

// RoleMembers asks for the people of a group that holds directory roles, also through other groups.
func RoleMembers(principalID string) Source {
	return Source{
		Name:       roleMembers + principalID,
		Path:       "/v1.0/groups/" + url.PathEscape(principalID) + "/transitiveMembers/microsoft.graph.user?$select=id",
		Permission: permissions.GroupMemberReadAll, Optional: true,
	}
}

// ReportSources are the given usage reports, each over the given periods, or once if it has none.
func ReportSources(reports []*reports.Report, periods []schemas.Period) []Source {
	var sources []Source
	for _, r := range reports {
		for _, p := range r.Over(periods) {
			sources = append(
				sources,
				Source{
					Name:       r.Name + r.Asked(p).Suffix(),
					Path:       r.Path(p),
					Fallback:   r.FirstVersionPath(p),
					Permission: reportPermission,
					Report:     r,
					Period:     p,
				},
			)
		}
	}
	return sources
}

// DaySource is a usage report of a single day.
func DaySource(r *reports.Report, day time.Time) Source {
	return Source{
		Name: r.Name + "_" + day.Format(time.DateOnly), Path: r.DayPath(day), Permission: reportPermission,
		Report: r, Day: day,
	}
}

// CountSources are the given count reports over what they need of the given periods.
func CountSources(reports []*reports.CountReport, periods []schemas.Period) []Source {
	var sources []Source
	for _, r := range reports {
		for _, p := range r.Over(periods) {
			sources = append(
				sources,
				Source{Name: r.Name + p.Suffix(), Path: r.Path(p), Permission: reportPermission, Counts: r, Period: p},
			)
		}
	}
	return sources
}

const reportPermission = permissions.ReportsReadAll
