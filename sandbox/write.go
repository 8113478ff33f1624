package sandbox

import (
	"io"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
	"time"
)

// answer is what a write comes to.
type answer struct {
	status  int
	code    string // of an error
	message string
	details string // of an error: a JSON array, or empty
	body    []byte
	header  map[string]string
	changed bool   // the tenant is not as it was before
	user    string // object id, when the request does not lead to it
}

func refusal(status int, code, message string) answer {
	return answer{status: status, code: code, message: message}
}

// badRequest is how the directory answers nearly everything it cannot do: one
// code, and only the message tells.
func badRequest(message string) answer {
	return refusal(http.StatusBadRequest, "Request_BadRequest", message)
}

func notPermitted() answer {
	return refusal(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

func notFound(id string) answer {
	return refusal(http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '"+wire.Printable(id)+"' does not exist or one of its queried reference-property objects are not present.")
}

// operation is one write: whom it is about, which permissions allow it, and what
// to do. do runs with changes.mu held.
type operation struct {
	user, group string // as the request names them
	permissions []string
	dangerous   bool
	do          func() answer
}

// maxPayload bounds the body of a request, in bytes.
const maxPayload = 4 << 20

// writeTime is how long a write takes. Another one of the same account that
// comes meanwhile is refused.
const writeTime = time.Millisecond

// write serves a request that changes something.
func (s *Server) write(c *call, path string) {
	var err error
	if c.payload, err = io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxPayload)); err != nil {
		s.reply(c, refusal(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body could not be read: "+wire.Printable(err.Error())))
		return
	}
	op := s.operation(c, path)
	if op == nil {
		s.graphError(c, http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
		return
	}
	if !slices.ContainsFunc(op.permissions, func(p string) bool { return slices.Contains(c.token.Roles, p) }) {
		s.reply(c, notPermitted())
		return
	}
	if op.dangerous {
		s.danger(c.r.Method + " " + c.r.URL.Path)
		s.reply(c, refusal(http.StatusBadRequest, "BadRequest",
			"The sandbox refused: a DELETE of a member without /$ref deletes the user itself, not the membership."))
		return
	}
	fault, h := s.writeFault()
	if a, ok := troubled(fault, h); ok {
		s.reply(c, a)
		return
	}
	t := s.tenant
	t.changes.mu.Lock()
	subject := strings.ToLower(op.user)
	if a := t.current(op.user); a != nil {
		subject = a.id
	}
	t.changes.mu.Unlock()
	if c.batch != nil && !c.batch.alone(subject) || !t.begin(subject) {
		s.reply(c, conflict(1))
		return
	}
	defer t.End(subject)
	if !pause(c.r.Context(), writeTime) {
		return
	}

	t.changes.mu.Lock()
	a := op.do()
	if a.status < 300 {
		if a.user == "" {
			a.user = subject
		}
		s.accepted(Change{Method: c.r.Method, Path: c.r.URL.Path, UserID: a.user, GroupID: strings.ToLower(op.group),
			Changed: a.changed, Batch: c.batch != nil, Lost: fault == faultWriteLost})
	}
	t.changes.mu.Unlock()
	if fault == faultWriteLost && a.status < 300 {
		if h%2 == 0 && c.batch == nil {
			panic(http.ErrAbortHandler) // drops the connection
		}
		a = refusal(http.StatusGatewayTimeout, "UnknownError", "")
	}
	s.reply(c, a)
}

// begin marks an account as being written to, and is false when it is already.
func (t *Tenant) begin(subject string) bool {
	c := &t.changes
	c.busyMu.Lock()
	defer c.busyMu.Unlock()
	if c.busy[subject] {
		return false
	}
	if c.busy == nil {
		c.busy = map[string]bool{}
	}
	c.busy[subject] = true
	return true
}

func (t *Tenant) End(subject string) {
	t.changes.busyMu.Lock()
	defer t.changes.busyMu.Unlock()
	delete(t.changes.busy, subject)
}

// reply sends the answer of a write.
func (s *Server) reply(c *call, a answer) {
	for name, value := range a.header {
		c.w.Header().Set(name, value)
	}
	switch {
	case a.status >= 400:
		s.detailedError(c, a.status, a.code, a.message, a.details)
	case a.status == http.StatusNoContent:
		c.w.Header().Set("x-ms-resource-unit", "1")
		c.w.WriteHeader(a.status)
	default:
		c.identity(1)
		c.w.WriteHeader(a.status)
		c.w.Write(a.body)
	}
}

// operation routes a write. It is nil when there is no such thing.
func (s *Server) operation(c *call, path string) *operation {
	t := s.tenant
	part := strings.Split(path, "/")
	is := func(method string, pattern ...string) bool {
		if c.r.Method != method || len(part) != len(pattern) {
			return false
		}
		for i, p := range pattern {
			if p != "*" && p != part[i] {
				return false
			}
		}
		return true
	}
	switch {
	case is(http.MethodPost, "users"):
		return s.createUser(c)
	case is(http.MethodPatch, "users", "*"):
		return &operation{user: part[1], permissions: []string{permitUsers},
			do: func() answer { return t.changeUser(c, part[1]) }}
	case is(http.MethodDelete, "users", "*"):
		return &operation{user: part[1], permissions: []string{permitDeleteRestore, permitUsers},
			do: func() answer { return t.deleteUser(c, part[1]) }}
	case is(http.MethodPost, "users", "*", "assignLicense"):
		return &operation{user: part[1], permissions: []string{permitLicenses, permitUsers},
			do: func() answer { return t.assignLicense(c, part[1]) }}
	case is(http.MethodPost, "users", "*", "reprocessLicenseAssignment"):
		return &operation{user: part[1], permissions: []string{permitUsers},
			do: func() answer { return t.reprocess(c, part[1]) }}
	case is(http.MethodPost, "users", "*", "revokeSignInSessions"):
		return &operation{user: part[1], permissions: []string{permitSessions, permitUsers},
			do: func() answer { return t.revokeSessions(c, part[1]) }}
	case is(http.MethodPost, "directory", "deletedItems", "*", "restore"):
		return &operation{user: part[2], permissions: []string{permitDeleteRestore, permitUsers},
			do: func() answer { return t.restoreUser(c, part[2]) }}
	case is(http.MethodPost, "groups", "*", "members", "$ref"):
		return s.addMember(c, part[1])
	case is(http.MethodDelete, "groups", "*", "members", "*", "$ref"):
		return &operation{user: part[3], group: part[1], permissions: []string{permitMembers},
			do: func() answer { return t.removeMember(part[1], part[3]) }}
	case is(http.MethodDelete, "groups", "*", "members", "*"):
		// Microsoft may delete the user itself then; the sandbox deletes nothing,
		// and says it out loud.
		return &operation{permissions: []string{permitMembers, permitUsers}, dangerous: true}
	}
	return nil
}
