package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// A grant fetches one token. Its error is a *TokenError, an *UnreachableError, or what this machine
// lacks for asking at all.
type grant func(context.Context) (*oauth2.Token, error)

// grant is how these credentials get a token. Secrets are kept in closures, where no printing of
// the client can find them.
func (c Credentials) grant(cloud Cloud, client *http.Client) grant {
	switch {
	case c.Certificate != nil:
		return c.withAssertion(cloud, client, func(context.Context) (string, error) {
			return c.Certificate.assertion(c.ClientID, cloud.TokenURL(c.TenantID))
		})
	case c.Federation != nil:
		return c.withAssertion(cloud, client, func(ctx context.Context) (string, error) {
			return c.Federation(ctx, client, cloud.federationAudience())
		})
	case c.ManagedIdentity != nil:
		return c.ManagedIdentity.grant(cloud, c.ClientID, client)
	case c.RefreshTokens != nil:
		return c.withRefreshToken(cloud, client)
	}
	return c.withSecret(cloud, client)
}

// withSecret signs in with a client secret.
func (c Credentials) withSecret(cloud Cloud, client *http.Client) grant {
	config := c.clientCredentials(cloud)
	config.ClientSecret = c.ClientSecret
	return func(ctx context.Context) (*oauth2.Token, error) {
		token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
		if err != nil {
			return nil, signInError(config.TokenURL, c.ClientSecret, err)
		}
		return token, nil
	}
}

// withAssertion signs in with a signed assertion in the secret's place. Assertions live minutes, so
// each request makes its own; clientcredentials' own token source would send the first for ever.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
func (c Credentials) withAssertion(cloud Cloud, client *http.Client, assertion func(context.Context) (string, error)) grant {
	return func(ctx context.Context) (*oauth2.Token, error) {
		signed, err := assertion(ctx)
		if err != nil {
			return nil, err
		}
		config := c.clientCredentials(cloud)
		config.EndpointParams = url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {signed},
		}
		token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
		if err != nil {
			return nil, signInError(config.TokenURL, signed, err)
		}
		return token, nil
	}
}

// clientCredentials is what the flows without a person have in common.
//
// AuthStyleInParams is a must: by default oauth2 tries the Basic header first and the form then, so
// that a wrong secret makes two failed sign-ins.
func (c Credentials) clientCredentials(cloud Cloud) *clientcredentials.Config {
	return &clientcredentials.Config{
		ClientID: c.ClientID, TokenURL: cloud.TokenURL(c.TenantID), Scopes: []string{cloud.Scope()},
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// tokenClient sends token requests. It follows no redirects: the secret goes nowhere else.
func tokenClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: transport, Timeout: tokenTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
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
	return noToken(redact(err.Error(), secret))
}

// noToken is the error of a success that holds no token.
func noToken(why string) *TokenError {
	return &TokenError{
		Status: http.StatusOK, garbled: true, Description: "the answer holds no token: " + oneLine(why, 200),
		Remedy: "a proxy or a captive portal may have answered instead of Microsoft",
	}
}
