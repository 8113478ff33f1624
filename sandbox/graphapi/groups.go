package graphapi

import (
	"net/http"
	"strings"

	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// oneGroup serves /groups/{id}.
// Source: https://learn.microsoft.com/graph/api/group-get
func (s *API) oneGroup(c *call) {
	if g, ok := s.groupOf(c); ok {
		odata.AnswerEntity(c.Call, "groups", "group", groupFields, &groupRow{s.Company, g})
	}
}

// groupOf is the index of the group that the path names. It answers the request itself when there is none.
func (s *API) groupOf(c *call) (g int, ok bool) {
	id := c.R.PathValue("id")
	if g = s.Company.GroupByID(id); g < 0 {
		c.NoResource(id)
	}
	return g, g >= 0
}

// belowGroup serves the members of a group. No group has groups in it, so its transitive members are its members.
// Source: https://learn.microsoft.com/graph/api/group-list-members
func (s *API) belowGroup(c *call) {
	g, ok := s.groupOf(c)
	if !ok {
		return
	}
	rest := c.R.PathValue("rest")
	list, cast, _ := strings.Cut(rest, "/")
	if list != "members" && list != "transitiveMembers" || cast != "" && cast != "microsoft.graph.user" {
		c.UnknownSegment(rest)
		return
	}
	s.pageOfUsers(c, "groups/"+c.R.PathValue("id")+"/"+rest, func(v *userView, n int) bool {
		v.typed = cast == ""
		return v.see(n) && v.MemberOf(g)
	})
}

// groupRow is one row of /groups.
type groupRow struct {
	company *company.Company
	i       int
}

func (r *groupRow) group() *company.Group { return &company.Groups[r.i] }

func (s *API) listGroups(c *call) {
	filter := c.Query.Get("$filter")
	licensed := strings.ReplaceAll(filter, " ", "") == "assignedLicenses/$countne0"
	name, named := odata.QuotedAfter(filter, "displayName eq ")
	if filter != "" && !licensed && !named {
		c.Error(http.StatusBadRequest, "Request_UnsupportedQuery", "The sandbox filters groups by "+
			"assignedLicenses/$count ne 0 or displayName eq '...' only.")
		return
	}
	if licensed && !c.WantsCount() {
		c.Error(http.StatusBadRequest, "Request_UnsupportedQuery",
			"Unsupported Query: this filter needs the header ConsistencyLevel: eventual and $count=true.")
		return
	}
	var rows []*groupRow
	for i := range company.Groups {
		if (!licensed || company.Groups[i].SKU != company.NoSKU) &&
			(!named || strings.EqualFold(company.Groups[i].Name, name)) {
			rows = append(rows, &groupRow{s.Company, i})
		}
	}
	if s.Faults.On(faults.ShortListings) {
		rows = nil
	}
	odata.AnswerCollection(c.Call, "groups", "group", 1, groupFields, rows)
}

var groupFields = []odata.Field[*groupRow]{
	odata.Property("id", odata.Text(func(r *groupRow) string { return r.company.GroupID(r.i) })),
	odata.Property("displayName", odata.Text(func(r *groupRow) string { return r.group().Name })),
	odata.Property("description", odata.Text(func(r *groupRow) string { return r.group().Description })),
	odata.Property("createdDateTime", func(b []byte, r *groupRow) []byte { return wire.AppendStamp(b, 18000+r.i*41) }),
	odata.Property("groupTypes", func(b []byte, r *groupRow) []byte {
		if r.group().Dynamic != "" {
			return append(b, `["DynamicMembership"]`...)
		}
		return append(b, `[]`...)
	}),
	odata.Property("isAssignableToRole", func(b []byte, r *groupRow) []byte {
		if r.group().Assignable {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}),
	odata.Property("mail", odata.Literal[*groupRow](`null`)),
	odata.Property("mailEnabled", odata.Literal[*groupRow](`false`)),
	odata.Property("membershipRule", odata.Text(func(r *groupRow) string { return r.group().Dynamic })),
	odata.Property("onPremisesSyncEnabled", func(b []byte, r *groupRow) []byte {
		if r.group().Synced {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}),
	odata.Property("securityEnabled", odata.Literal[*groupRow](`true`)),
	odata.Property("assignedLicenses", func(b []byte, r *groupRow) []byte {
		if r.group().SKU == company.NoSKU {
			return append(b, `[]`...)
		}
		b = append(b, '[')
		return append(appendLicense(b, r.group().SKU, r.group().Off), ']')
	}),
	odata.Property("licenseProcessingState", func(b []byte, r *groupRow) []byte {
		if r.group().SKU == company.NoSKU {
			return append(b, `null`...)
		}
		return append(b, `{"state":"ProcessingComplete"}`...)
	}),
}
