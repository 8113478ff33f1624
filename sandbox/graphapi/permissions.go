package graphapi

import (
	"net/http"
	"slices"
	"strings"

	"m365lake/sandbox/entra"
)

// allowed are the permissions each path is read with: the least first, then those that include it.
// Source: the section "Permissions" of each page of https://learn.microsoft.com/graph/api
var allowed = []struct {
	path        string // begins with
	permissions []string
}{
	{
		"organization",
		[]string{
			"Organization.Read.All",
			"User.Read.All",
			"Directory.Read.All",
			"Organization.ReadWrite.All",
			"Directory.ReadWrite.All",
		},
	},
	{
		"subscribedSkus",
		[]string{
			"LicenseAssignment.Read.All",
			"Organization.Read.All",
			"Directory.Read.All",
			"Organization.ReadWrite.All",
			"LicenseAssignment.ReadWrite.All",
			"Directory.ReadWrite.All",
		},
	},
	{
		"directory/subscriptions",
		[]string{
			"Organization.Read.All",
			"Organization.ReadWrite.All",
			"Directory.Read.All",
			"Directory.ReadWrite.All",
		},
	},
	{
		"groups",
		[]string{
			"GroupMember.Read.All",
			"Group.Read.All",
			"GroupMember.ReadWrite.All",
			"Group.ReadWrite.All",
			"Directory.Read.All",
			"Directory.ReadWrite.All",
		},
	},
	{"users", []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{
		"directory/deletedItems",
		[]string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	},
	{
		"directoryObjects/getByIds",
		[]string{
			"User.Read.All",
			"GroupMember.Read.All",
			"Group.Read.All",
			"User.ReadWrite.All",
			"GroupMember.ReadWrite.All",
			"Group.ReadWrite.All",
			"Directory.Read.All",
			"Directory.ReadWrite.All",
		},
	},
	{
		"roleManagement/directory",
		[]string{
			"RoleManagement.Read.Directory",
			"RoleManagement.Read.All",
			"RoleManagement.ReadWrite.Directory",
			"Directory.Read.All",
			"Directory.ReadWrite.All",
		},
	},
	{"admin/reportSettings", []string{"ReportSettings.Read.All", "ReportSettings.ReadWrite.All"}},
	{"reports/", []string{"Reports.Read.All"}},
	{"copilot/reports/", []string{"Reports.Read.All"}},
}

// permitted answers for itself when the token lacks what the path needs.
func (s *API) permitted(c *call) bool {
	path := strings.TrimPrefix(c.R.URL.Path, "/")
	token := c.token
	held := append(slices.Clone(token.Roles), strings.Fields(token.Scopes)...)
	has := func(names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(held, n) })
	}
	for _, a := range allowed {
		if !strings.HasPrefix(path, a.path) {
			continue
		}
		ofReports := strings.Contains(a.path, "reports/")
		switch {
		case ofReports && (!has(a.permissions) || token.IDType == "user" && !slices.Contains(token.DirectoryRoles,
			entra.ReportsReaderRole)),
			a.path == "admin/reportSettings" && !has(a.permissions):
			c.ReportError(http.StatusForbidden, "S2SUnauthorized", "Invalid permission.")
			return false
		case !has(a.permissions),
			a.path == "users" && slices.Contains(c.Selected(), "signInActivity") && !has([]string{"AuditLog.Read.All"}):
			c.Error(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the "+
				"operation.")
			return false
		}
	}
	return true
}

// Permissions to write.
const (
	permitLicenses      = entra.PermitLicenses
	permitUsers         = entra.PermitUsers
	permitMembers       = entra.PermitMembers
	permitDeleteRestore = entra.PermitDeleteRestore
	permitSessions      = entra.PermitSessions
)
