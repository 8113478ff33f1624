package sandbox

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/wire"
	"net/http"
	"strings"
)

// addMember serves POST /groups/{id}/members/$ref, whose body names the new
// member by URL.
func (s *Server) addMember(c *call, group string) *operation {
	op := &operation{group: group, permissions: []string{permitMembers}}
	fields, refused := c.object()
	if refused != nil {
		op.do = func() answer { return *refused }
		return op
	}
	link, _ := textOf(fields["@odata.id"])
	id, ok := referenced(link)
	if !ok {
		op.do = func() answer {
			return badRequest("Invalid URL format specified in payload: '@odata.id' must be the URL of a directory object.")
		}
		return op
	}
	op.user = id
	op.do = func() answer { return s.tenant.addToGroup(group, id) }
	return op
}

// referenced is the id in the URL of a directory object or user. The root is the
// cloud's, which is not looked at.
func referenced(link string) (id string, ok bool) {
	_, path, found := strings.Cut(link, "/v1.0/")
	for _, set := range []string{"directoryObjects/", "users/"} {
		if id, is := strings.CutPrefix(path, set); found && is && wire.IsGUID(id) {
			return id, true
		}
	}
	return "", false
}

// writableGroup is the group's index, or why its members cannot be changed.
func (t *Tenant) writableGroup(id string) (int, *answer) {
	g := t.GroupByID(id)
	var a answer
	switch {
	case g < 0:
		a = notFound(id)
	case company.Groups[g].Dynamic != "" || company.Groups[g].Assignable: // a rule decides; a role would be given
		a = notPermitted()
	case company.Groups[g].Synced:
		a = onPremises
	default:
		return g, nil
	}
	return -1, &a
}

func (t *Tenant) addToGroup(group, user string) answer {
	g, refused := t.writableGroup(group)
	if refused != nil {
		return *refused
	}
	a := t.writable(user)
	switch {
	case a == nil:
		return notFound(user)
	case a.memberOf(g):
		return badRequest("One or more added object references already exist for the following modified properties: 'members'.")
	}
	next := a.next()
	next.groups.Add(g)
	t.grant(next, g)
	t.put(next)
	return answer{status: http.StatusNoContent, changed: true}
}

// removeMember serves DELETE /groups/{id}/members/{id}/$ref.
func (t *Tenant) removeMember(group, user string) answer {
	g, refused := t.writableGroup(group)
	if refused != nil {
		return *refused
	}
	a := t.writable(user)
	if a == nil || !a.memberOf(g) {
		return notFound(user)
	}
	next := a.next()
	next.groups.Drop(g)
	if s := company.Groups[g].Sku; s != company.NoSKU {
		next.Drop(s, int8(g))
		next.settle()
	}
	t.put(next)
	return answer{status: http.StatusNoContent, changed: true}
}
