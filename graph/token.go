package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"

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

// tokens holds the client's token. One caller at a time fetches, the others wait for it; a caller
// whose context ends leaves at once. (oauth2.ReuseTokenSource would keep it waiting for its mutex,
// and would fetch under the context it was made with.)
//
// A refusal that no repetition can change, such as a wrong secret, is kept and given to everybody
// who asks later: repeated failed sign-ins look like an attack and can lock the application out.
type tokens struct {
	clock clock.Clock
	fetch func(context.Context) (*oauth2.Token, error)

	turn    chan struct{} // holds one element while somebody reads or fetches
	current *oauth2.Token
	renewAt time.Time // zero: never
	refused error
}

// get returns a token other than rejected, which Graph just refused.
func (t *tokens) get(ctx context.Context, rejected string) (string, error) {
	if ctx.Err() != nil {
		return "", Stopped(ctx, "sign-in")
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", Stopped(ctx, "sign-in")
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

// newTokens signs in as the credentials say. Of the patience, the number of tries is not used.
func newTokens(cloud Cloud, c Credentials, transport http.RoundTripper, patience Patience, announce func(Wait)) *tokens {
	patience.MaxTries = tokenTries
	once := newService(cloud, transport, patience.Clock).grant(c)
	return &tokens{
		clock: patience.Clock,
		turn:  make(chan struct{}, 1),
		fetch: func(ctx context.Context) (*oauth2.Token, error) { return fetchToken(ctx, once, patience, announce) },
	}
}

// fetchToken repeats what may pass.
func fetchToken(ctx context.Context, once grant, patience Patience, announce func(Wait)) (*oauth2.Token, error) {
	token, err := Repeat(ctx, patience, "sign-in", announce, func() (*oauth2.Token, error) {
		token, err := once(ctx)
		if err == nil || ctx.Err() != nil {
			return token, err
		}
		var refusal *TokenError
		var host *UnreachableError
		switch {
		case errors.As(err, &refusal) && refusal.passing():
			return nil, &PassingError{
				Status: refusal.Status, Reason: text.OneLine(err.Error(), 300), RetryAfter: refusal.retryAfter, Err: err,
			}
		case errors.As(err, &host) && !lasting(err):
			return nil, &PassingError{Reason: text.OneLine(err.Error(), 300), Err: err}
		}
		return nil, err
	})
	if err != nil && ctx.Err() != nil {
		return nil, Stopped(ctx, "sign-in")
	}
	return token, err
}
