package sandbox

import (
	"encoding/json"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/wire"
	"net/http"
	"strings"
)

// belowUser serves /users/{id} and what is below it.
func (s *Server) belowUser(c *call, path string) {
	key, rest, _ := strings.Cut(path, "/")
	kind, cast := "", ""
	if rest != "" {
		kind, cast, _ = strings.Cut(rest, "/microsoft.graph.")
	}
	switch {
	case rest == "":
		s.oneUser(c, key)
	case kind != "memberOf" && kind != "transitiveMemberOf" || cast != "" && cast != "group" && cast != "directoryRole":
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+wire.Printable(rest)+"'.")
	default:
		s.memberships(c, key, kind == "transitiveMemberOf", cast)
	}
}

// memberships lists the groups and directory roles of a user. No group is in a
// group, so transitively there are only the roles of groups more. Roles over an
// administrative unit and roles of the company's own making are no memberships.
func (s *Server) memberships(c *call, key string, transitive bool, cast string) {
	t := s.tenant
	names := c.selected()
	for _, n := range names {
		_, noGroup := choose(groupFields, []string{n})
		_, noRole := choose(directoryRoleFields, []string{n})
		if noGroup != "" && noRole != "" {
			s.unknownProperty(c, n, "directoryObject")
			return
		}
	}
	v := &userView{t: t, on: t.day(), gone: calendar.Never, written: t.changes.any.Load()}
	if !v.find(key) {
		s.noResource(c, key)
		return
	}
	id := string(t.AppendID(nil, &v.person))
	if v.account != nil {
		id = v.account.id
	}
	var list [][]byte
	in := map[string]bool{id: true} // the principals whose roles the user has
	for g := range company.Groups {
		if !v.inGroup(g) {
			continue
		}
		if transitive {
			in[t.GroupID(g)] = true
		}
		if cast != "directoryRole" {
			list = append(list, appendSome(nil, "group", groupFields, names, &groupRow{t, g}))
		}
	}
	seen := map[int]bool{}
	for _, a := range t.RoleAssignments(t.day()) {
		if cast != "group" && in[a.Principal] && a.Scope == "/" && company.DirectoryRoles[a.Role].BuiltIn && !seen[a.Role] {
			seen[a.Role] = true
			list = append(list, appendSome(nil, "directoryRole", directoryRoleFields, names, &roleRow{t, a.Role}))
		}
	}
	b := append(appendContext(nil, "directoryObjects", names), `,"value":[`...)
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
	c.identity(units)
	c.w.Write(append(b, `]}`...))
}

// appendSome writes an object of a list that holds several kinds: its kind, and
// those of the selected properties that the kind has.
func appendSome[T any](b []byte, kind string, all []field[T], names []string, v T) []byte {
	fields := all
	if names != nil {
		fields = nil
		for _, n := range names {
			if f, unknown := choose(all, []string{n}); unknown == "" {
				fields = append(fields, f...)
			}
		}
	}
	typed := append([]field[T]{{"@odata.type", literal[T](`"#microsoft.graph.` + kind + `"`)}}, fields...)
	return appendObject(b, typed, v)
}

// maxByIDs is how many objects getByIds takes.
const maxByIDs = 1000

// getByIDs serves POST /directoryObjects/getByIds: users and groups, those that
// exist.
func (s *Server) getByIDs(c *call) {
	var body struct{ IDs, Types []string }
	if err := json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, maxPayload)).Decode(&body); err != nil || len(body.IDs) == 0 {
		s.graphError(c, http.StatusBadRequest, "Request_BadRequest",
			"One or more parameters of the operation 'getByIds' are missing from the request payload. The missing parameters are: ids.")
		return
	}
	if len(body.IDs) > maxByIDs {
		s.graphError(c, http.StatusBadRequest, "Request_BadRequest", "The number of ids must not be more than 1000.")
		return
	}
	wanted := func(kind string) bool {
		for _, t := range body.Types {
			if strings.EqualFold(t, kind) || strings.EqualFold(t, "directoryObject") {
				return true
			}
		}
		return body.Types == nil
	}
	t := s.tenant
	names := c.selected()
	view := &userView{t: t, on: t.day(), gone: calendar.Never, written: t.changes.any.Load()}
	userNames := names
	if names == nil {
		userNames = defaultUserFields
	}
	for _, n := range userNames {
		if f, unknown := choose(userFields, []string{n}); unknown == "" {
			view.fields = append(view.fields, f...)
		}
	}
	view.typed = true
	if view.written {
		view.fields = writtenFirst(view.fields)
	}
	b := append(appendContext(nil, "directoryObjects", names), `,"value":[`...)
	from := len(b)
	for _, id := range body.IDs {
		was := len(b)
		if was > from {
			b = append(b, ',')
		}
		g := t.GroupByID(id)
		switch {
		case g >= 0 && wanted("group"):
			b = appendSome(b, "group", groupFields, names, &groupRow{t, g})
		case g < 0 && wanted("user") && wire.IsGUID(id) && view.find(id):
			b = view.appendUser(b)
		default:
			b = b[:was]
		}
	}
	units := 5
	if names != nil {
		units = 2
	}
	c.identity(units)
	c.w.Write(append(b, `]}`...))
}
