package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"m365lake/config"
	"m365lake/graph"
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
	text := strings.Replace(sandboxConnection(tenant, server.URL()), "{env: M365_CLIENT_SECRET}", "{file: pipelines.yaml.secret}", 1)
	write(t, file, strings.ReplaceAll(text, "pipelines.yaml.secret", file+".secret")+sandboxReports+"periods: [D7]\n")
	return file
}

// The exit code of check is the one that sync then has, whatever is wrong.
func TestCheckForetellsSync(t *testing.T) {
	for fault, want := range map[string]int{
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
	} {
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
	file := checkedSandbox(t, "permission_missing:GroupMember.Read.All")
	if said := command(t, exitGood, "check", "--config", file); !strings.Contains(said, "GroupMember.Read.All           granted by Group.Read.All (Application)") {
		t.Error(said)
	}
	file = checkedSandbox(t, "permission_missing:GroupMember.Read.All", "permission_missing:Group.Read.All")
	if said := command(t, exitGaps, "check", "--config", file); !strings.Contains(said, "missing (Application permission): licences from groups have no group's name") {
		t.Error(said)
	}
	// What is not asked for is not needed.
	file = checkedSandbox(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.Replace(string(text), "sign_in_activity: true", "sign_in_activity: false", 1))
	said := command(t, exitGood, "check", "--config", file)
	for _, want := range []string{"note  AuditLog.Read.All              granted, and nothing needs it", "last sign-ins are not asked for (sign_in_activity: false)"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}

// stubTenant is a Graph whose token and answers a test writes itself.
func stubTenant(t *testing.T, token string, answer func(path string) (status int, body string)) tenantChecker {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/token") {
			fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"access_token":%q}`, token)
			return
		}
		status, body := answer(r.URL.Path + "?" + r.URL.RawQuery)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	cloud, err := graph.CustomCloud(server.URL, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Options{Cloud: cloud, BaseDelay: time.Millisecond, Credentials: graph.Credentials{TenantID: someID, ClientID: someID, ClientSecret: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	return tenantChecker{config: c, tenant: config.Tenant{Name: "x", Cloud: cloud}, client: client}
}

func (k *tenantChecker) found() string {
	var b bytes.Buffer
	for _, f := range k.out.Findings {
		fmt.Fprintf(&b, "%s %s: %s -> %s\n", f.Status, f.Subject, f.Text, f.Remedy)
	}
	return b.String()
}

// A cloud without usage reports is not asked for them.
func TestCheckNationalCloud(t *testing.T) {
	k := stubTenant(t, "opaque", func(path string) (int, string) {
		if strings.Contains(path, "/reports/") {
			t.Errorf("asks for %s", path)
		}
		return 200, `{"value":[]}`
	})
	var err error
	if k.tenant.Cloud, err = graph.CloudByName("china"); err != nil {
		t.Fatal(err)
	}
	identity, opaque := k.client.Identity(t.Context())
	k.permissions(t.Context(), identity, opaque)
	if said := k.found(); !strings.Contains(said, "gap usage reports: Microsoft offers them in the global cloud only") {
		t.Error(said)
	}
}

// Microsoft may change its tokens any day; then the answers alone decide.
func TestCheckOpaqueToken(t *testing.T) {
	k := stubTenant(t, "opaque", func(path string) (int, string) {
		switch {
		case strings.Contains(path, "/roleManagement/"):
			return 403, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`
		case strings.Contains(path, "usageLocation"):
			return 400, `{"error":{"code":"Request_UnsupportedQuery","message":"no such filter"}}`
		case strings.Contains(path, "/reports/"):
			return 404, `{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"UnknownTenantId\",\"message\":\"We do not recognize this tenant ID\"}}"}}`
		case strings.Contains(path, "/reportSettings"):
			return 200, `{"value":{"displayConcealedNames":true}}`
		}
		return 200, `{"value":[]}`
	})
	identity, opaque := k.client.Identity(t.Context())
	if opaque == nil {
		t.Fatal("the token could be read")
	}
	k.signedIn(identity, opaque)
	k.permissions(t.Context(), identity, opaque)
	said := k.found()
	for _, want := range []string{
		"note sign-in: with a client secret; the token does not tell its permissions",
		"ok User.Read.All: works, though the token does not name it",
		"gap RoleManagement.Read.Directory: missing (Application permission): nobody is known to be an administrator",
		"UnknownTenantId: We do not recognize this tenant ID",
		"-> the report service does not know this tenant",
		"gap concealed names: the reports conceal names",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}

// A host that cannot be reached is no missing permission.
func TestCheckUnreachable(t *testing.T) {
	file := checkedSandbox(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.ReplaceAll(string(text), "http://127.0.0.1:", "https://nowhere.invalid:")) // RFC 2606
	said := command(t, exitNothing, "check", "--config", file, "--json")
	var result checkResult
	if err := json.Unmarshal([]byte(said), &result); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if f := result.Tenants[0].Findings[0]; result.ExitCode != exitNothing || f.Subject != "sign-in" || f.Status != statusStop || !strings.Contains(f.Text, "cannot be reached") || f.Remedy == "" {
		t.Errorf("%+v", f)
	}
}
