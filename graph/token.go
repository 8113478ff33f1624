package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/oauth2"
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
	fetch func(context.Context) (*oauth2.Token, error)

	turn    chan struct{} // holds one element while somebody reads or fetches
	current *oauth2.Token
	renewAt time.Time // zero: never
	refused error
}

// get returns a token other than rejected, which Graph just refused.
func (t *tokens) get(ctx context.Context, rejected string) (string, error) {
	if ctx.Err() != nil {
		return "", stopped(ctx, "sign-in")
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", stopped(ctx, "sign-in")
	}
	if t.refused != nil {
		return "", t.refused
	}
	if t.current != nil && t.current.AccessToken != rejected && (t.renewAt.IsZero() || time.Now().Before(t.renewAt)) {
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
		early := min(earlyRenewal, time.Until(fresh.Expiry)/2)
		t.renewAt = fresh.Expiry.Add(-early)
	}
	return fresh.AccessToken, nil
}

// newTokens signs in as the credentials say.
func newTokens(cloud Cloud, c Credentials, transport http.RoundTripper, base, maxWait time.Duration, waits waits) *tokens {
	once := c.grant(cloud, tokenClient(transport))
	return &tokens{
		turn:  make(chan struct{}, 1),
		fetch: func(ctx context.Context) (*oauth2.Token, error) { return fetchToken(ctx, once, base, maxWait, waits) },
	}
}

// fetchToken repeats what may pass.
func fetchToken(ctx context.Context, once grant, base, maxWait time.Duration, waits waits) (*oauth2.Token, error) {
	pace := newPace(base, maxWait)
	token, err := backoff.Retry(ctx,
		func() (*oauth2.Token, error) {
			token, err := once(ctx)
			if err == nil {
				return token, nil
			}
			var refusal *TokenError
			var host *UnreachableError
			switch {
			case ctx.Err() != nil:
				return nil, backoff.Permanent(err)
			case errors.As(err, &refusal) && refusal.passing():
				pace.asked = refusal.retryAfter
				return nil, err
			case errors.As(err, &host) && !lasting(err):
				pace.asked = 0
				return nil, err
			}
			return nil, backoff.Permanent(err)
		},
		backoff.WithBackOff(pace), backoff.WithMaxTries(tokenTries), backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, d time.Duration) {
			wait := Wait{Path: "sign-in", Delay: d, Reason: oneLine(err.Error(), 300)}
			if refusal := (*TokenError)(nil); errors.As(err, &refusal) {
				wait.Status = refusal.Status
			}
			waits.announce(wait)
		}))
	if err != nil && ctx.Err() != nil {
		return nil, stopped(ctx, "sign-in")
	}
	return token, unwrapPermanent(err)
}
