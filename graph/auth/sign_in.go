package auth

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"m365lake/internal/clock"
)

// A SignIn lets a person sign in to a tenant with an app registration that allows public client
// flows, so that runs can go on as that person.
type SignIn struct {
	Cloud       cloud.Cloud
	TenantID    string // a GUID or a verified domain
	ClientID    string
	Permissions []string // names of delegated Graph permissions to ask for, such as User.Read.All
	UserAgent   string
	Transport   http.RoundTripper // nil is a clone of http.DefaultTransport
	Clock       clock.Clock       // nil is the machine's
}

// prepare checks the ids and returns the service to ask and the OAuth2 configuration.
func (s SignIn) prepare() (service, *oauth2.Config, error) {
	if err := checkApplication(s.TenantID, s.ClientID); err != nil {
		return service{}, nil, fmt.Errorf("sign-in: %w", err)
	}
	cloud, err := cloud.Custom(s.Cloud.Authority, s.Cloud.Root)
	if err != nil {
		return service{}, nil, fmt.Errorf("sign-in: cloud %q: %w", s.Cloud.Name, err)
	}
	if s.Transport == nil {
		s.Transport = wire.DefaultTransport()
	}
	if s.Clock == nil {
		s.Clock = clock.Machine()
	}
	scopes := []string{"offline_access"} // for a refresh token
	for _, permission := range s.Permissions {
		scopes = append(scopes, cloud.Root+"/"+permission)
	}
	named := wire.Identify(s.Transport, cmp.Or(s.UserAgent, "m365lake"))
	config := &oauth2.Config{ClientID: s.ClientID, Endpoint: cloud.Endpoint(s.TenantID), Scopes: scopes}
	return newService(cloud, named, s.Clock), config, nil
}

// refreshToken is what a sign-in is for.
func refreshToken(token *oauth2.Token) (string, error) {
	if token.RefreshToken == "" {
		return "", errors.New(
			"sign-in: Microsoft gave no refresh token: allow the permission offline_access on the app registration",
		)
	}
	return token.RefreshToken, nil
}
