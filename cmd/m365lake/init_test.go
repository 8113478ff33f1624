package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/config"
	"m365lake/pipeline/datafolder"

	"m365lake"
)

const someID = "12345678-1234-4234-8234-123456789012"

// What init writes is pipelines.yaml as it comes with the program, every comment in its place.
func TestInitFillsInPipelines(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "p.yaml")
	command(t, exitGood, "init", "--config", file, "--name", "fabrikam", "--tenant-id", someID, "--client-id", someID,
		"--cloud", "china", "--sign-in-activity=false")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  - name: fabrikam\n", "    tenant_id: " + someID + " # Directory (tenant) ID of the app registration\n",
		"    client_secret: {env: M365_CLIENT_SECRET} # or {file: PATH}\n",
		"    cloud: china # or global, usgov-l4, usgov-l5\n", "\nsign_in_activity: false\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got, want := strings.Count(string(text), "\n"), strings.Count(m365lake.Pipelines, "\n"); got != want {
		t.Errorf("%d lines instead of %d", got, want)
	}
	c, err := config.Read(file)
	if err != nil || c.Tenants[0].Cloud.Name != "china" || c.SignInActivity ||
		len(c.Reports) != len(config.Default().Reports) {
		t.Errorf("%+v %v", c, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if said := command(t, exitUsage, "init", "--config", file, "--tenant-id", someID, "--client-id",
		someID); !strings.Contains(said, "is there already; name another with --config, or overwrite it with --force") {
		t.Error(said)
	}
	command(t, exitGood, "init", "--config", file, "--tenant-id", someID, "--client-id", someID, "--force")

	// The file of the program, untouched, is no loss.
	write(t, file, m365lake.Pipelines)
	command(t, exitGood, "init", "--config", file, "--tenant-id", someID, "--client-id", someID)
}

func TestInitRefuses(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"": "--tenant-id and --client-id are missing; the app registration's overview page " +
			"shows both",
		"--tenant-id x":               "--tenant-id and --client-id are missing",
		"--tenant-id x --client-id y": `m365lake: tenant_id "x" is not a GUID`,
		"--tenant-id " + someID + " --client-id " + someID +
			" --sign-in password": `--sign-in "password" is no way to sign in; known: secret`,
		"--tenant-id " + someID + " --client-id " + someID + " --sign-in certificat":  `did you mean "certificate"?`,
		"--tenant-id " + someID + " --client-id " + someID + " --sign-in certificate": "--certificate is missing",
		"--tenant-id " + someID + " --client-id " + someID +
			" --cloud gcc": `unknown cloud "gcc": did you mean "global"?`,
		"--tenant-id " + someID + " --client-id " + someID +
			" --graph https://g.test": "--authority and --graph belong together",
		"--tenant-id " + someID + " --client-id " + someID +
			" --secret-env Hunter~2": "--secret-env is no name of an environment variable",
		"--tenant-id " + someID + " --client-id " + someID + " --name Contoso":   `tenant name "Contoso" must be lower-case`,
		"--tenant-id 00000000-0000-0000-0000-000000000000 --client-id " + someID: "tenant_id is still the placeholder",
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
