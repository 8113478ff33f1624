package graph

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"m365lake/internal/clock"
	"m365lake/internal/text"
)

// Options say which Graph a client talks to and how patiently.
type Options struct {
	Cloud       cloud.Cloud
	Credentials auth.Credentials
	UserAgent   string

	// Transport carries every request, those for tokens too. nil is a clone of
	// http.DefaultTransport with more idle connections per host.
	Transport http.RoundTripper

	MaxTries     uint          // for one request; 0 is 7
	MaxWait      time.Duration // all waits of one request together; 0 is 5 minutes
	ReportCalls  int           // CSV calls of one report function in ReportWindow; 0 is 14
	ReportWindow time.Duration // 0 is 10 minutes
	BaseDelay    time.Duration // the first back-off when the server names none; 0 is 2 seconds

	Clock clock.Clock // nil is the machine's

	// OnWait is called before every wait, from the goroutine that waits; nil is allowed.
	OnWait func(wire.Wait)
}

// A Client reads one tenant from Microsoft Graph, and writes to it with Write alone. It is safe for
// concurrent use.
type Client struct {
	root      string
	host      host
	tokens    *auth.Tokens
	graph     http.RoundTripper // with the token
	download  http.RoundTripper // without
	counts    *counters
	skew      *wire.Skew
	patience  wire.Patience
	onWait    func(wire.Wait) // may be nil
	pauses    *pauses         // of requests to Graph
	pageLimit int64           // bytes
	maxPages  int             // of one listing
}

const (
	// headerTimeout is how long a server may take to begin its answer, the connection included.
	headerTimeout = 90 * time.Second
	// stallTimeout is how long a body may stand still.
	stallTimeout = 60 * time.Second
	// pageLimit is as much of a page as is kept in memory: a page of 999 users has some megabytes.
	pageLimit = 64 << 20
	// maxPages is how long a listing may be: 20 million users at 999 a page, 10 million sign-ins at 500.
	maxPages = 20_000
)

// New returns a client. It asks nobody anything yet.
func New(o Options) (*Client, error) { return newClient(o, headerTimeout, stallTimeout) }

func newClient(o Options, header, stall time.Duration) (*Client, error) {
	target, err := cloud.Custom(o.Cloud.Authority, o.Cloud.Root)
	if err != nil {
		return nil, fmt.Errorf("graph client: cloud %q: %w", o.Cloud.Name, err)
	}
	if o.ReportCalls < 0 || min(o.MaxWait, o.ReportWindow, o.BaseDelay) < 0 {
		return nil, fmt.Errorf("graph client: a limit is negative: MaxWait %v, ReportCalls %d, ReportWindow %v, BaseDelay %v",
			o.MaxWait, o.ReportCalls, o.ReportWindow, o.BaseDelay)
	}
	root, err := url.Parse(target.Root)
	if err != nil {
		return nil, fmt.Errorf("graph client: %w", err)
	}
	if o.Transport == nil {
		o.Transport = wire.DefaultTransport()
	}
	if o.Clock == nil {
		o.Clock = clock.Machine()
	}
	o.UserAgent = cmp.Or(o.UserAgent, "m365lake")
	c := &Client{
		root: target.Root, host: hostOf(root), counts: &counters{}, skew: &wire.Skew{}, onWait: o.OnWait,
		patience: wire.Patience{
			Clock: o.Clock, MaxTries: cmp.Or(o.MaxTries, 7), MaxWait: cmp.Or(o.MaxWait, 5*time.Minute),
			BaseDelay: cmp.Or(o.BaseDelay, 2*time.Second),
		},
		pauses: &pauses{clock: o.Clock}, pageLimit: pageLimit, maxPages: maxPages,
	}
	c.tokens, err = auth.NewTokens(auth.Options{
		Cloud: target, Credentials: o.Credentials, UserAgent: o.UserAgent, Transport: o.Transport,
		Patience: c.patience, OnWait: c.announce, Skew: c.skew,
	})
	if err != nil {
		return nil, fmt.Errorf("graph client: %w", err)
	}
	c.chain(o, &timeouts{next: o.Transport, clock: o.Clock, header: header, stall: stall})
	return c, nil
}

// chain builds what requests pass through on their way out to the last one; see the package comment.
func (c *Client) chain(o Options, last http.RoundTripper) {
	last = &count{next: last, counts: c.counts}
	c.graph = &retry{
		next: &limit{
			next: &authorize{
				next:  c.skew.Note(wire.IdentifyToGraph(last, o.UserAgent), o.Clock),
				graph: c.host, tokens: c.tokens, counts: c.counts,
			},
			clock: o.Clock, calls: cmp.Or(o.ReportCalls, 14), per: cmp.Or(o.ReportWindow, 10*time.Minute),
			announce: c.announce,
		},
		patience: c.patience, scope: limitScope, pauses: c.pauses, counts: c.counts, announce: c.announce,
	}
	c.download = &retry{
		next:     wire.Identify(last, o.UserAgent),
		patience: c.patience, scope: func(u *url.URL) string { return u.Host }, pauses: &pauses{clock: o.Clock},
		counts: c.counts, announce: c.announce, opaque: true,
	}
}

// announce records a wait that is about to begin.
func (c *Client) announce(wait wire.Wait) {
	c.counts.waited.Add(int64(wait.Delay))
	if c.onWait != nil {
		c.onWait(wait)
	}
}

// Authenticate fetches the token unless the client has one. A refusal is a *TokenError, silence an
// *UnreachableError. A wrong secret is sent once: all who ask, now and later, get the same error.
func (c *Client) Authenticate(ctx context.Context) error {
	_, err := c.tokens.Get(ctx, "")
	return err
}

// Stats tells what the client did so far.
func (c *Client) Stats() Stats { return c.counts.stats() }

// String keeps everything inside the client to itself.
func (c *Client) String() string { return "graph client of " + c.root }

// resolve makes an address of a path below the Graph root, or of a link that Graph gave.
func (c *Client) resolve(path string) (*url.URL, error) {
	link := path
	if strings.HasPrefix(path, "/") {
		link = c.root + path
	}
	u, err := url.Parse(link)
	switch {
	case err != nil || !c.host.owns(u):
		return nil, fmt.Errorf(
			"%q is neither a path such as /v1.0/users nor an address below %s",
			text.OneLine(path, 100),
			c.root,
		)
	case u.Fragment != "":
		return nil, fmt.Errorf("%q has a fragment: write # as %%23", text.OneLine(path, 100))
	}
	u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20") // a filter as it is written
	return u, nil
}

// get asks Graph. A status of 400 or more is an *Error.
//
// It uses the chain without an http.Client: that would repeat a Location it cannot parse in its
// error, and the Location of a report is a key. There are no cookies and no redirects to follow.
func (c *Client) get(ctx context.Context, u *url.URL, headers ...http.Header) (*http.Response, error) {
	req, err := newRequest(ctx, u, u.Path)
	if err != nil {
		return nil, err
	}
	for _, h := range headers {
		for name, values := range h {
			for _, value := range values {
				req.Header.Add(name, value)
			}
		}
	}
	resp, err := c.graph.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, c.responseError(resp, u.Path, wire.ReadError(resp))
	}
	return resp, nil
}

// responseError makes an error of an answer.
func (c *Client) responseError(resp *http.Response, path string, body []byte) *Error {
	return responseError(resp, path, body, c.patience.Clock.Now())
}

type pathKey struct{}

// newRequest returns a GET that is called path in errors and waits.
func newRequest(ctx context.Context, u *url.URL, path string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(context.WithValue(ctx, pathKey{}, path), http.MethodGet, "", nil)
	if err != nil {
		return nil, err
	}
	req.URL, req.Host = u, u.Host
	return req, nil
}

// pathOf is what a request is called in errors and waits.
func pathOf(req *http.Request) string {
	if path, ok := req.Context().Value(pathKey{}).(string); ok {
		return path
	}
	return req.URL.Path
}

// ClockSkew is how far Microsoft's clock is ahead of this machine's; see wire.Skew.Ahead.
func (c *Client) ClockSkew() (ahead time.Duration, known bool) { return c.skew.Ahead() }

// Identity signs in unless the client has, and reads the claims of the token, without verifying
// them. Microsoft reserves the right to change them, so they are good for telling people what is
// missing and for nothing else.
// Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
func (c *Client) Identity(ctx context.Context) (auth.Identity, error) {
	token, err := c.tokens.Get(ctx, "")
	if err != nil {
		return auth.Identity{}, err
	}
	return auth.ReadClaims(token)
}
