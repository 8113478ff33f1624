package initial

import (
	"bytes"
	"strings"
	"testing"

	"m365lake/config"
)

const someID = "12345678-1234-4234-8234-123456789012"

// Every way to sign in that init offers is one that the parser reads.
func TestEveryWayToSignInIsRead(t *testing.T) {
	from := func(source string) func(config.Auth) bool {
		return func(a config.Auth) bool { return a.Federation != nil && a.Federation.Source == source }
	}
	for way, want := range map[string]func(config.Auth) bool{
		"secret":           func(a config.Auth) bool { return a == config.Auth{} },
		"certificate":      func(a config.Auth) bool { return a.Certificate != nil && a.Certificate.File == `my "own".pem` },
		"kubernetes":       from(config.FromKubernetes),
		"github":           from(config.FromGitHub),
		"managed-identity": func(a config.Auth) bool { return a.ManagedIdentity == config.UserAssigned },
		"delegated":        func(a config.Auth) bool { return a.Delegated != nil },
	} {
		a := Answers{
			Name:        "x",
			TenantID:    someID,
			ClientID:    someID,
			SignIn:      way,
			Secret:      "S",
			Certificate: `my "own".pem`,
			Cloud:       "global",
			Data:        "my data: 1 # x",
		}
		text, err := a.Configuration()
		if err != nil {
			t.Errorf("%s: %v", way, err)
			continue
		}
		c, err := config.Parse("f", []byte(text))
		if err != nil || !want(c.Tenants[0].Auth) || c.Data != "my data: 1 # x" {
			t.Errorf("%s: %+v %v", way, c.Tenants, err)
		}
	}
	if len(SignInWays()) != 6 {
		t.Errorf("%v", SignInWays())
	}
	system := Answers{Name: "x", TenantID: someID, SignIn: "managed-identity", Cloud: "global", Data: "data"}
	text, err := system.Configuration()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := config.Parse("f", []byte(text)); err != nil ||
		c.Tenants[0].Auth.ManagedIdentity != config.SystemAssigned ||
		c.Tenants[0].ClientID != "" {
		t.Errorf("%+v %v", c.Tenants, err)
	}
}

// On a terminal it asks, asks again what was wrong, and leaves out what does not matter.
func TestAsk(t *testing.T) {
	a := Answers{
		Name:           "contoso",
		SignIn:         "secret",
		Secret:         "M365_CLIENT_SECRET",
		Cloud:          "global",
		Data:           "data",
		SignInActivity: true,
	}
	var out bytes.Buffer
	in := strings.NewReader(
		"Fabrikam!\nfabrikam\nnope\n" + someID + "\ncertificate\n" + someID + "\n\nfabrikam.pem\n\nno\n",
	)
	if err := a.Ask(in, &out, func(string) bool { return false }); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	want := Answers{
		Name:        "fabrikam",
		TenantID:    someID,
		ClientID:    someID,
		SignIn:      "certificate",
		Secret:      "M365_CLIENT_SECRET",
		Certificate: "fabrikam.pem",
		Cloud:       "global",
		Data:        "data",
	}
	if a != want {
		t.Errorf("%+v", a)
	}
	for _, text := range []string{
		"write lower-case letters", "that is not a GUID", "an answer is needed",
		"A short name for the tenant [contoso]: ",
	} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("%q is not in\n%s", text, &out)
		}
	}
	if strings.Contains(out.String(), "Environment variable") {
		t.Error("asks for a secret although there is a certificate")
	}
	// What a flag said is not asked; an input that ends is an error.
	b := Answers{Name: "x"}
	if err := b.Ask(strings.NewReader(""), &out, func(flag string) bool { return flag == "name" }); err == nil ||
		!strings.Contains(err.Error(), "the input ended") {
		t.Error(err)
	}
}
