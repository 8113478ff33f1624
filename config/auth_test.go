package config

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// withAuth is a configuration of one tenant whose other keys come after its name.
func withAuth(keys string) []byte {
	return []byte("tenants:\n  - name: c\n    tenant_id: 12345678-1234-4234-8234-123456789012\n" + keys)
}

const withClient = "    client_id: 12345678-1234-4234-8234-123456789012\n"

func TestAuth(t *testing.T) {
	for text, want := range map[string]Auth{
		"{certificate: {file: c.pfx, password: {env: P}}}": {
			Certificate: &Certificate{File: "c.pfx", Password: Secret{Env: "P"}}},
		"{certificate: {file: c.pem, key: /k.pem}}": {
			Certificate: &Certificate{File: "c.pem", Key: "/k.pem"}},
		"{federation: kubernetes}":      {Federation: &Federation{Source: "kubernetes"}},
		"{federation: github}":          {Federation: &Federation{Source: "github"}},
		"{federation: {token_file: t}}": {Federation: &Federation{TokenFile: "t"}},
		"{managed_identity: user}":      {ManagedIdentity: "user"},
		"{managed_identity: system}":    {ManagedIdentity: "system"},
		"{delegated: {}}":               {Delegated: &Delegated{}},
		"{delegated: {token_folder: f, token_key: {file: /run/secrets/k}}}": {
			Delegated: &Delegated{TokenFolder: "f", TokenKey: Secret{File: "/run/secrets/k"}}},
	} {
		client := withClient
		if strings.Contains(text, "system") {
			client = ""
		}
		c, err := Parse("f.yaml", withAuth(client+"    auth: "+text+"\n"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := c.Tenants[0].Auth; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// Paths begin at the configuration's folder; files of a sign-in's secrets do not.
func TestAuthPaths(t *testing.T) {
	const file = "/etc/m365lake/pipelines.yaml"
	read := func(auth string) Auth {
		t.Helper()
		c, err := Parse(file, withAuth(withClient+"    auth: "+auth+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		return c.Tenants[0].Auth
	}
	for text, want := range map[string]Auth{
		"{certificate: {file: c.pem, key: /elsewhere/k.pem}}": {
			Certificate: &Certificate{File: "/etc/m365lake/c.pem", Key: "/elsewhere/k.pem"}},
		"{certificate: {file: c.pfx, password: {file: p}}}": {
			Certificate: &Certificate{File: "/etc/m365lake/c.pfx", Password: Secret{File: "p"}}},
		"{federation: {token_file: t}}": {Federation: &Federation{TokenFile: "/etc/m365lake/t"}},
		"{federation: github}":          {Federation: &Federation{Source: FromGitHub}},
		"{delegated: {token_folder: f, token_key: {file: key}}}": {
			Delegated: &Delegated{"/etc/m365lake/f", Secret{File: "key"}}},
		"{delegated: {}}": {Delegated: &Delegated{}},
	} {
		if got := read(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// Every other path begins at the configuration's folder as well, but for the file of client_secret.
func TestPaths(t *testing.T) {
	text, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text = append(bytes.ReplaceAll(text, []byte("/run/secrets/"), nil), "\n"...)
	c, err := Parse("/etc/m365lake/pipelines.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{
		c.Data, c.ProductNames, c.Metrics.File, c.Notify.URLs[1].File, c.Privacy.Key.File,
		c.Tenants[0].Rosters.SSO, c.Tenants[0].Rosters.HRIS, c.Tenants[0].Rosters.Prices, c.Tenants[1].Secret.File,
	}
	want := []string{
		"/etc/m365lake/lake", "/etc/m365lake/products.csv", "/etc/m365lake/m365lake.prom", "/etc/m365lake/mail_url",
		"/etc/m365lake/pseudonyms.key", "/etc/m365lake/sso.csv", "/etc/m365lake/hris.csv",
		"/etc/m365lake/prices.csv", "contoso",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q instead of %q", got, want)
	}
}

func TestAuthFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"auth: {certificat: {file: x}}", `f.yaml:5: unknown key "certificat"; did you mean "certificate"?`},
		{"auth: {}", "f.yaml:5: auth must have exactly one of certificate, delegated, federation, managed_identity"},
		{"auth: {managed_identity: user, federation: github}",
			"f.yaml:5: auth must have exactly one of certificate, delegated, federation, managed_identity"},
		{"auth: secret",
			"f.yaml:5: auth must be a mapping with keys such as certificate, delegated, federation, managed_identity"},
		{"auth: {managed_identity: users}", `f.yaml:5: managed_identity: unknown word "users"; did you mean "user"?`},
		{"auth: {federation: gitlab}", `f.yaml:5: federation: unknown word "gitlab"`},
		{"auth: {federation: {}}", "f.yaml:5: federation must be kubernetes, github or {token_file: PATH}"},
		{"auth: {certificate: {key: x}}", "f.yaml:5: certificate has no file"},
		{"auth: {certificate: {file: x, password: hunter2}}",
			"f.yaml:5: password must not stand in the file: write {env: NAME} or {file: PATH}"},
		{"auth: {delegated: {token_key: {env: A, file: B}}}", "f.yaml:5: token_key has both env and file; keep one"},
		{"auth: {delegated: {token_key: {}}}", "f.yaml:5: token_key is empty: write {env: NAME} or {file: PATH}"},
		{"client_secret: {env: X}\n    auth: {federation: github}",
			"f.yaml:2: the tenant has both client_secret and auth; keep one"},
		{"client_secret: {}", "f.yaml:5: client_secret is empty: write {env: NAME} or {file: PATH}"},
		{"cloud: global", "f.yaml:2: the tenant has no client_secret, and no auth in its place"},
		{"auth: {federation: github}\n    endpoints: {metadta: 'x'}",
			`f.yaml:6: unknown key "metadta"; did you mean "metadata"?`},
	} {
		text, want := c.text, c.want
		_, err := Parse("f.yaml", withAuth(withClient+"    "+text+"\n"))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s:\n%v\nwant %s", text, err, want)
		}
	}
	// Only the machine's own identity has no client id.
	if _, err := Parse("f.yaml", withAuth("    auth: {managed_identity: user}\n")); err == nil ||
		!strings.Contains(err.Error(), "the tenant has no client_id") {
		t.Error(err)
	}
}

// Every cloud by its name, whatever the way to sign in.
func TestAuthInEveryCloud(t *testing.T) {
	for name, authority := range map[string]string{
		"global": "https://login.microsoftonline.com", "usgov-l4": "https://login.microsoftonline.us",
		"usgov-l5": "https://login.microsoftonline.us", "china": "https://login.chinacloudapi.cn",
	} {
		c, err := Parse("f.yaml", withAuth(withClient+"    auth: {delegated: {token_folder: f}}\n    cloud: "+name+"\n"))
		if err != nil || c.Tenants[0].Cloud.Authority != authority {
			t.Errorf("%s: %v %v", name, c.Tenants[0].Cloud, err)
		}
	}
}
