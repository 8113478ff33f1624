package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

var directoryRoleFields = []field[*roleRow]{
	{"id", text(func(r *roleRow) string { return guid(roll(r.t.seed, tagRole) + 3000 + uint64(r.i)) })},
	{"displayName", text(func(r *roleRow) string { return r.role().name })},
	{"description", text(func(r *roleRow) string { return "Can do what a " + r.role().name + " does." })},
	{"roleTemplateId", text(func(r *roleRow) string { return r.t.roleID(r.i) })},
}

// roleRow is one row of roleDefinitions.
type roleRow struct {
	t *Tenant
	i int
}

func (r *roleRow) role() *role { return &directoryRoles[r.i] }

func (s *Server) listRoles(c *call) {
	var rows []*roleRow
	for i := range directoryRoles {
		rows = append(rows, &roleRow{s.tenant, i})
	}
	collection(s, c, "roleManagement/directory/roleDefinitions", "unifiedRoleDefinition", 1, roleFields, rows)
}

var roleFields = []field[*roleRow]{
	{"id", text(func(r *roleRow) string { return r.t.roleID(r.i) })},
	{"displayName", text(func(r *roleRow) string { return r.role().name })},
	{"description", text(func(r *roleRow) string { return "Can do what a " + r.role().name + " does." })},
	{"isBuiltIn", func(b []byte, r *roleRow) []byte { return appendBool(b, r.role().builtIn) }},
	{"isEnabled", literal[*roleRow](`true`)},
	{"resourceScopes", literal[*roleRow](`["/"]`)},
	{"templateId", text(func(r *roleRow) string { return r.t.roleID(r.i) })},
	{"version", literal[*roleRow](`"1"`)},
}

func (s *Server) listRoleAssignments(c *call) {
	list := s.tenant.roleAssignments(s.tenant.day())
	filter := c.query.Get("$filter")
	if id, ok := quotedAfter(filter, "principalId eq "); ok {
		list = slices.DeleteFunc(list, func(a *roleAssignment) bool { return !strings.EqualFold(a.principal, id) })
	} else if id, ok := quotedAfter(filter, "roleDefinitionId eq "); ok {
		list = slices.DeleteFunc(list, func(a *roleAssignment) bool { return !strings.EqualFold(s.tenant.roleID(a.role), id) })
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
	*roleAssignment
	t *Tenant
}

var roleAssignmentFields = []field[*roleAssignmentRow]{
	{"id", text(func(a *roleAssignmentRow) string { return a.t.sign("role " + a.principal + a.t.roleID(a.role))[:32] })},
	{"principalId", text(func(a *roleAssignmentRow) string { return a.principal })},
	{"roleDefinitionId", text(func(a *roleAssignmentRow) string { return a.t.roleID(a.role) })},
	{"directoryScopeId", text(func(a *roleAssignmentRow) string { return a.scope })},
	{"appScopeId", literal[*roleAssignmentRow](`null`)},
}
