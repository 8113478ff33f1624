package sandbox

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
)

var directoryRoleFields = []field[*roleRow]{
	{"id", text(func(r *roleRow) string { return dice.GUID(dice.Roll(r.t.Seed, dice.TagRole) + 3000 + uint64(r.i)) })},
	{"displayName", text(func(r *roleRow) string { return r.role().Name })},
	{"description", text(func(r *roleRow) string { return "Can do what a " + r.role().Name + " does." })},
	{"roleTemplateId", text(func(r *roleRow) string { return r.t.RoleID(r.i) })},
}

// roleRow is one row of roleDefinitions.
type roleRow struct {
	t *Tenant
	i int
}

func (r *roleRow) role() *company.Role { return &company.DirectoryRoles[r.i] }

func (s *Server) listRoles(c *call) {
	var rows []*roleRow
	for i := range company.DirectoryRoles {
		rows = append(rows, &roleRow{s.tenant, i})
	}
	collection(s, c, "roleManagement/directory/roleDefinitions", "unifiedRoleDefinition", 1, roleFields, rows)
}

var roleFields = []field[*roleRow]{
	{"id", text(func(r *roleRow) string { return r.t.RoleID(r.i) })},
	{"displayName", text(func(r *roleRow) string { return r.role().Name })},
	{"description", text(func(r *roleRow) string { return "Can do what a " + r.role().Name + " does." })},
	{"isBuiltIn", func(b []byte, r *roleRow) []byte { return wire.AppendBool(b, r.role().BuiltIn) }},
	{"isEnabled", literal[*roleRow](`true`)},
	{"resourceScopes", literal[*roleRow](`["/"]`)},
	{"templateId", text(func(r *roleRow) string { return r.t.RoleID(r.i) })},
	{"version", literal[*roleRow](`"1"`)},
}

func (s *Server) listRoleAssignments(c *call) {
	list := s.tenant.RoleAssignments(s.tenant.day())
	filter := c.query.Get("$filter")
	if id, ok := quotedAfter(filter, "principalId eq "); ok {
		list = slices.DeleteFunc(list, func(a *company.RoleAssignment) bool { return !strings.EqualFold(a.Principal, id) })
	} else if id, ok := quotedAfter(filter, "roleDefinitionId eq "); ok {
		list = slices.DeleteFunc(list, func(a *company.RoleAssignment) bool { return !strings.EqualFold(s.tenant.RoleID(a.Role), id) })
	} else if filter != "" {
		s.graphError(c, http.StatusBadRequest, "Request_UnsupportedQuery", "The sandbox filters role assignments by principalId or roleDefinitionId eq '...' only.")
		return
	}
	rows := make([]*roleAssignmentRow, len(list))
	for i, a := range list {
		rows[i] = &roleAssignmentRow{a, s.tenant}
	}
	collection(s, c, "roleManagement/directory/roleAssignments", "unifiedRoleAssignment", 1, roleAssignmentFields, rows)
}

// roleAssignmentRow is one row of roleAssignments.
type roleAssignmentRow struct {
	*company.RoleAssignment
	t *Tenant
}

var roleAssignmentFields = []field[*roleAssignmentRow]{
	{"id", text(func(a *roleAssignmentRow) string { return a.t.Sign("role " + a.Principal + a.t.RoleID(a.Role))[:32] })},
	{"principalId", text(func(a *roleAssignmentRow) string { return a.Principal })},
	{"roleDefinitionId", text(func(a *roleAssignmentRow) string { return a.t.RoleID(a.Role) })},
	{"directoryScopeId", text(func(a *roleAssignmentRow) string { return a.Scope })},
	{"appScopeId", literal[*roleAssignmentRow](`null`)},
}
