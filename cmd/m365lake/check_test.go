package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/check"
	"m365lake/pipeline/datafolder"
	"m365lake/sandbox"
)

// checkedSandbox serves a tenant by this machine's clock and returns its configuration.
func checkedSandbox(t *testing.T, faults ...string) (file string) {
	t.Helper()
	tenant, err := sandbox.New(sandbox.Options{Users: 20, Seed: 7, Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	file = filepath.Join(t.TempDir(), "pipelines.yaml")
	write(t, file+".secret", tenant.ClientSecret())
	text := strings.Replace(sandboxConnection(tenant, server.URL()), "{env: M365_CLIENT_SECRET}",
		"{file: pipelines.yaml.secret}", 1)
	write(t, file, strings.ReplaceAll(text, "pipelines.yaml.secret", file+".secret")+sandboxReports+"periods: [D7]\n")
	return file
}

// foretold are faults of a tenant, and the exit code that check and sync have with each.
var foretold = map[string]int{
	"deleted_users":              exitGood,
	"no_premium":                 exitGood,
	"clock_skew":                 exitGood,
	"permission_extra:Mail.Read": exitGood,
	"permission_missing:ReportSettings.Read.All":       exitGood,
	"permission_missing:Organization.Read.All":         exitGaps,
	"permission_missing:User.Read.All":                 exitGaps,
	"permission_missing:RoleManagement.Read.Directory": exitGaps,
	"permission_missing:AuditLog.Read.All":             exitGaps,
	"permission_missing:Reports.Read.All":              exitGaps,
	"concealed_names":                                  exitGaps,
	"users_forbidden":                                  exitGaps,
	"report_unknown_tenant":                            exitGaps,
}

// The short form: one fault of each kind.
func TestCheckForetellsSync(t *testing.T) {
	t.Parallel()
	short := map[string]int{}
	for _, fault := range []string{
		"no_premium", "permission_missing:ReportSettings.Read.All", "permission_missing:Reports.Read.All",
		"concealed_names", "users_forbidden",
	} {
		short[fault] = foretold[fault]
	}
	checkForetellsSync(t, short)
}

// The exit code of check is the one that sync then has, whatever is wrong.
func checkForetellsSync(t *testing.T, faults map[string]int) {
	for fault, want := range faults {
		t.Run(fault, func(t *testing.T) {
			file := checkedSandbox(t, fault)
			data := filepath.Join(t.TempDir(), "d")
			said := command(t, want, "check", "--config", file, "--data", data)
			if datafolder.Exists(data) {
				t.Error("check made the data folder")
			}
			if (want == exitGood) != !strings.Contains(said, "\n  gap ") {
				t.Error(said)
			}
			command(t, want, "sync", "--config", file, "--data", data)
		})
	}
}

// Groups need both permissions to be missing, since one includes the other.
func TestCheckSupersets(t *testing.T) {
	t.Parallel()
	file := checkedSandbox(t, "permission_missing:GroupMember.Read.All")
	if said := command(t, exitGood, "check", "--config", file); !strings.Contains(said, "GroupMember.Read.All          "+
		" granted by Group.Read.All (Application)") {
		t.Error(said)
	}
	file = checkedSandbox(t, "permission_missing:GroupMember.Read.All", "permission_missing:Group.Read.All")
	if said := command(t, exitGaps, "check", "--config", file); !strings.Contains(
		said, "missing (Application permission): licences from groups have no group's name") {
		t.Error(said)
	}
	// A source that the configuration does not ask for needs no permission.
	file = checkedSandbox(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.Replace(string(text), "sign_in_activity: true", "sign_in_activity: false", 1))
	said := command(t, exitGood, "check", "--config", file)
	for _, want := range []string{"note  AuditLog.Read.All              granted, and nothing needs it",
		"last sign-ins are not asked for (sign_in_activity: false)"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}

// A host that cannot be reached is no missing permission.
func TestCheckUnreachable(t *testing.T) {
	t.Parallel()
	file := checkedSandbox(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.ReplaceAll(string(text), "http://127.0.0.1:", "https://nowhere.invalid:")) // RFC 2606
	said := command(t, exitNothing, "check", "--config", file, "--json")
	var result struct {
		check.Result
		ExitCode int `json:"exit_code"`
	}
	if err := json.Unmarshal([]byte(said), &result); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if f := result.Tenants[0].Findings[0]; result.ExitCode != exitNothing || f.Subject != "sign-in" ||
		f.Status != check.Stop || !strings.Contains(f.Text, "cannot be reached") || f.Remedy == "" {
		t.Errorf("%+v", f)
	}
}
