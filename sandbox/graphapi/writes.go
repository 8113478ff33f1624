package graphapi

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"m365lake/sandbox/books"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// operation is one write: whom it is about, which permissions allow it, and what to do.
type operation struct {
	user        string   // as the request names the user
	permissions []string // each is enough
	dangerous   bool     // it would have done something else at Microsoft than anybody meant
	do          func(w books.Write) odata.Answer
}

// maxPayload bounds the body of a request, in bytes.
const maxPayload = 4 << 20

// writeTime is how long a write takes. Another one of the same account that comes meanwhile is refused.
const writeTime = time.Millisecond

// write serves a request that changes something. begin returns what it asks for, nil when there is no such thing.
func (s *API) write(c *call, begin func(c *call) *operation) {
	var err error
	if c.payload, err = io.ReadAll(http.MaxBytesReader(c.W, c.R.Body, maxPayload)); err != nil {
		c.Reply(odata.Refusal(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			"The request body could not be read: "+wire.Printable(err.Error())))
		return
	}
	op := begin(c)
	if op == nil {
		c.Error(http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the "+
			"request target.")
		return
	}
	if !slices.ContainsFunc(op.permissions, func(p string) bool { return slices.Contains(c.token.Roles, p) }) {
		c.Reply(odata.NotPermitted())
		return
	}
	if op.dangerous {
		request := c.R.Method + " " + c.path
		s.Books.LogDanger(request)
		slog.Error("sandbox: " + wire.Printable(request) + " without /$ref would delete the user, not the membership")
		c.Reply(odata.Refusal(http.StatusBadRequest, "BadRequest",
			"The sandbox refused: a DELETE of a member without /$ref deletes the user itself, not the membership."))
		return
	}
	fault, h := s.trouble.Draw()
	if a, ok := faults.Refuse(fault, h); ok {
		c.Reply(a)
		return
	}
	subject := s.Books.Subject(op.user)
	if c.batch != nil && !c.batch.alone(subject) || !s.Books.Begin(subject) {
		c.Reply(faults.Conflict(1))
		return
	}
	defer s.Books.End(subject)
	if !s.Clock.Wait(c.R.Context(), writeTime) {
		return
	}

	lost := fault == faults.WriteLost
	a := op.do(books.Write{Method: c.R.Method, Path: c.path, Batch: c.batch != nil, Lost: lost})
	if lost && a.Status < http.StatusMultipleChoices {
		if h%2 == 0 && c.batch == nil {
			panic(http.ErrAbortHandler) // drops the connection
		}
		a = faults.Lost()
	}
	c.Reply(a)
}

// refusing is an operation that is refused whatever the books say.
func refusing(op operation, a odata.Answer) *operation {
	op.do = func(books.Write) odata.Answer { return a }
	return &op
}

// withoutBody is the answer of a write that has nothing to tell.
func withoutBody(o books.Outcome) odata.Answer {
	if o.Refused != nil {
		return *o.Refused
	}
	return odata.Answer{Status: http.StatusNoContent}
}

// answeredFields is what an action on a user answers with.
var answeredFields = append(
	[]string{"accountEnabled", "usageLocation", "userType", "assignedLicenses"},
	defaultUserFields...)

// withUser is the answer of a write that tells what became of the user.
func (s *API) withUser(o books.Outcome, status int) odata.Answer {
	if o.Refused != nil {
		return *o.Refused
	}
	return odata.Answer{Status: status, Body: odata.AppendEntity(nil, "users", nil, s.answeredUser(o.Account, false))}
}

// answeredUser is an account as actions answer it, with its kind if it is typed.
func (s *API) answeredUser(a *books.Account, typed bool) []byte {
	fields, _ := odata.Choose(userFields, answeredFields)
	v := s.view(fields)
	v.typed = typed
	v.reader.Show(a, &v.Entry)
	return v.appendUser(nil)
}
