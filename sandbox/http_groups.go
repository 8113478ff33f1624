package sandbox

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/wire"
	"net/http"
	"strings"
)

// oneGroup serves what is below /groups/.
func (s *Server) oneGroup(c *call, path string) {
	id, rest, _ := strings.Cut(path, "/")
	g := s.tenant.GroupByID(id)
	switch {
	case g < 0:
		s.noResource(c, id)
	case rest == "":
		entity(s, c, "groups", "group", groupFields, &groupRow{s.tenant, g})
	case rest == "members" || rest == "transitiveMembers" || // no group has groups in it
		rest == "members/microsoft.graph.user" || rest == "transitiveMembers/microsoft.graph.user":
		s.pageOfUsers(c, "groups/"+id+"/"+rest, func(v *userView, n int) bool {
			v.typed = !strings.HasSuffix(rest, ".user")
			return v.see(n) && v.inGroup(g)
		})
	default:
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+wire.Printable(rest)+"'.")
	}
}

// groupRow is one row of /groups.
type groupRow struct {
	t *Tenant
	i int
}

func (r *groupRow) group() *company.Group { return &company.Groups[r.i] }

func (s *Server) listGroups(c *call) {
	filter := c.query.Get("$filter")
	licensed := strings.ReplaceAll(filter, " ", "") == "assignedLicenses/$countne0"
	name, named := quotedAfter(filter, "displayName eq ")
	if filter != "" && !licensed && !named {
		s.graphError(c, 400, "Request_UnsupportedQuery", "The sandbox filters groups by assignedLicenses/$count ne 0 or displayName eq '...' only.")
		return
	}
	if licensed && (!strings.EqualFold(c.r.Header.Get("ConsistencyLevel"), "eventual") || c.query.Get("$count") != "true") {
		s.graphError(c, 400, "Request_UnsupportedQuery",
			"Unsupported Query: this filter needs the header ConsistencyLevel: eventual and $count=true.")
		return
	}
	var rows []*groupRow
	for i := range company.Groups {
		if (!licensed || company.Groups[i].Sku != company.NoSKU) && (!named || strings.EqualFold(company.Groups[i].Name, name)) {
			rows = append(rows, &groupRow{s.tenant, i})
		}
	}
	collection(s, c, "groups", "group", 1, groupFields, rows)
}

var groupFields = []field[*groupRow]{
	{"id", text(func(r *groupRow) string { return r.t.GroupID(r.i) })},
	{"displayName", text(func(r *groupRow) string { return r.group().Name })},
	{"description", text(func(r *groupRow) string { return r.group().Description })},
	{"createdDateTime", func(b []byte, r *groupRow) []byte { return wire.AppendStamp(b, 18000+r.i*41) }},
	{"groupTypes", func(b []byte, r *groupRow) []byte {
		if r.group().Dynamic != "" {
			return append(b, `["DynamicMembership"]`...)
		}
		return append(b, `[]`...)
	}},
	{"isAssignableToRole", func(b []byte, r *groupRow) []byte {
		if r.group().Assignable {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}},
	{"mail", literal[*groupRow](`null`)},
	{"mailEnabled", literal[*groupRow](`false`)},
	{"membershipRule", text(func(r *groupRow) string { return r.group().Dynamic })},
	{"onPremisesSyncEnabled", func(b []byte, r *groupRow) []byte {
		if r.group().Synced {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}},
	{"securityEnabled", literal[*groupRow](`true`)},
	{"assignedLicenses", func(b []byte, r *groupRow) []byte {
		if r.group().Sku == company.NoSKU {
			return append(b, `[]`...)
		}
		b = append(b, '[')
		return append(appendLicense(b, r.group().Sku, r.group().Off), ']')
	}},
	{"licenseProcessingState", func(b []byte, r *groupRow) []byte {
		if r.group().Sku == company.NoSKU {
			return append(b, `null`...)
		}
		return append(b, `{"state":"ProcessingComplete"}`...)
	}},
}
