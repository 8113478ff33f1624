package graphapi

import (
	"encoding/json"
	"net/http"

	"m365lake/sandbox/books"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// createUser is POST /users.
// Source: https://learn.microsoft.com/graph/api/user-post-users
func (s *API) createUser(c *call) *operation {
	op := operation{permissions: []string{permitUsers}}
	fields, refused := c.object()
	if refused != nil {
		return refusing(op, *refused)
	}
	op.user, _ = wire.TextOf(fields["userPrincipalName"])
	op.do = func(w books.Write) odata.Answer {
		return s.withUser(s.Books.CreateUser(w, fields), http.StatusCreated)
	}
	return &op
}

// changeUser is PATCH /users/{id}.
// Source: https://learn.microsoft.com/graph/api/user-update
func (s *API) changeUser(c *call) *operation {
	op := operation{user: c.R.PathValue("id"), permissions: []string{permitUsers}}
	fields, refused := c.object()
	if refused != nil {
		return refusing(op, *refused)
	}
	op.do = func(w books.Write) odata.Answer { return withoutBody(s.Books.ChangeUser(w, op.user, fields)) }
	return &op
}

// deleteUser is DELETE /users/{id}.
// Source: https://learn.microsoft.com/graph/api/user-delete
func (s *API) deleteUser(c *call) *operation {
	user := c.R.PathValue("id")
	return &operation{user: user, permissions: []string{permitDeleteRestore, permitUsers},
		do: func(w books.Write) odata.Answer { return withoutBody(s.Books.DeleteUser(w, user)) }}
}

// restoreUser is POST /directory/deletedItems/{id}/restore, whose body may be missing.
// Source: https://learn.microsoft.com/graph/api/directory-deleteditems-restore
func (s *API) restoreUser(c *call) *operation {
	op := operation{user: c.R.PathValue("id"), permissions: []string{permitDeleteRestore, permitUsers}}
	var fields map[string]json.RawMessage
	if c.hasPayload() {
		var refused *odata.Answer
		if fields, refused = c.object(); refused != nil {
			return refusing(op, *refused)
		}
	}
	op.do = func(w books.Write) odata.Answer {
		o := s.Books.RestoreUser(w, op.user, fields)
		if o.Refused != nil {
			return *o.Refused
		}
		body := odata.AppendEntity(nil, "directoryObjects", nil, s.answeredUser(o.Account, true))
		return odata.Answer{Status: http.StatusOK, Body: body}
	}
	return &op
}

// revokeSessions is POST /users/{id}/revokeSignInSessions.
// Source: https://learn.microsoft.com/graph/api/user-revokesigninsessions
func (s *API) revokeSessions(c *call) *operation {
	user := c.R.PathValue("id")
	return &operation{user: user, permissions: []string{permitSessions, permitUsers},
		do: func(w books.Write) odata.Answer {
			if o := s.Books.RevokeSessions(w, user); o.Refused != nil {
				return *o.Refused
			}
			return odata.Answer{Status: http.StatusOK,
				Body: []byte(`{"@odata.context":"` + odata.ContextRoot + `Edm.Boolean","value":true}`)}
		}}
}
