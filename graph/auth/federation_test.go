package auth

import (
	"context"
	"errors"
	"m365lake/graph/cloud"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The file is read anew each time: Kubernetes replaces it while the program runs.
func TestFederatedTokenFile(t *testing.T) {
	tn := newTenant(t)
	file := filepath.Join(t.TempDir(), "token")
	c := tn.client(t, by(func(c *Credentials) { c.Federation = FederatedTokenFile(file) }))
	for _, token := range []string{"aaa.bbb.ccc", "ddd.eee.fff"} {
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := authenticate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if tn.form["client_assertion"] != token {
			t.Errorf("%v", tn.form)
		}
		c.current = nil
	}
	for _, text := range []string{"", "password", "a.b", "a..c", "a.b.c.d", "a b.c.d", "-----BEGIN.x.y"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := authenticate(t.Context(), c)
		if text != "-----BEGIN.x.y" && (err == nil || !strings.Contains(err.Error(), "holds no signed token")) {
			t.Errorf("%q: %v", text, err)
		}
		if text == "password" {
			mustNotContain(t, err.Error(), text)
		}
	}
}

func TestFederationAudience(t *testing.T) {
	for name, want := range map[string]string{
		"global": "api://AzureADTokenExchange", "usgov-l4": "api://AzureADTokenExchangeUSGov",
		"usgov-l5": "api://AzureADTokenExchangeUSGov", "china": "api://AzureADTokenExchangeChina",
	} {
		national, err := cloud.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		var asked string
		issuer := func(_ context.Context, request AssertionRequest) (string, error) {
			asked = request.Audience
			return "", errors.New("enough")
		}
		c, err := NewTokens(options(national, Credentials{TenantID: "t", ClientID: "c", Federation: issuer}))
		if err != nil {
			t.Fatal(err)
		}
		if err := authenticate(t.Context(), c); err == nil || asked != want {
			t.Errorf("%s: %q %v", name, asked, err)
		}
		signIn := SignIn{
			Cloud:       national,
			TenantID:    "t",
			ClientID:    "c",
			Permissions: []string{"User.Read.All", "Reports.Read.All"},
		}
		_, config, err := signIn.prepare()
		if err != nil {
			t.Fatal(err)
		}
		scopes := strings.Join(config.Scopes, " ")
		if scopes != "offline_access "+national.Root+"/User.Read.All "+national.Root+"/Reports.Read.All" {
			t.Errorf("%s: %s", name, scopes)
		}
		if e := national.Endpoint("t"); e.DeviceAuthURL != national.Authority+"/t/oauth2/v2.0/devicecode" ||
			e.AuthURL != national.Authority+"/t/oauth2/v2.0/authorize" || e.TokenURL != national.TokenURL("t") {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// What GitHub says is an error of the sign-in, without the bearer; and a bearer goes over https only.
func TestGitHubActionsRefused(t *testing.T) {
	github := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("audience") != "api://AzureADTokenExchange" || r.URL.Query().Get("api-version") != "2.0" {
			t.Errorf("%s", r.URL.RawQuery)
		}
		writeJSON(w, 403, map[string]any{"message": r.Header.Get("Authorization")})
	})
	tn := newTenant(t)
	err := authenticate(
		t.Context(),
		tn.client(t, by(func(c *Credentials) { c.Federation = GitHubActions(github.URL+"/x?api-version=2.0", "bearer-7") })),
	)
	var refusal *TokenError
	if !errors.As(err, &refusal) || refusal.Status != 403 {
		t.Fatal(err)
	}
	mustContain(t, err.Error(), "id-token: write")
	mustNotContain(t, err.Error(), "bearer-7")
	err = authenticate(
		t.Context(),
		tn.client(t, by(func(c *Credentials) { c.Federation = GitHubActions("http://example.org/x", "bearer-7") })),
	)
	if err == nil || !strings.Contains(err.Error(), "is not an https address") ||
		strings.Contains(err.Error(), "bearer-7") {
		t.Error(err)
	}
}

func TestOneWayIsWanted(t *testing.T) {
	ok := options(globalCloud, Credentials{TenantID: "t", ManagedIdentity: InstanceMetadata("")})
	if _, err := NewTokens(ok); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Credentials){
		"no other way":                    func(c *Credentials) { c.ManagedIdentity = nil },
		"client secret, managed identity": func(c *Credentials) { c.ClientID, c.ClientSecret = "c", "s" },
		"client id is empty": func(c *Credentials) {
			c.ManagedIdentity, c.Federation = nil,
				FederatedTokenFile("x")
		},
	} {
		o := ok
		change(&o.Credentials)
		if _, err := NewTokens(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
