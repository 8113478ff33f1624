package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestManagedIdentity(t *testing.T) {
	later := fmt.Sprint(time.Now().Add(2 * time.Hour).Unix())
	for name, c := range map[string]struct {
		answer string
		life   time.Duration
	}{
		"metadata service": {`{"access_token":"t","expires_in":"3600","expires_on":"` + later + `","token_type":"Bearer"}`,
			2 * time.Hour},
		"App Service":      {`{"access_token":"t","expires_on":` + later + `}`, 2 * time.Hour},
		"expires_in alone": {`{"access_token":"t","expires_in":"3600"}`, time.Hour},
	} {
		var request *http.Request
		azure := serve(t, func(w http.ResponseWriter, r *http.Request) { request = r; w.Write([]byte(c.answer)) })
		tn := newTenant(t)
		for _, header := range []string{"", "the-header"} {
			identity, names := InstanceMetadata(azure.URL), [2]string{"Metadata", "true"}
			if header != "" {
				identity, names = AppService(azure.URL+"/msi/token", header), [2]string{"X-Identity-Header", header}
			}
			client := tn.client(t, by(func(c *Credentials) { c.ManagedIdentity = identity }))
			if err := authenticate(t.Context(), client); err != nil {
				t.Fatal(name, err)
			}
			if d := time.Until(client.current.Expiry); d < c.life-time.Minute || d > c.life+time.Minute {
				t.Errorf("%s: ends in %v", name, d)
			}
			query := request.URL.Query()
			if request.Method != "GET" || request.Header.Get(names[0]) != names[1] || query.Get("resource") != tn.root ||
				query.Get("client_id") != "client-id" ||
				query.Get("api-version") != map[string]string{"": "2018-02-01", "the-header": "2019-08-01"}[header] {
				t.Errorf("%s: %s %v", name, request.URL, request.Header)
			}
			if tn.tokens.Load() != 0 {
				t.Error("the sign-in service was asked")
			}
		}
	}
}

// A managed identity is asked for on this machine: no proxy, no other host, and no retries of what stays.
func TestManagedIdentityRefused(t *testing.T) {
	var asked atomic.Int64
	answers := []struct {
		status int
		body   string
	}{
		{400, `{"error":"invalid_request","error_description":"Identity not found"}`},
		{400, `{"statusCode":400,"message":"No identity, you sent the-header"}`},
		{200, `{"access_token":"","expires_in":"1"}`},
		{200, `{"access_token":"t","expires_on":"soon"}`},
	}
	wants := []string{
		"sign-in: 400 invalid_request: Identity not found; turn on the machine's identity",
		"sign-in: 400: No identity, you sent [secret]; turn on the machine's identity",
		"the answer holds no token: access_token is missing",
		"the answer holds no token: neither expires_on nor expires_in is a number",
	}
	for i, answer := range answers {
		asked.Store(0)
		azure := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.WriteHeader(answer.status)
			w.Write([]byte(answer.body))
		})
		tn := newTenant(t)
		err := authenticate(
			t.Context(),
			tn.client(t, by(func(c *Credentials) { c.ManagedIdentity = AppService(azure.URL, "the-header") })),
		)
		if err == nil || !strings.Contains(err.Error(), wants[i]) || strings.Contains(err.Error(), "the-header") {
			t.Errorf("%v, want %q", err, wants[i])
		}
		if answer.status == 400 && asked.Load() != 1 {
			t.Errorf("asked %d times", asked.Load())
		}
	}
	for _, endpoint := range []string{"http://192.0.2.1/msi", "http://example.org", "ftp://127.0.0.1",
		"http://user:pw@127.0.0.1/", "nonsense", "%zz"} {
		tn := newTenant(t)
		err := authenticate(
			t.Context(),
			tn.client(t, by(func(c *Credentials) { c.ManagedIdentity = AppService(endpoint, "the-header") })),
		)
		if err == nil || !strings.Contains(err.Error(), "not an address of this machine") {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
	for _, endpoint := range []string{"http://169.254.255.2:8081/msi/token", "http://127.0.0.1:41056/msi/token",
		"http://localhost:42356/msi/token", "http://169.254.169.254/x"} {
		if _, err := identityRequest(t.Context(), endpoint, "v", "r", "", "a", "b"); err != nil {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

func TestManagedIdentityWaitsForAnUpdateAndAvoidsTheProxy(t *testing.T) {
	var asked, proxied atomic.Int64
	azure := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(404)
			return
		}
		w.Write([]byte(`{"access_token":"t","expires_in":3600}`))
	})
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) { proxied.Add(1); w.WriteHeader(500) })
	tn := newTenant(t)
	c := tn.client(t, by(func(c *Credentials) { c.ManagedIdentity = InstanceMetadata(azure.URL) }), func(o *Options) {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.Proxy = func(r *http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
		o.Transport = transport
	})
	if err := authenticate(t.Context(), c); err != nil || asked.Load() != 2 || proxied.Load() != 0 {
		t.Error(err, asked.Load(), proxied.Load())
	}
	gone := (&ManagedIdentity{redact: func(s string) string { return s }}).refusal(
		&http.Response{StatusCode: 410, Header: http.Header{}},
		nil,
		time.Time{},
	)
	if !gone.passing() || gone.retryAfter != 70*time.Second {
		t.Errorf("%+v", gone)
	}
}

func FuzzIdentityToken(f *testing.F) {
	f.Add([]byte(`{"access_token":"t","expires_on":"1"}`))
	f.Add([]byte(`{"access_token":7,"expires_in":1e9}`))
	now := time.Unix(1_800_000_000, 0)
	f.Fuzz(func(t *testing.T, body []byte) {
		token, err := identityToken(body, now)
		if err == nil && (token.AccessToken == "" || token.Expiry.IsZero()) {
			t.Errorf("%q: %+v", body, token)
		}
	})
}
