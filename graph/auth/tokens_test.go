package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTokenRequest(t *testing.T) {
	tn := newTenant(t)
	c := tn.client(t)
	for range 3 {
		if err := authenticate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		"path": "/" + testCredentials.TenantID + "/oauth2/v2.0/token", "authorization": "", "agent": "test/1",
		"grant_type": "client_credentials", "client_id": "client-id", "client_secret": testSecret, "scope": tn.root +
			"/.default",
	}
	if diff := cmp.Diff(want, tn.form); diff != "" {
		t.Error(diff)
	}
	if n := tn.tokens.Load(); n != 1 {
		t.Errorf("%d token requests", n)
	}
}

func TestEveryAADSTSHasARemedy(t *testing.T) {
	// Every number of Microsoft's table that concerns us.
	numbers := []int{
		7000215, 7000222, 700016, 700011, 90002, 90038, 900382, 900432, 7000112, 70001,
		700027, 700024, 50012, 50013, 50027, 50048,
		700213, 70021, 700025, 7000218, 65001, 90094, 90095, 650056, 650057, 65005, 500011, 70011,
		28002, 1002012, 700022, 50011, 501481, 54005,
		50076, 50079, 50072, 50074, 53003, 53000, 53001, 530035, 50057, 50055, 50126, 50034, 50105,
		50173, 70043, 700082, 70008,
		70016, 70019, 70018, 50196, 50194, 90033, 90024, 90012, 50033, 90055,
	}
	if len(remedies) != len(numbers) {
		t.Errorf("%d remedies for %d numbers", len(remedies), len(numbers))
	}
	for _, n := range numbers {
		body, err := json.Marshal(
			map[string]any{"error": "invalid_request", "error_description": "something happened", "error_codes": []int{n}},
		)
		if err != nil {
			t.Fatal(err)
		}
		e := readTokenError(&http.Response{StatusCode: 400}, body, testSecret, time.Time{})
		if e.AADSTS != n || e.Remedy == "" || strings.HasPrefix(e.Remedy, "see https") {
			t.Errorf("%d: %v", n, e)
		}
	}
	e := readTokenError(
		&http.Response{StatusCode: 400},
		[]byte(`{"error":"invalid_grant","error_description":"AADSTS123456: new"}`),
		testSecret,
		time.Time{},
	)
	if e.AADSTS != 123456 || e.Remedy != "see https://login.microsoftonline.com/error?code=123456" {
		t.Error(e)
	}
}

func TestTokenErrorHidesWhatItMustAndSurvivesAnything(t *testing.T) {
	for body, want := range map[string]TokenError{
		`<html>proxy</html>`: {Status: 400, Description: "the answer is not the sign-in service's", Remedy: "a proxy or " +
			"firewall may have sent it; check the authority address and the proxy"},
		``: {Status: 400, Description: "the answer is not the sign-in service's", Remedy: "a proxy or firewall may have " +
			"sent it; check the authority address and the proxy"},
		`{"error":"invalid_client","error_description":"you sent ` + testSecret + ` and ` + url.QueryEscape(testSecret) +
			`\r\nTrace ID: x"}`: {Status: 400, Code: "invalid_client", Description: "you sent [secret] and [secret]",
			Remedy: "check client id and client secret"},
		`{"error":7,"error_codes":"x"}`: {Status: 400, Code: "7", Remedy: "check tenant id, client id and cloud"},
	} {
		got := readTokenError(&http.Response{StatusCode: 400}, []byte(body), testSecret, time.Time{})
		if *got != want {
			t.Errorf("%s:\n%+v\n%+v", body, *got, want)
		}
		mustNotContain(t, got.Error(), testSecret, "\n", "\r", "Trace")
	}
}

func TestTokenFaults(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		asked  int64
		kept   bool // a later call does not ask again
	}{
		"wrong secret": {401, wrongSecret, 1, true},
		"no such tenant": {400, `{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'x' not found."}`,
			1, true},
		"request loop":        {400, `{"error":"invalid_grant","error_codes":[50196]}`, 1, true},
		"transient":           {400, `{"error":"server_error","error_codes":[90033]}`, tokenTries, false},
		"throttled by number": {400, `{"error":"temporarily_unavailable","error_codes":[90024]}`, tokenTries, false},
		"throttled":           {429, `{"error":"x"}`, tokenTries, false},
		"broken gateway":      {502, `<html>`, tokenTries, false},
		"captive portal":      {200, `<html>`, tokenTries, false},
		"redirect":            {307, ``, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			tn := newTenant(t)
			client := tn.client(t, refusing(t, &asked, c.status, c.body, "Location", tn.login.URL+"/elsewhere"))
			err := authenticate(t.Context(), client)
			var e *TokenError
			if !errors.As(err, &e) || e.Status != c.status || e.Remedy == "" {
				t.Fatalf("%#v", err)
			}
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("%q", err)
			}
			if asked.Load() != c.asked {
				t.Errorf("asked %d times, want %d", asked.Load(), c.asked)
			}
			authenticate(t.Context(), client)
			if again := asked.Load() - c.asked; (again == 0) != c.kept {
				t.Errorf("a later call asked %d times", again)
			}
			if tn.tokens.Load() != 0 {
				t.Error("the redirect was followed with the secret")
			}
		})
	}
}

func TestTokenFaultThatPasses(t *testing.T) {
	var asked atomic.Int64
	var log waitLog
	tn := newTenant(t)
	login := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "0.05")
			w.WriteHeader(503)
			return
		}
		writeJSON(w, 200, map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": "t"})
	})
	c := tn.client(t, func(o *Options) { o.Cloud.Authority, o.OnWait = login.URL, log.add })
	if err := authenticate(t.Context(), c); err != nil || asked.Load() != 2 {
		t.Fatal(err, asked.Load())
	}
	waits := log.all()
	if len(waits) != 1 || waits[0].Status != 503 || waits[0].Path != "sign-in" || waits[0].Delay < 50*time.Millisecond {
		t.Errorf("%+v", waits)
	}
}

func TestCancelWhileAnotherFetchesTheToken(t *testing.T) {
	release := make(chan struct{})
	tn := newTenant(t)
	login := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release) // before the server closes
	c := tn.client(t, func(o *Options) { o.Cloud.Authority = login.URL })
	first, stopFirst := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- authenticate(first, c) }()
	for len(c.turn) == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := authenticate(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	stopFirst()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestTokenIsRenewedBeforeItEnds(t *testing.T) {
	for name, c := range map[string]struct {
		seconds int
		asked   int64
	}{"an hour": {3600, 1}, "a minute is not five": {60, 1}, "ended": {-1, 3}} {
		var asked atomic.Int64
		tn := newTenant(t)
		login := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			writeJSON(w, 200, map[string]any{"token_type": "Bearer", "expires_in": c.seconds, "access_token": "t"})
		})
		client := tn.client(t, func(o *Options) { o.Cloud.Authority = login.URL })
		for range 3 {
			if err := authenticate(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		if asked.Load() != c.asked {
			t.Errorf("%s: asked %d times", name, asked.Load())
		}
		if left := time.Until(client.renewAt); name == "an hour" && (left < 54*time.Minute || left > 55*time.Minute) {
			t.Errorf("renewed in %v", left)
		}
	}
}

const wrongSecret = `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. ` +
	`Ensure the secret being sent is the value. Trace ID: 0a1b Correlation ID: 2c3d Timestamp: 2026-01-01 00:00:00Z",` +
	`"error_codes":[7000215],"timestamp":"2026-01-01 00:00:00Z","trace_id":"0a1b","correlation_id":"2c3d"}`
