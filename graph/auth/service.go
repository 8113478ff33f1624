package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"m365lake/internal/clock"
	"m365lake/internal/text"
)

// A grant fetches one token. Its error is a *TokenError, an *UnreachableError, or what this machine
// lacks for asking at all.
type grant func(context.Context) (*oauth2.Token, error)

// A service is the sign-in service of a cloud, and how it is asked.
type service struct {
	cloud  cloud.Cloud
	client *http.Client // follows no redirects: see newService
	clock  clock.Clock
}

// newService returns a service that is asked through transport. It follows no redirects: the secret goes
// nowhere else.
func newService(cloud cloud.Cloud, transport http.RoundTripper, c clock.Clock) service {
	return service{cloud: cloud, clock: c, client: &http.Client{
		Transport: transport, Timeout: tokenTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// through returns ctx for a request that oauth2 sends to the service.
func (s service) through(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, s.client)
}

// byClock returns what end, a time that oauth2 computed from the machine's clock, is by the service's.
func (s service) byClock(end time.Time) time.Time {
	return s.clock.Now().Add(end.Sub(clock.Machine().Now()))
}

// given returns a token that oauth2 fetched, ending by the service's clock.
func (s service) given(token *oauth2.Token) *oauth2.Token {
	if !token.Expiry.IsZero() {
		token.Expiry = s.byClock(token.Expiry)
	}
	return token
}

// grant is how these credentials get a token. Secrets are kept in closures, where no printing of
// the client can find them.
func (s service) grant(c Credentials) grant {
	switch {
	case c.Certificate != nil:
		return s.withAssertion(c, func(context.Context) (string, error) {
			return c.Certificate.assertion(c.ClientID, s.cloud.TokenURL(c.TenantID), s.clock.Now())
		})
	case c.Federation != nil:
		return s.withAssertion(c, func(ctx context.Context) (string, error) {
			return c.Federation(ctx, AssertionRequest{Client: s.client, Clock: s.clock, Audience: s.cloud.FederationAudience()})
		})
	case c.ManagedIdentity != nil:
		return s.withManagedIdentity(c.ManagedIdentity, c.ClientID)
	case c.RefreshTokens != nil:
		return s.withRefreshToken(c)
	}
	return s.withSecret(c)
}

// withSecret signs in with a client secret.
func (s service) withSecret(c Credentials) grant {
	config := s.clientCredentials(c)
	config.ClientSecret = c.ClientSecret
	return func(ctx context.Context) (*oauth2.Token, error) {
		token, err := config.Token(s.through(ctx))
		if err != nil {
			return nil, s.failure(config.TokenURL, c.ClientSecret, err)
		}
		return s.given(token), nil
	}
}

// withAssertion signs in with a signed assertion in the secret's place. Assertions live minutes, so
// each request makes its own; clientcredentials' own token source would send the first one every time.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
func (s service) withAssertion(c Credentials, assertion func(context.Context) (string, error)) grant {
	return func(ctx context.Context) (*oauth2.Token, error) {
		signed, err := assertion(ctx)
		if err != nil {
			return nil, err
		}
		config := s.clientCredentials(c)
		config.EndpointParams = url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {signed},
		}
		token, err := config.Token(s.through(ctx))
		if err != nil {
			return nil, s.failure(config.TokenURL, signed, err)
		}
		return s.given(token), nil
	}
}

// clientCredentials is what the flows without a person have in common.
//
// AuthStyleInParams is a must: by default oauth2 tries the Basic header first and the form then, so
// that a wrong secret makes two failed sign-ins.
func (s service) clientCredentials(c Credentials) *clientcredentials.Config {
	return &clientcredentials.Config{
		ClientID: c.ClientID, TokenURL: s.cloud.TokenURL(c.TenantID), Scopes: []string{s.cloud.Scope()},
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// failure makes a typed error of oauth2's: a *TokenError or an *UnreachableError.
func (s service) failure(tokenURL, secret string, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return readTokenError(answer.Response, answer.Body, secret, s.clock.Now())
	}
	var transport *url.Error
	if errors.As(err, &transport) {
		u, parseErr := url.Parse(tokenURL)
		if parseErr != nil {
			return parseErr
		}
		return wire.Unreachable(u, "sign-in", transport.Err)
	}
	return noToken(redact(err.Error(), secret))
}

// noToken is the error of a success that holds no token.
func noToken(why string) *TokenError {
	return &TokenError{
		Status: http.StatusOK, garbled: true, Description: "the answer holds no token: " + text.OneLine(why, 200),
		Remedy: "a proxy or a captive portal may have answered instead of Microsoft",
	}
}
