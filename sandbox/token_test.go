package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const anyScope = "https://graph.microsoft.com/.default"

func TestSignIn(t *testing.T) {
	c := start(t, Options{})
	status, body := c.signIn(c.tenant.ID(), c.tenant.ClientID(), c.tenant.ClientSecret(), anyScope)
	if status != 200 || body["token_type"] != "Bearer" || body["expires_in"] != 3599.0 {
		t.Fatalf("sign-in: %d %v", status, body)
	}
	c.token = body["access_token"].(string)
	if resp, text := c.graph("/organization"); resp.StatusCode != 200 {
		t.Fatalf("the token just given is refused: %s %s", resp.Status, text)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(c.token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Roles      []string
		Tid, Appid string
		Exp, Iat   int64
	}
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if got.Tid != c.tenant.ID() || got.Appid != c.tenant.ClientID() || got.Exp-got.Iat != 3599 ||
		!slices.Contains(got.Roles, "Reports.Read.All") {
		t.Errorf("claims: %+v", got)
	}
}

func TestSignInRefused(t *testing.T) {
	c := start(t, Options{})
	id, app, secret := c.tenant.ID(), c.tenant.ClientID(), c.tenant.ClientSecret()
	for _, test := range []struct {
		name                       string
		tenant, app, secret, scope string
		status                     int
		code                       string
		number                     float64
	}{
		{"wrong secret", id, app, "nonsense", anyScope, 401, "invalid_client", 7000215},
		{"no secret", id, app, "", anyScope, 401, "invalid_client", 7000216},
		{"unknown app", id, "11111111-2222-4333-8444-555555555555", secret, anyScope, 400, "unauthorized_client",
			700016},
		{"unknown tenant", "nobody.example", app, secret, anyScope, 400, "invalid_request", 90002},
		{"bad scope", id, app, secret, "User.Read", 400, "invalid_scope", 70011},
		{"two scopes", id, app, secret, "a/.default b/.default", 400, "invalid_scope", 70011},
	} {
		status, body := c.signIn(test.tenant, test.app, test.secret, test.scope)
		codes, _ := body["error_codes"].([]any)
		if status != test.status || body["error"] != test.code || len(codes) != 1 || codes[0] != test.number {
			t.Errorf("%s: %d %v", test.name, status, body)
		}
		for _, key := range []string{"error_description", "timestamp", "trace_id", "correlation_id", "error_uri"} {
			if s, _ := body[key].(string); s == "" {
				t.Errorf("%s: no %s", test.name, key)
			}
		}
	}
	if _, body := c.signIn(id, app, "nonsense", anyScope); !strings.HasPrefix(
		body["error_description"].(string),
		"AADSTS7000215: Invalid client secret provided.",
	) {
		t.Errorf("description: %v", body["error_description"])
	}
}

func TestTokenChecked(t *testing.T) {
	now := monday
	c := start(t, Options{Today: func() time.Time { return now }})
	good := c.token
	expect := func(why, token string, status int) {
		t.Helper()
		c.token = token
		resp, body := c.graph("/organization")
		if resp.StatusCode != status {
			t.Errorf("%s: %s %s", why, resp.Status, body)
		}
		if status == 401 && !strings.Contains(body, `"code":"InvalidAuthenticationToken"`) {
			t.Errorf("%s: %s", why, body)
		}
	}
	expect("good", good, 200)
	expect("another tenant's", good[:len(good)-4]+"AAAA", 401)
	expect("garbage", "garbage", 401)
	other, err := New(Options{Seed: 9, Today: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	expect("of another seed", other.tokens.Reader(), 401)
	if resp, body := c.do(c.server.URL() + "/v1.0/organization"); resp.StatusCode != 401 ||
		!strings.Contains(body, "Access token is empty") {
		t.Errorf("no token: %s %s", resp.Status, body)
	}
	now = monday.Add(3599 * time.Second)
	expect("expired", good, 401)
}

func TestServeStaysOnLoopback(t *testing.T) {
	tenant, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:8080", "example.org:80", "nonsense"} {
		if s, err := tenant.Serve(addr); err == nil {
			s.Close()
			t.Errorf("%s: served", addr)
		}
	}
}

func TestRequestsAreLogged(t *testing.T) {
	c := start(t, Options{Users: 10})
	c.raw("getM365AppUserDetail(period='D7')")
	log := c.server.Requests()
	if len(log) != 2 {
		t.Fatalf("log: %+v", log)
	}
	hop1 := Request{
		Method:        "GET",
		Path:          "/v1.0/reports/getM365AppUserDetail(period='D7')",
		Status:        http.StatusFound,
		Authorization: true,
	}
	hop2 := Request{Method: "GET", Path: "/data/v1.0/download", Status: http.StatusOK, Download: true}
	if log[0] != hop1 || log[1] != hop2 {
		t.Errorf("log: %+v", log)
	}
}
