package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Credentials are those of an app registration, or of an identity Azure gives a machine. Exactly
// one way to sign in is set. However they are printed, logged or encoded, no secret appears.
type Credentials struct {
	TenantID string // a GUID or a verified domain
	ClientID string // may be empty for a managed identity only: then it is the machine's own

	ClientSecret    string
	Certificate     *Certificate
	Federation      Federation
	ManagedIdentity *ManagedIdentity
	RefreshTokens   RefreshTokens
}

// ways names the ways to sign in that are set.
func (c Credentials) ways() []string {
	var ways []string
	for _, w := range []struct {
		name string
		set  bool
	}{
		{"client secret", c.ClientSecret != ""},
		{"certificate", c.Certificate != nil},
		{"federation", c.Federation != nil},
		{"managed identity", c.ManagedIdentity != nil},
		{"refresh token", c.RefreshTokens != nil},
	} {
		if w.set {
			ways = append(ways, w.name)
		}
	}
	return ways
}

// concealed stands for the secret, and tells whether there is one.
func (c Credentials) concealed() string {
	if c.ClientSecret == "" {
		return "none"
	}
	return "hidden"
}

func (c Credentials) String() string {
	return fmt.Sprintf(
		"tenant %s, client %s, signing in by %s, secret %s",
		c.TenantID,
		c.ClientID,
		strings.Join(c.ways(), " and "),
		c.concealed(),
	)
}

// GoString is what %#v prints: no secret.
func (c Credentials) GoString() string { return "auth.Credentials{" + c.String() + "}" }

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
	return slog.GroupValue(slog.String("tenant", c.TenantID), slog.String("client", c.ClientID),
		slog.String("way", strings.Join(c.ways(), " and ")), slog.String("secret", c.concealed()))
}

// MarshalJSON writes the secret as "hidden" or "none".
func (c Credentials) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"tenant_id": c.TenantID, "client_id": c.ClientID,
		"way": strings.Join(c.ways(), " and "), "client_secret": c.concealed()})
}

// check finds what can be seen to be wrong without asking Microsoft.
func (c Credentials) check() error {
	switch ways := c.ways(); {
	case len(ways) == 0:
		return errors.New("the client secret is empty, and no other way to sign in is given")
	case len(ways) > 1:
		return fmt.Errorf("there are several ways to sign in (%s): keep one", strings.Join(ways, ", "))
	}
	if strings.TrimSpace(c.ClientSecret) != c.ClientSecret {
		return errors.New("the client secret begins or ends with white space")
	}
	if c.ManagedIdentity != nil && c.ClientID == "" {
		return checkTenantID(c.TenantID)
	}
	return checkApplication(c.TenantID, c.ClientID)
}

// checkApplication checks the two ids every app registration has.
func checkApplication(tenantID, clientID string) error {
	if err := checkTenantID(tenantID); err != nil {
		return err
	}
	return checkID("client id", clientID)
}

func checkID(name, value string) error {
	if value == "" {
		return fmt.Errorf("the %s is empty", name)
	}
	if strings.TrimSpace(value) != value {
		return fmt.Errorf("the %s begins or ends with white space", name)
	}
	return nil
}

// checkTenantID wants a concrete tenant, which client credentials need.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
func checkTenantID(tenantID string) error {
	if err := checkID("tenant id", tenantID); err != nil {
		return err
	}
	switch strings.ToLower(tenantID) {
	case "common", "organizations", "consumers":
		return fmt.Errorf("the tenant id is %q: an application signs in to one tenant, so write its id or domain", tenantID)
	}
	if strings.ContainsAny(tenantID, "/?#@ ") {
		return errors.New("the tenant id is neither an id nor a domain")
	}
	return nil
}
