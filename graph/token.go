package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
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

// newTokens signs in with a client secret. The secret is kept in a closure, where no printing of
// the client can find it.
//
// AuthStyleInParams is a must: by default oauth2 tries the Basic header first and the form then, so
// that a wrong secret makes two failed sign-ins.
func newTokens(cloud Cloud, c Credentials, transport http.RoundTripper, base, maxWait time.Duration, waits waits) *tokens {
	config := &clientcredentials.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		TokenURL: cloud.TokenURL(c.TenantID), Scopes: []string{cloud.Scope()},
		AuthStyle: oauth2.AuthStyleInParams,
	}
	client := &http.Client{
		Transport: transport, Timeout: tokenTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the secret goes nowhere else
	}
	once := func(ctx context.Context) (*oauth2.Token, error) {
		token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
		if err != nil {
			return nil, signInError(config.TokenURL, c.ClientSecret, err)
		}
		return token, nil
	}
	return &tokens{
		turn:  make(chan struct{}, 1),
		fetch: func(ctx context.Context) (*oauth2.Token, error) { return fetchToken(ctx, once, base, maxWait, waits) },
	}
}

// fetchToken repeats what may pass.
func fetchToken(ctx context.Context, once func(context.Context) (*oauth2.Token, error), base, maxWait time.Duration, waits waits) (*oauth2.Token, error) {
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

// signInError makes a typed error of oauth2's.
func signInError(tokenURL, secret string, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return tokenError(answer.Response, answer.Body, secret)
	}
	var transport *url.Error
	if errors.As(err, &transport) {
		u, parseErr := url.Parse(tokenURL)
		if parseErr != nil {
			return parseErr
		}
		return unreachable(u, "sign-in", transport.Err)
	}
	return &TokenError{
		Status: http.StatusOK, garbled: true, Description: "the answer holds no token: " + oneLine(redact(err.Error(), secret), 200),
		Remedy: "a proxy or a captive portal may have answered instead of Microsoft",
	}
}
