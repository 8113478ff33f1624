package sandbox

import (
	"net/http"
	"strings"
)

// oneGroup serves what is below /groups/.
func (s *Server) oneGroup(c *call, path string) {
	id, rest, _ := strings.Cut(path, "/")
	g := -1
	for i := range groups {
		if strings.EqualFold(id, s.tenant.groupID(i)) {
			g = i
		}
	}
	switch {
	case g < 0:
		s.graphError(c, http.StatusNotFound, "Request_ResourceNotFound",
			"Resource '"+printable(id)+"' does not exist or one of its queried reference-property objects are not present.")
	case rest == "":
		entity(s, c, "groups", "group", groupFields, &groupRow{s.tenant, g})
	case rest == "transitiveMembers/microsoft.graph.user":
		s.pageOfUsers(c, "groups/"+id+"/"+rest, func(v *userView, n int) bool {
			v.person = s.tenant.person(n, v.on)
			v.licenses = s.tenant.licenses(&v.person, v.on)
			return v.t.isMember(g, &v.person, &v.licenses, v.on)
		})
	default:
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+printable(rest)+"'.")
	}
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
	s.pageOfUsers(c, "directory/deletedItems/microsoft.graph.user", func(v *userView, n int) bool {
		t := v.t
		now := t.person(n, t.day())
		if now.kind == service || now.start <= t.day()-deletedLife {
			return false
		}
		v.gone, v.on = now.start, now.start-1
		v.person = t.person(n, v.on)
		v.licenses = t.licenses(&v.person, v.on)
		return true
	})
}
