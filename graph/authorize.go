package graph

import (
	"m365lake/graph/auth"
	"m365lake/graph/wire"
	"net/http"
)

// authorize adds the token to requests to the Graph host and to no other: a report is answered with
// a redirect to another host, and oauth2.Transport would send the token there too.
//
// A 401 makes it fetch a new token and ask once more; a second 401 is the answer.
type authorize struct {
	next   http.RoundTripper
	graph  host
	tokens *auth.Tokens
	counts *counters
}

func (a *authorize) RoundTrip(req *http.Request) (*http.Response, error) {
	if !a.graph.owns(req.URL) {
		out := req.Clone(req.Context())
		out.Header.Del("Authorization")
		return a.next.RoundTrip(out)
	}
	token, err := a.tokens.Get(req.Context(), "")
	if err != nil {
		return nil, err
	}
	resp, err := a.send(req, token)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	again, err := wire.Repeatable(req)
	if err != nil {
		return resp, nil //nolint:nilerr // the body cannot be sent again, so the 401 stands
	}
	wire.Discard(resp)
	if token, err = a.tokens.Get(req.Context(), token); err != nil {
		return nil, err
	}
	a.counts.retries.Add(1)
	return a.send(again, token)
}

func (a *authorize) send(req *http.Request, token string) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", "Bearer "+token)
	return a.next.RoundTrip(out)
}
