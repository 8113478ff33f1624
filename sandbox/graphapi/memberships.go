package graphapi

import (
	"strings"

	"m365lake/sandbox/company"
	"m365lake/sandbox/odata"
)

// belowUser serves the memberships of a user, those of one kind if the path ends in a kind.
func (s *API) belowUser(c *call) {
	rest := c.R.PathValue("rest")
	list, cast, _ := strings.Cut(rest, "/microsoft.graph.")
	if list != "memberOf" && list != "transitiveMemberOf" || cast != "" && cast != "group" && cast != "directoryRole" {
		c.UnknownSegment(rest)
		return
	}
	s.memberships(c, c.R.PathValue("id"), list == "transitiveMemberOf", cast)
}

// memberships lists the groups and directory roles of a user. No group is in a group, so transitively there are only
// the roles of groups more. Roles over an administrative unit and roles of the company's own making are no memberships.
func (s *API) memberships(c *call, key string, transitive bool, cast string) {
	names := c.Selected()
	for _, n := range names {
		_, noGroup := odata.Choose(groupFields, []string{n})
		_, noRole := odata.Choose(directoryRoleFields, []string{n})
		if noGroup != "" && noRole != "" {
			c.UnknownProperty(n, "directoryObject")
			return
		}
	}
	v := s.view(nil)
	if !v.find(key) {
		c.NoResource(key)
		return
	}
	id := v.reader.AccountID(&v.Entry)
	var list [][]byte
	in := map[string]bool{id: true} // the principals whose roles the user has
	for g := range company.Groups {
		if !v.MemberOf(g) {
			continue
		}
		if transitive {
			in[s.Company.GroupID(g)] = true
		}
		if cast != "directoryRole" {
			list = append(list, odata.AppendTyped(nil, "group", groupFields, names, &groupRow{s.Company, g}))
		}
	}
	seen := map[int]bool{}
	for _, a := range s.Company.RoleAssignments(s.today()) {
		if cast != "group" && in[a.Principal] && a.Scope == "/" && company.DirectoryRoles[a.Role].BuiltIn &&
			!seen[a.Role] {
			seen[a.Role] = true
			list = append(
				list,
				odata.AppendTyped(nil, "directoryRole", directoryRoleFields, names, &roleRow{s.Company, a.Role}),
			)
		}
	}
	b := append(odata.AppendContext(nil, "directoryObjects", names), `,"value":[`...)
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, list[i]...)
	}
	units := 2
	if names != nil {
		units--
	}
	c.MarkDirectory(units)
	c.W.Write(append(b, `]}`...))
}
