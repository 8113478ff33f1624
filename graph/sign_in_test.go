package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestSecretIsNeverShown(t *testing.T) {
	tn := newTenant(
		t,
		func(w http.ResponseWriter, r *http.Request) { writeJSON(w, 200, map[string]any{"value": []int{}}) },
	)
	c := tn.client(t)
	if _, err := list(t.Context(), c, "/v1.0/users"); err != nil { // so that a token is inside
		t.Fatal(err)
	}
	global, err := cloud.ByName("")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Cloud: global, Credentials: testCredentials}
	var shown bytes.Buffer
	for _, v := range []any{
		testCredentials, &testCredentials, o, &o, []auth.Credentials{testCredentials},
		map[string]any{"c": testCredentials}, c, *c,
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%t"} {
			fmt.Fprintf(&shown, verb+"\n", v)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
			slog.New(h).Info("x", "v", v)
		}
	}
	b, err := json.Marshal(map[string]any{"v": testCredentials, "p": &testCredentials})
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(b)
	fmt.Fprintf(&shown, "%x", testCredentials)
	mustNotContain(t, shown.String(), testSecret, fmt.Sprintf("%x", testSecret), "s3cr3t", "token-1")
	mustContain(t, shown.String(), "secret hidden", `"client_secret":"hidden"`, testCredentials.TenantID)
}

const wrongSecret = `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. ` +
	`Ensure the secret being sent is the value. Trace ID: 0a1b Correlation ID: 2c3d Timestamp: 2026-01-01 00:00:00Z",` +
	`"error_codes":[7000215],"timestamp":"2026-01-01 00:00:00Z","trace_id":"0a1b","correlation_id":"2c3d"}`

// refusing is a sign-in service with one answer. It counts requests.
func refusing(t *testing.T, asked *atomic.Int64, status int, body string, header ...string) func(*Options) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
	})
	return func(o *Options) { o.Cloud.Authority = s.URL }
}

func TestWrongSecretIsSentOnce(t *testing.T) {
	var asked, answered atomic.Int64
	tn := newTenant(t, func(http.ResponseWriter, *http.Request) { answered.Add(1) })
	c := tn.client(t, refusing(t, &asked, 401, wrongSecret))
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			if i%2 == 0 {
				errs[i] = c.Authenticate(t.Context())
			} else {
				_, errs[i] = list(t.Context(), c, "/v1.0/users")
			}
		})
	}
	all.Wait()
	errs = append(errs, c.Authenticate(t.Context()))
	for _, err := range errs {
		if err != errs[0] {
			t.Errorf("another error: %v", err)
		}
	}
	var e *auth.TokenError
	if !errors.As(errs[0], &e) {
		t.Fatal(errs[0])
	}
	want := "sign-in: 401 invalid_client AADSTS7000215: Invalid client secret provided. Ensure the secret being sent " +
		"is the value.; use the secret's value, not its id, and see that it belongs to this client id"
	if e.Error() != want {
		t.Errorf("%q", e.Error())
	}
	if asked.Load() != 1 || answered.Load() != 0 {
		t.Errorf("%d token requests, %d requests to Graph", asked.Load(), answered.Load())
	}
}

func TestUnreachableSignIn(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	tn := newTenant(t, nil)
	c := tn.client(t, func(o *Options) { o.Cloud.Authority = gone.URL })
	_, err := list(t.Context(), c, "/v1.0/users")
	var e *wire.UnreachableError
	if !errors.As(err, &e) || e.Host != strings.TrimPrefix(gone.URL, "http://") || e.Path != "sign-in" {
		t.Fatalf("%v", err)
	}
	mustContain(t, err.Error(), "cannot be reached", "connection refused", "proxy", "cloud")
	mustNotContain(t, err.Error(), testSecret)
}
