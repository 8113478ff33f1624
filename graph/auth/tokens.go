package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"m365lake/internal/clock"
	"m365lake/internal/text"
)

const (
	// tokenTries bounds the requests for one token. A fault that outlasts them ends the request.
	tokenTries = 4
	// tokenTimeout bounds one token request: all others wait for it.
	tokenTimeout = 30 * time.Second
	// earlyRenewal is how long before its end a token is replaced.
	earlyRenewal = 5 * time.Minute
)

// Options say whose tokens are fetched, from where and how patiently.
type Options struct {
	Cloud       cloud.Cloud
	Credentials Credentials
	UserAgent   string
	Transport   http.RoundTripper // carries the requests for tokens; a proxy is not used for a managed identity
	Patience    wire.Patience     // of one request for a token; MaxTries is not used
	OnWait      func(wire.Wait)   // called before every wait, by one goroutine at a time
	Skew        *wire.Skew        // is told the service's time
}

// Tokens holds one application's or person's token. It is safe for concurrent use: one caller at a time
// fetches, the others wait for it; a caller whose context ends leaves at once. (oauth2.ReuseTokenSource
// would keep it waiting for its mutex, and would fetch under the context it was made with.)
//
// A refusal that no repetition can change, such as a wrong secret, is kept and given to everybody
// who asks later: repeated failed sign-ins look like an attack and can lock the application out.
type Tokens struct {
	clock clock.Clock
	fetch func(context.Context) (*oauth2.Token, error)

	turn    chan struct{} // holds one element while somebody reads or fetches
	current *oauth2.Token
	renewAt time.Time // zero: never
	refused error
}

// NewTokens returns the tokens of the credentials, and asks nobody yet. It is an error if the
// credentials can be seen to be wrong.
func NewTokens(o Options) (*Tokens, error) {
	if err := o.Credentials.check(); err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	if o.Credentials.ManagedIdentity != nil {
		o.Transport = wire.WithoutProxy(o.Transport)
	}
	o.Patience.MaxTries = tokenTries
	transport := o.Skew.Note(wire.Identify(o.Transport, o.UserAgent), o.Patience.Clock)
	once := newService(o.Cloud, transport, o.Patience.Clock).grant(o.Credentials)
	return &Tokens{
		clock: o.Patience.Clock,
		turn:  make(chan struct{}, 1),
		fetch: func(ctx context.Context) (*oauth2.Token, error) { return fetchToken(ctx, once, o.Patience, o.OnWait) },
	}, nil
}

// Get returns the token, and fetches one if there is none, if it ends soon, or if it is the rejected
// one, which Graph just refused. A refusal of the sign-in service is a *TokenError, silence a
// *wire.UnreachableError; the error of a context that ended wraps ctx.Err().
func (t *Tokens) Get(ctx context.Context, rejected string) (string, error) {
	if ctx.Err() != nil {
		return "", wire.Stopped(ctx, "sign-in")
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", wire.Stopped(ctx, "sign-in")
	}
	if t.refused != nil {
		return "", t.refused
	}
	if t.current != nil && t.current.AccessToken != rejected && (t.renewAt.IsZero() || t.clock.Now().Before(t.renewAt)) {
		return t.current.AccessToken, nil
	}
	fresh, err := t.fetch(ctx)
	if err != nil {
		if refusal := (*TokenError)(nil); errors.As(err, &refusal) && !refusal.passing() {
			t.refused = err
		}
		return "", err
	}
	t.current, t.renewAt = fresh, time.Time{}
	if !fresh.Expiry.IsZero() {
		// A token that lives shorter than ten minutes is renewed at half its life: Microsoft
		// answers AADSTS50196 to a client that asks in a loop.
		early := min(earlyRenewal, fresh.Expiry.Sub(t.clock.Now())/2)
		t.renewAt = fresh.Expiry.Add(-early)
	}
	return fresh.AccessToken, nil
}

// fetchToken repeats what may pass.
func fetchToken(
	ctx context.Context, once grant, patience wire.Patience, announce func(wire.Wait),
) (*oauth2.Token, error) {
	token, err := wire.Repeat(ctx, patience, "sign-in", announce, func() (*oauth2.Token, error) {
		token, err := once(ctx)
		if err == nil || ctx.Err() != nil {
			return token, err
		}
		var refusal *TokenError
		var host *wire.UnreachableError
		switch {
		case errors.As(err, &refusal) && refusal.passing():
			return nil, &wire.PassingError{
				Status: refusal.Status, Reason: text.OneLine(err.Error(), 300), RetryAfter: refusal.retryAfter, Err: err,
			}
		case errors.As(err, &host) && !wire.Lasting(err):
			return nil, &wire.PassingError{Reason: text.OneLine(err.Error(), 300), Err: err}
		}
		return nil, err
	})
	if err != nil && ctx.Err() != nil {
		return nil, wire.Stopped(ctx, "sign-in")
	}
	return token, err
}
