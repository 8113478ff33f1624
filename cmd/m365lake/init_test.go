package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/pipeline/datafolder"

	"m365lake"
)

const someID = "12345678-1234-4234-8234-123456789012"

// What init writes is pipelines.yaml as it comes with the program, every comment in its place.
func TestInitFillsInPipelines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.yaml")
	command(t, exitGood, "init", "--config", file, "--name", "fabrikam", "--tenant-id", someID, "--client-id", someID, "--cloud", "china", "--sign-in-activity=false")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  - name: fabrikam\n", "    tenant_id: " + someID + " # Directory (tenant) ID of the app registration\n",
		"    client_secret: {env: M365_CLIENT_SECRET} # or {file: PATH}\n", "    cloud: china # or global, usgov-l4, usgov-l5\n", "\nsign_in_activity: false\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got, want := strings.Count(string(text), "\n"), strings.Count(m365lake.Pipelines, "\n"); got != want {
		t.Errorf("%d lines instead of %d", got, want)
	}
	c, err := readConfig(file)
	if err != nil || c.Tenants[0].Cloud.Name != "china" || c.SignInActivity || len(c.Reports) != len(defaultConfig().Reports) {
		t.Errorf("%+v %v", c, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if said := command(t, exitUsage, "init", "--config", file, "--tenant-id", someID, "--client-id", someID); !strings.Contains(said, "is there already; name another with --config, or overwrite it with --force") {
		t.Error(said)
	}
	command(t, exitGood, "init", "--config", file, "--tenant-id", someID, "--client-id", someID, "--force")

	// The file of the program, untouched, is no loss.
	write(t, file, m365lake.Pipelines)
	command(t, exitGood, "init", "--config", file, "--tenant-id", someID, "--client-id", someID)
}

// Every way to sign in that init offers is one that the parser reads.
func TestInitSignIns(t *testing.T) {
	for way, want := range map[string]func(authConfig) bool{
		"secret":           func(a authConfig) bool { return a == authConfig{} },
		"certificate":      func(a authConfig) bool { return a.Certificate != nil && a.Certificate.File == `my "own".pem` },
		"kubernetes":       func(a authConfig) bool { return a.Federation != nil && a.Federation.Source == fromKubernetes },
		"github":           func(a authConfig) bool { return a.Federation != nil && a.Federation.Source == fromGitHub },
		"managed-identity": func(a authConfig) bool { return a.ManagedIdentity == userAssigned },
		"delegated":        func(a authConfig) bool { return a.Delegated != nil },
	} {
		a := initAnswers{Name: "x", TenantID: someID, ClientID: someID, SignIn: way, Secret: "S", Certificate: `my "own".pem`, Cloud: "global", Data: "my data: 1 # x"}
		text, err := a.configuration()
		if err != nil {
			t.Errorf("%s: %v", way, err)
			continue
		}
		c, err := parseConfig("f", []byte(text), true)
		if err != nil || !want(c.Tenants[0].Auth) || c.Data != "my data: 1 # x" {
			t.Errorf("%s: %+v %v", way, c.Tenants, err)
		}
	}
	if len(signInWays) != 6 {
		t.Errorf("%v", signInWays)
	}
	system := initAnswers{Name: "x", TenantID: someID, SignIn: "managed-identity", Cloud: "global", Data: "data"}
	text, err := system.configuration()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := parseConfig("f", []byte(text), true); err != nil || c.Tenants[0].Auth.ManagedIdentity != systemAssigned || c.Tenants[0].ClientID != "" {
		t.Errorf("%+v %v", c.Tenants, err)
	}
}

func TestInitRefuses(t *testing.T) {
	for flags, want := range map[string]string{
		"":                            "--tenant-id and --client-id are missing; the app registration's overview page shows both",
		"--tenant-id x":               "--tenant-id and --client-id are missing",
		"--tenant-id x --client-id y": `m365lake: tenant_id "x" is not a GUID`,
		"--tenant-id " + someID + " --client-id " + someID + " --sign-in password":     `--sign-in "password" is no way to sign in; known: secret`,
		"--tenant-id " + someID + " --client-id " + someID + " --sign-in certificat":   `did you mean "certificate"?`,
		"--tenant-id " + someID + " --client-id " + someID + " --sign-in certificate":  "--certificate is missing",
		"--tenant-id " + someID + " --client-id " + someID + " --cloud gcc":            `unknown cloud "gcc": did you mean "global"?`,
		"--tenant-id " + someID + " --client-id " + someID + " --graph https://g.test": "--authority and --graph belong together",
		"--tenant-id " + someID + " --client-id " + someID + " --secret-env Hunter~2":  "--secret-env is no name of an environment variable",
		"--tenant-id " + someID + " --client-id " + someID + " --name Contoso":         `tenant name "Contoso" must be lower-case`,
		"--tenant-id 00000000-0000-0000-0000-000000000000 --client-id " + someID:       "tenant_id is still the placeholder",
	} {
		file := filepath.Join(t.TempDir(), "p.yaml")
		said := command(t, exitUsage, append([]string{"init", "--config", file}, strings.Fields(flags)...)...)
		if !strings.Contains(said, want) || strings.Contains(said, "Hunter") {
			t.Errorf("%s: %s", flags, said)
		}
		if datafolder.Exists(file) {
			t.Errorf("%s: wrote a file", flags)
		}
	}
}

// On a terminal it asks, asks again what was wrong, and leaves out what does not matter.
func TestInitAsks(t *testing.T) {
	a := initAnswers{Name: "contoso", SignIn: "secret", Secret: "M365_CLIENT_SECRET", Cloud: "global", Data: "data", SignInActivity: true}
	var out bytes.Buffer
	in := strings.NewReader("Fabrikam!\nfabrikam\nnope\n" + someID + "\ncertificate\n" + someID + "\n\nfabrikam.pem\n\nno\n")
	if err := a.ask(in, &out, func(string) bool { return false }); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	want := initAnswers{Name: "fabrikam", TenantID: someID, ClientID: someID, SignIn: "certificate", Secret: "M365_CLIENT_SECRET", Certificate: "fabrikam.pem", Cloud: "global", Data: "data"}
	if a != want {
		t.Errorf("%+v", a)
	}
	for _, text := range []string{"write lower-case letters", "that is not a GUID", "an answer is needed", "A short name for the tenant [contoso]: "} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("%q is not in\n%s", text, &out)
		}
	}
	if strings.Contains(out.String(), "Environment variable") {
		t.Error("asks for a secret although there is a certificate")
	}
	// What a flag said is not asked; an input that ends is an error.
	b := initAnswers{Name: "x"}
	if err := b.ask(strings.NewReader(""), &out, func(flag string) bool { return flag == "name" }); err == nil || !strings.Contains(err.Error(), "the input ended") {
		t.Error(err)
	}
}
