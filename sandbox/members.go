package sandbox

import (
	"net/http"
	"strings"
)

// oneGroup serves what is below /groups/.
func (s *Server) oneGroup(c *call, path string) {
	id, rest, _ := strings.Cut(path, "/")
	g := s.tenant.groupByID(id)
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
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+printable(rest)+"'.")
	}
}

// groupByID is the index of a group, -1 for none.
func (t *Tenant) groupByID(id string) int {
	for i := range groups {
		if strings.EqualFold(id, t.groupID(i)) {
			return i
		}
	}
	return -1
}

// isMember says who is in a group. The groups that grant products have those
// who hold them by the group, whether or not there was a seat left.
func (t *Tenant) isMember(g int, p *person, l *licenses, on day) bool {
	h := roll(p.seat, tagMembership) + uint64(g)
	switch {
	case groups[g].sku != noSKU:
		for i := range l.all() {
			if l.list[i].group == int8(g) {
				return true
			}
		}
		return false
	case p.kind != member:
		return false
	case g == groupEverybody:
		return true
	case g == groupHelpdesk:
		return p.enabled(on) && t.administers(p) && chance(mix(h), 400)
	case g == groupCouncil:
		return chance(mix(h), 12)
	}
	return chance(mix(h), 350)
}

// listDeleted serves one page of the accounts that were deleted in the last 30 days.
func (s *Server) listDeleted(c *call) {
	s.pageOfUsers(c, "directory/deletedItems/microsoft.graph.user", (*userView).seeDeleted)
}
