package graphapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"m365lake/sandbox/books"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/entra"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/route"
	"m365lake/sandbox/seal"
	"m365lake/sandbox/wire"
)

// Root is where the paths of Graph begin.
const Root = "/v1.0/"

// Options are what an API is made of. All of them are needed.
type Options struct {
	Company *company.Company
	Clock   clock.Clock
	Faults  faults.Set
	Books   *books.Books
	Tokens  entra.Tokens
	IDs     *dice.Sequence
	URL     string                            // http://host:port that it answers at
	Reports map[string]func(call *odata.Call) // routes of the usage reports, by pattern, without Root
}

// API is Microsoft Graph over the books of one tenant. It is an http.Handler of all paths below Root.
type API struct {
	Options
	key         seal.Key
	mux         *route.Mux
	spoiled     faults.SeventhCall
	trouble     *faults.Writes
	pageExpired atomic.Bool // faults.ExpiredPageToken has happened
}

// New returns the API.
func New(o Options) *API {
	s := &API{Options: o, key: seal.Key(o.Company.Secret()), trouble: faults.NewWrites(o.Faults, o.Company.Seed)}
	s.mux = s.routes()
	return s
}

// today is the tenant's day.
func (s *API) today() calendar.Day { return calendar.Of(s.Clock.Tenant()) }

// call is one authorized request, by itself or in a batch. R is the request as routes see it: its path is decoded and
// begins after Root.
type call struct {
	*odata.Call
	path    string // as it was asked for
	token   entra.Claims
	payload []byte // of a write
	batch   *batch // the one the request came in, if it did
}

// newCall begins to answer a request.
func (s *API) newCall(w http.ResponseWriter) *call {
	return &call{Call: &odata.Call{W: w, ID: s.IDs.Next(), Clock: s.Clock}}
}

// ServeHTTP answers one request to Graph.
func (s *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.newCall(w)
	c.R, c.ClientID = r, r.Header.Get("client-request-id")
	if c.ClientID == "" {
		c.ClientID = c.ID
	}
	h := w.Header()
	h.Set("request-id", c.ID)
	h.Set("client-request-id", wire.Printable(c.ClientID))
	h.Set("x-ms-ags-diagnostic", `{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"5","ScaleUnit":"001",`+
		`"RoleInstance":"SB000001"}}`)
	h.Set("Cache-Control", "no-cache")

	if s.spoiled.Spoil(s.Faults, c.Call) {
		return
	}
	token, ok, expired := s.Tokens.Check(r.Header.Get("Authorization"))
	c.token = token
	switch {
	case r.Header.Get("Authorization") == "":
		c.Error(http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty.")
	case expired:
		c.Error(http.StatusUnauthorized, "InvalidAuthenticationToken", "Lifetime validation failed, the token is "+
			"expired.")
	case !ok:
		c.Error(http.StatusUnauthorized, "InvalidAuthenticationToken",
			"IDX14100: JWT is not well formed, or its signature is not this tenant's.")
	case r.Method == http.MethodPost && r.URL.Path == Root+"$batch":
		s.serveBatch(c)
	default:
		s.dispatch(c)
	}
}

// callKey is where a request's context has its call.
type callKey struct{}

// dispatch serves one authorized request, which may have come in a batch.
func (s *API) dispatch(c *call) {
	query, err := url.ParseQuery(c.R.URL.RawQuery)
	if err != nil {
		c.Error(http.StatusBadRequest, "BadRequest", "The query string is malformed: "+wire.Printable(err.Error()))
		return
	}
	c.Query, c.path = query, c.R.URL.Path
	path := strings.TrimSuffix(strings.TrimPrefix(c.path, Root), "/")
	r := route.WithPath(c.R.WithContext(context.WithValue(c.R.Context(), callKey{}, c)), "/"+path)
	s.mux.ServeHTTP(c.W, r)
}

// withCall is the handler of a route: the call that dispatch began, with the request in which the mux found the values
// of the path.
func withCall(serve func(c *call)) http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) {
		c := r.Context().Value(callKey{}).(*call)
		c.R = r
		serve(c)
	}
}
