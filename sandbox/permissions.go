package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// Template ids of directory roles, as a person's token names them.
// Source: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
const (
	reportsReaderRole = "4a5d8f65-41da-4de4-8968-e035b65339cf"
	everyUserRole     = "b79fbf4d-3ef9-4689-8143-76b194e85509" // in every person's token
)

// granted applies the faults to permissions that were given.
func (t *Tenant) granted(permissions []string) []string {
	var names []string
	for _, p := range append(slices.Clone(permissions), t.faults[faultPermissionExtra]...) {
		if !slices.Contains(t.faults[faultPermissionMissing], p) {
			names = append(names, p)
		}
	}
	return names
}

// personRoles are the directory roles of whoever signs in.
func (t *Tenant) personRoles() []string {
	if t.faults.on(faultNoReportsRole) {
		return []string{everyUserRole}
	}
	return []string{reportsReaderRole, everyUserRole}
}

// allowed are the permissions each path is read with: the least first, then those that include it.
// Source: the section "Permissions" of each page of https://learn.microsoft.com/graph/api
var allowed = []struct {
	path        string // begins with
	permissions []string
}{
	{"organization", []string{"Organization.Read.All", "User.Read.All", "Directory.Read.All", "Organization.ReadWrite.All", "Directory.ReadWrite.All"}},
	{"subscribedSkus", []string{"LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All", "Organization.ReadWrite.All", "LicenseAssignment.ReadWrite.All", "Directory.ReadWrite.All"}},
	{"directory/subscriptions", []string{"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{"groups", []string{"GroupMember.Read.All", "Group.Read.All", "GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{"users", []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{"directory/deletedItems", []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{"directoryObjects/getByIds", []string{"User.Read.All", "GroupMember.Read.All", "Group.Read.All", "User.ReadWrite.All", "GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{"roleManagement/directory", []string{"RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"}},
	{"admin/reportSettings", []string{"ReportSettings.Read.All", "ReportSettings.ReadWrite.All"}},
	{"reports/", []string{"Reports.Read.All"}},
	{"copilot/reports/", []string{"Reports.Read.All"}},
}

// permitted answers for itself when the token lacks what the path needs.
func (s *Server) permitted(c *call, path string) bool {
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
		case ofReports && (!has(a.permissions) || token.IDType == "user" && !slices.Contains(token.DirectoryRoles, reportsReaderRole)),
			a.path == "admin/reportSettings" && !has(a.permissions):
			s.reportError(c, http.StatusForbidden, "S2SUnauthorized", "Invalid permission.")
			return false
		case !has(a.permissions), a.path == "users" && slices.Contains(c.selected(), "signInActivity") && !has([]string{"AuditLog.Read.All"}):
			s.graphError(c, http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
			return false
		}
	}
	return true
}
