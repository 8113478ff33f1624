package graph

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"
)

// RefreshTokens keeps the refresh token of a person who signed in.
type RefreshTokens interface {
	// Rotate calls exchange with the token that is kept and keeps the one it returns in its place.
	// Nobody else rotates it meanwhile.
	Rotate(ctx context.Context, exchange func(refreshToken string) (next string, err error)) error
}

// delegatedScopes asks for the permissions of a run on this cloud's Graph, and for a refresh token.
func (c Cloud) delegatedScopes() []string {
	scopes := []string{"offline_access"}
	for _, permission := range permissions {
		scopes = append(scopes, c.Root+"/"+permission.Name)
	}
	return scopes
}

// withRefreshToken signs in as the person whose refresh token is kept. Every use brings a new one,
// and the old one must be discarded.
// Source: https://learn.microsoft.com/entra/identity-platform/refresh-tokens
func (c Credentials) withRefreshToken(cloud Cloud, client *http.Client) grant {
	config := &oauth2.Config{ClientID: c.ClientID, Endpoint: cloud.endpoint(c.TenantID)}
	return func(ctx context.Context) (token *oauth2.Token, err error) {
		err = c.RefreshTokens.Rotate(ctx, func(refreshToken string) (string, error) {
			source := config.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, client), &oauth2.Token{RefreshToken: refreshToken})
			if token, err = source.Token(); err != nil {
				return "", signInError(config.Endpoint.TokenURL, refreshToken, err)
			}
			return token.RefreshToken, nil
		})
		if err != nil {
			return nil, err
		}
		return token, nil
	}
}
