package check

import (
	"bytes"
	"fmt"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"m365lake/config"
	"m365lake/graph"
)

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
	cloud, err := cloud.Custom(server.URL, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(
		graph.Options{
			Cloud:       cloud,
			BaseDelay:   time.Millisecond,
			Credentials: auth.Credentials{TenantID: "tenant", ClientID: "client", ClientSecret: "x"},
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	return tenantChecker{
		Questions: Questions{Config: c}, tenant: config.Tenant{Name: "x", Cloud: cloud}, client: client,
	}
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
	if k.tenant.Cloud, err = cloud.ByName("china"); err != nil {
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
			return 403, `{"error":{"code":"Authorization_RequestDenied",` +
				`"message":"Insufficient privileges to complete the operation."}}`
		case strings.Contains(path, "usageLocation"):
			return 400, `{"error":{"code":"Request_UnsupportedQuery","message":"no such filter"}}`
		case strings.Contains(path, "/reports/"):
			return 404, `{"error":{"code":"UnknownError",` +
				`"message":"{\"error\":{\"code\":\"UnknownTenantId\",\"message\":\"We do not recognize this tenant ID\"}}"}}`
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
