package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"
)

// A SignIn lets a person sign in to a tenant with an app registration that allows public client
// flows, so that runs can go on as that person.
type SignIn struct {
	Cloud     Cloud
	TenantID  string // a GUID or a verified domain
	ClientID  string
	UserAgent string
	Transport http.RoundTripper // nil is a clone of http.DefaultTransport
}

// prepare checks the ids and returns the OAuth2 configuration, and ctx with the client it uses.
func (s SignIn) prepare(ctx context.Context) (context.Context, *oauth2.Config, error) {
	if err := checkApplication(s.TenantID, s.ClientID); err != nil {
		return nil, nil, fmt.Errorf("sign-in: %w", err)
	}
	cloud, err := CustomCloud(s.Cloud.Authority, s.Cloud.Root)
	if err != nil {
		return nil, nil, fmt.Errorf("sign-in: cloud %q: %w", s.Cloud.Name, err)
	}
	transport := s.Transport
	if transport == nil {
		transport = defaultTransport()
	}
	client := tokenClient(&identify{next: transport, agent: cmp.Or(s.UserAgent, "m365lake")})
	config := &oauth2.Config{ClientID: s.ClientID, Endpoint: cloud.endpoint(s.TenantID), Scopes: cloud.delegatedScopes()}
	return context.WithValue(ctx, oauth2.HTTPClient, client), config, nil
}

// refreshToken is what a sign-in is for.
func refreshToken(token *oauth2.Token) (string, error) {
	if token.RefreshToken == "" {
		return "", errors.New("sign-in: Microsoft gave no refresh token: allow the permission offline_access on the app registration")
	}
	return token.RefreshToken, nil
}
