package graphapi

import (
	"strings"

	"m365lake/sandbox/books"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// addMember is POST /groups/{id}/members/$ref, whose body names the new member by URL.
// Source: https://learn.microsoft.com/graph/api/group-post-members
func (s *API) addMember(c *call) *operation {
	op := operation{permissions: []string{permitMembers}}
	fields, refused := c.object()
	if refused != nil {
		return refusing(op, *refused)
	}
	link, _ := wire.TextOf(fields["@odata.id"])
	user, ok := referenced(link)
	if !ok {
		return refusing(op, odata.BadRequest(
			"Invalid URL format specified in payload: '@odata.id' must be the URL of a directory object."))
	}
	op.user = user
	op.do = func(w books.Write) odata.Answer { return withoutBody(s.Books.AddMember(w, c.R.PathValue("id"), user)) }
	return &op
}

// removeMember is DELETE /groups/{id}/members/{member}/$ref.
// Source: https://learn.microsoft.com/graph/api/group-delete-members
func (s *API) removeMember(c *call) *operation {
	group, user := c.R.PathValue("id"), c.R.PathValue("member")
	return &operation{user: user, permissions: []string{permitMembers},
		do: func(w books.Write) odata.Answer { return withoutBody(s.Books.RemoveMember(w, group, user)) }}
}

// deleteMemberItself is a DELETE of a member without /$ref. Microsoft may delete the user itself then; the sandbox
// deletes nothing, and reports the request in Server.Dangers.
// Source: https://learn.microsoft.com/graph/api/group-delete-members
func (s *API) deleteMemberItself(*call) *operation {
	return &operation{permissions: []string{permitMembers, permitUsers}, dangerous: true}
}

// referenced is the id in the URL of a directory object or user. The root is the cloud's, which is not looked at.
func referenced(link string) (id string, ok bool) {
	_, path, found := strings.Cut(link, Root)
	for _, set := range []string{"directoryObjects/", "users/"} {
		if id, is := strings.CutPrefix(path, set); found && is && wire.IsGUID(id) {
			return id, true
		}
	}
	return "", false
}
