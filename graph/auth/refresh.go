package auth

import (
	"context"

	"golang.org/x/oauth2"
)

// RefreshTokens keeps the refresh token of a person who signed in.
type RefreshTokens interface {
	// Rotate calls exchange with the token that is kept and keeps the one it returns in its place.
	// Nobody else rotates it meanwhile.
	Rotate(ctx context.Context, exchange func(refreshToken string) (next string, err error)) error
}

// withRefreshToken signs in as the person whose refresh token is kept. Every use brings a new one,
// and the old one must be discarded.
// Source: https://learn.microsoft.com/entra/identity-platform/refresh-tokens
func (s service) withRefreshToken(c Credentials) grant {
	config := &oauth2.Config{ClientID: c.ClientID, Endpoint: s.cloud.Endpoint(c.TenantID)}
	return func(ctx context.Context) (token *oauth2.Token, err error) {
		err = c.RefreshTokens.Rotate(ctx, func(refreshToken string) (string, error) {
			source := config.TokenSource(s.through(ctx), &oauth2.Token{RefreshToken: refreshToken})
			if token, err = source.Token(); err != nil {
				return "", s.failure(config.Endpoint.TokenURL, refreshToken, err)
			}
			return token.RefreshToken, nil
		})
		if err != nil {
			return nil, err
		}
		return s.given(token), nil
	}
}
