package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Credentials are those of an app registration with a client secret. However they are printed,
// logged or encoded, the secret does not appear.
type Credentials struct {
	TenantID     string // a GUID or a verified domain
	ClientID     string
	ClientSecret string
}

// concealed stands for the secret, and tells whether there is one.
func (c Credentials) concealed() string {
	if c.ClientSecret == "" {
		return "none"
	}
	return "hidden"
}

func (c Credentials) String() string {
	return fmt.Sprintf("tenant %s, client %s, secret %s", c.TenantID, c.ClientID, c.concealed())
}

// GoString is what %#v prints.
func (c Credentials) GoString() string { return "graph.Credentials{" + c.String() + "}" }

// Format answers every verb: fmt asks String for %v, %s, %q and %x only, and prints the fields for
// the others.
func (c Credentials) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprint(f, c.GoString())
		return
	}
	fmt.Fprint(f, c.String())
}

// LogValue is what slog records.
func (c Credentials) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tenant", c.TenantID), slog.String("client", c.ClientID), slog.String("secret", c.concealed()))
}

// MarshalJSON writes the secret as "hidden" or "none".
func (c Credentials) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"tenant_id": c.TenantID, "client_id": c.ClientID, "client_secret": c.concealed()})
}

// check finds what can be seen to be wrong without asking Microsoft.
func (c Credentials) check() error {
	for _, f := range []struct{ name, value string }{
		{"tenant id", c.TenantID}, {"client id", c.ClientID}, {"client secret", c.ClientSecret},
	} {
		if f.value == "" {
			return fmt.Errorf("the %s is empty", f.name)
		}
		if strings.TrimSpace(f.value) != f.value {
			return fmt.Errorf("the %s begins or ends with white space", f.name)
		}
	}
	// Client credentials need a concrete tenant.
	// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
	switch strings.ToLower(c.TenantID) {
	case "common", "organizations", "consumers":
		return fmt.Errorf("the tenant id is %q: an application signs in to one tenant, so write its id or domain", c.TenantID)
	}
	if strings.ContainsAny(c.TenantID, "/?#@ ") {
		return errors.New("the tenant id is neither an id nor a domain")
	}
	return nil
}
