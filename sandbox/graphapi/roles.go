package graphapi

import (
	"net/http"
	"slices"
	"strings"

	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

var directoryRoleFields = []odata.Field[*roleRow]{
	odata.Property("id", odata.Text(func(r *roleRow) string {
		return dice.GUID(dice.Roll(r.company.Seed, dice.TagRole) + 3000 + uint64(r.i))
	})),
	odata.Property("displayName", odata.Text(func(r *roleRow) string { return r.role().Name })),
	odata.Property(
		"description",
		odata.Text(func(r *roleRow) string { return "Can do what a " + r.role().Name + " does." }),
	),
	odata.Property("roleTemplateId", odata.Text(func(r *roleRow) string { return r.company.RoleID(r.i) })),
}

// roleRow is one row of roleDefinitions.
type roleRow struct {
	company *company.Company
	i       int
}

func (r *roleRow) role() *company.Role { return &company.DirectoryRoles[r.i] }

func (s *API) listRoles(c *call) {
	var rows []*roleRow
	for i := range company.DirectoryRoles {
		rows = append(rows, &roleRow{s.Company, i})
	}
	odata.AnswerCollection(
		c.Call,
		"roleManagement/directory/roleDefinitions",
		"unifiedRoleDefinition",
		1,
		roleFields,
		rows,
	)
}

var roleFields = []odata.Field[*roleRow]{
	odata.Property("id", odata.Text(func(r *roleRow) string { return r.company.RoleID(r.i) })),
	odata.Property("displayName", odata.Text(func(r *roleRow) string { return r.role().Name })),
	odata.Property(
		"description",
		odata.Text(func(r *roleRow) string { return "Can do what a " + r.role().Name + " does." }),
	),
	odata.Property("isBuiltIn", func(b []byte, r *roleRow) []byte { return wire.AppendBool(b, r.role().BuiltIn) }),
	odata.Property("isEnabled", odata.Literal[*roleRow](`true`)),
	odata.Property("resourceScopes", odata.Literal[*roleRow](`["/"]`)),
	odata.Property("templateId", odata.Text(func(r *roleRow) string { return r.company.RoleID(r.i) })),
	odata.Property("version", odata.Literal[*roleRow](`"1"`)),
}

func (s *API) listRoleAssignments(c *call) {
	list := s.Company.RoleAssignments(s.today())
	filter := c.Query.Get("$filter")
	if id, ok := odata.QuotedAfter(filter, "principalId eq "); ok {
		list = slices.DeleteFunc(
			list,
			func(a *company.RoleAssignment) bool { return !strings.EqualFold(a.Principal, id) },
		)
	} else if id, ok := odata.QuotedAfter(filter, "roleDefinitionId eq "); ok {
		list = slices.DeleteFunc(list,
			func(a *company.RoleAssignment) bool { return !strings.EqualFold(s.Company.RoleID(a.Role), id) })
	} else if filter != "" {
		c.Error(http.StatusBadRequest, "Request_UnsupportedQuery", "The sandbox filters role assignments by "+
			"principalId or roleDefinitionId eq '...' only.")
		return
	}
	if s.Faults.On(faults.ShortListings) {
		list = nil
	}
	rows := make([]*roleAssignmentRow, len(list))
	for i, a := range list {
		rows[i] = &roleAssignmentRow{a, s}
	}
	odata.AnswerCollection(
		c.Call,
		"roleManagement/directory/roleAssignments",
		"unifiedRoleAssignment",
		1,
		roleAssignmentFields,
		rows,
	)
}

// roleAssignmentRow is one row of roleAssignments.
type roleAssignmentRow struct {
	*company.RoleAssignment
	api *API
}

var roleAssignmentFields = []odata.Field[*roleAssignmentRow]{
	odata.Property("id", odata.Text(func(a *roleAssignmentRow) string {
		return a.api.key.Sign("role " + a.Principal + a.api.Company.RoleID(a.Role))[:32]
	})),
	odata.Property("principalId", odata.Text(func(a *roleAssignmentRow) string { return a.Principal })),
	odata.Property(
		"roleDefinitionId",
		odata.Text(func(a *roleAssignmentRow) string { return a.api.Company.RoleID(a.Role) }),
	),
	odata.Property("directoryScopeId", odata.Text(func(a *roleAssignmentRow) string { return a.Scope })),
	odata.Property("appScopeId", odata.Literal[*roleAssignmentRow](`null`)),
}
