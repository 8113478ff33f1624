package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"m365lake/graph/cloud"
	"m365lake/internal/clock"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entra is a sign-in service: token answers each request to its token endpoint.
func entra(t *testing.T, token func(form url.Values) (status int, answer map[string]any)) SignIn {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		switch {
		case strings.HasSuffix(r.URL.Path, "/tenant/oauth2/v2.0/token"):
			if r.Header.Get("Authorization") != "" || r.PostForm.Has("client_secret") ||
				r.PostForm.Get("client_id") != "client" {
				t.Errorf("%v %v", r.Header, r.PostForm)
			}
			status, answer := token(r.PostForm)
			writeJSON(w, status, answer)
		case strings.HasSuffix(r.URL.Path, "/tenant/oauth2/v2.0/devicecode"):
			if !strings.Contains(r.PostForm.Get("scope"), "offline_access") {
				t.Errorf("%v", r.PostForm)
			}
			writeJSON(
				w,
				200,
				map[string]any{
					"user_code":        "ABC",
					"device_code":      "device-secret",
					"verification_uri": "https://example.org/login",
					"expires_in":       900,
					"interval":         1,
				},
			)
		default:
			t.Errorf("%s", r.URL)
		}
	})
	return SignIn{
		Cloud: cloud.Cloud{Name: "test", Authority: s.URL, Root: s.URL}, TenantID: "tenant", ClientID: "client",
		Clock: clock.NewSkipping(time.Now()),
	}
}

// browse opens an address as a browser does and returns the page.
func browse(t *testing.T, address string) (status int, page string, header http.Header) {
	t.Helper()
	client := &http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get(address)
	if err != nil {
		t.Error(err)
		return 0, "", nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// answerOf is where Microsoft would send the browser, with the answer given.
func answerOf(t *testing.T, address string, answer url.Values) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("redirect_uri") + "/?" + answer.Encode()
}

func TestByBrowser(t *testing.T) {
	var redeemed url.Values
	s := entra(t, func(form url.Values) (int, map[string]any) {
		redeemed = form
		return 200, map[string]any{"token_type": "Bearer", "access_token": "a", "refresh_token": "r-1", "expires_in": 3600}
	})
	type shown struct {
		status int
		page   string
		header http.Header
	}
	pages := make(chan shown, 1)
	var query url.Values
	token, err := s.ByBrowser(t.Context(), func(address string) {
		u, err := url.Parse(address)
		if err != nil || u.Path != "/tenant/oauth2/v2.0/authorize" {
			t.Errorf("%s: %v", address, err)
		}
		query = u.Query()
		// Whatever another page of the browser sends here changes nothing.
		for _, forged := range []url.Values{{"code": {"evil"}}, {"code": {"evil"}, "state": {"guess"}},
			{"error": {"access_denied"}}} {
			if status, _, _ := browse(t, answerOf(t, address, forged)); status != 400 {
				t.Errorf("%v: %d", forged, status)
			}
		}
		if status, _, _ := browse(t, query.Get("redirect_uri")+"/favicon.ico"); status != 404 {
			t.Errorf("favicon: %d", status)
		}
		back := answerOf(t, address, url.Values{"code": {"the-code"}, "state": query["state"]})
		rebound, err := http.NewRequest(http.MethodGet, back, nil)
		if err != nil {
			t.Fatal(err)
		}
		rebound.Host = "evil.example"
		if resp, err := http.DefaultClient.Do(rebound); err != nil || resp.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("another host name: %v %v", resp, err)
		}
		go func() {
			var p shown
			p.status, p.page, p.header = browse(t, back)
			pages <- p
		}()
	})
	if err != nil || token != "r-1" {
		t.Fatal(token, err)
	}
	if query.Get("response_type") != "code" || query.Get("code_challenge_method") != "S256" ||
		len(query.Get("code_challenge")) != 43 ||
		len(query.Get("state")) < 32 ||
		query.Get("client_id") != "client" ||
		!strings.HasPrefix(query.Get("redirect_uri"), "http://localhost:") {
		t.Errorf("%v", query)
	}
	if redeemed.Get("code") != "the-code" || redeemed.Get("redirect_uri") != query.Get("redirect_uri") ||
		len(redeemed.Get("code_verifier")) != 43 ||
		redeemed.Get("grant_type") != "authorization_code" {
		t.Errorf("%v", redeemed)
	}
	p := <-pages
	mustContain(t, p.page, "You are signed in")
	mustNotContain(t, p.page, "the-code", query.Get("state"), "r-1")
	if p.status != 200 || p.header.Get("Referrer-Policy") != "no-referrer" ||
		p.header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(p.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", p.status, p.header)
	}
}

func TestByBrowserRefused(t *testing.T) {
	for want, c := range map[string]struct {
		answer url.Values
		status int
		token  map[string]any
	}{
		"sign-in: 302 access_denied AADSTS65004: no <b>; the sign-in was declined: begin again and accept": {
			answer: url.Values{"error": {"access_denied"}, "error_description": {"AADSTS65004: no <b>"}},
		},
		"sign-in: 400 invalid_grant AADSTS501481: [secret]; the PKCE verifier does not fit": {
			answer: url.Values{"code": {"c0de-1"}}, status: 400,
			token: map[string]any{"error": "invalid_grant", "error_description": "AADSTS501481: c0de-1"},
		},
		"Microsoft gave no refresh token": {answer: url.Values{"code": {"c"}}, status: 200,
			token: map[string]any{"access_token": "a", "token_type": "Bearer"}},
	} {
		s := entra(t, func(url.Values) (int, map[string]any) { return c.status, c.token })
		pages := make(chan string, 1)
		_, err := s.ByBrowser(t.Context(), func(address string) {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			c.answer.Set("state", u.Query().Get("state"))
			go func() {
				_, page, _ := browse(t, answerOf(t, address, c.answer))
				pages <- page
			}()
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		page := <-pages
		mustContain(t, page, "The sign-in failed")
		mustNotContain(t, page, "c0de-1", "no <b>")
	}
	s := entra(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := s.ByBrowser(ctx, func(string) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	s.TenantID = "common"
	if _, err := s.ByBrowser(t.Context(), nil); err == nil || !strings.Contains(err.Error(), `"common"`) {
		t.Error(err)
	}
}

// A poll that is lost on the way does not end what a person is about to confirm.
func TestByDevice(t *testing.T) {
	var polls atomic.Int64
	s := entra(t, func(form url.Values) (int, map[string]any) {
		if form.Get("device_code") != "device-secret" ||
			form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:device_code" {
			t.Errorf("%v", form)
		}
		switch polls.Add(1) {
		case 1:
			return 400, map[string]any{"error": "authorization_pending"}
		case 2:
			panic(http.ErrAbortHandler)
		}
		return 200, map[string]any{"token_type": "Bearer", "access_token": "a", "refresh_token": "r-2", "expires_in": 3600}
	})
	var shown DeviceCode
	token, err := s.ByDevice(t.Context(), func(d DeviceCode) { shown = d })
	if err != nil || token != "r-2" || polls.Load() != 3 {
		t.Fatal(token, err, polls.Load())
	}
	if left := time.Until(shown.Ends); shown.Code != "ABC" || shown.Address != "https://example.org/login" ||
		left < 14*time.Minute ||
		left > 15*time.Minute {
		t.Errorf("%+v", shown)
	}
}

// The service says how often it may be asked, and asks for longer pauses by slow_down: RFC 8628 section 3.5.
func TestByDevicePausesAsTheServiceAsks(t *testing.T) {
	var polls atomic.Int64
	s := entra(t, func(url.Values) (int, map[string]any) {
		switch polls.Add(1) {
		case 1, 3:
			return 400, map[string]any{"error": "authorization_pending"}
		case 2:
			return 400, map[string]any{"error": "slow_down"}
		}
		return 200, map[string]any{"token_type": "Bearer", "access_token": "a", "refresh_token": "r"}
	})
	now := clock.NewSkipping(time.Now())
	s.Clock = now
	if _, err := s.ByDevice(t.Context(), func(DeviceCode) {}); err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{time.Second, time.Second, 6 * time.Second, 6 * time.Second}
	if diff := cmp.Diff(want, now.Slept()); diff != "" {
		t.Error(diff)
	}
}

// Nobody confirms: the sign-in ends with its code.
func TestByDeviceEndsWithTheCode(t *testing.T) {
	s := entra(t, func(url.Values) (int, map[string]any) {
		return 400, map[string]any{"error": "authorization_pending"}
	})
	began := s.Clock.Now()
	_, err := s.ByDevice(t.Context(), func(DeviceCode) {})
	if err == nil || !strings.Contains(err.Error(), "nobody confirmed the code in time") {
		t.Error(err)
	}
	if took := s.Clock.Now().Sub(began).Round(time.Second); took != 15*time.Minute {
		t.Errorf("it ended after %v", took)
	}
}

func TestByDeviceRefused(t *testing.T) {
	for code, want := range map[string]string{
		"authorization_declined": "begin again and accept", "expired_token": "nobody confirmed in time",
		"bad_verification_code": "sign-in: 400 bad_verification_code",
	} {
		s := entra(t, func(url.Values) (int, map[string]any) {
			return 400, map[string]any{"error": code, "error_description": "you sent device-secret"}
		})
		_, err := s.ByDevice(t.Context(), func(DeviceCode) {})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "device-secret") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// keptTokens keeps one refresh token in memory.
type keptTokens struct{ token string }

func (k *keptTokens) Rotate(_ context.Context, exchange func(string) (string, error)) error {
	next, err := exchange(k.token)
	if err == nil {
		k.token = next
	}
	return err
}

func TestRefreshTokenIsRotated(t *testing.T) {
	var asked atomic.Int64
	s := entra(t, func(form url.Values) (int, map[string]any) {
		if form.Get("grant_type") != "refresh_token" || form.Has("scope") {
			t.Errorf("%v", form)
		}
		n := asked.Add(1)
		if want := fmt.Sprintf("r-%d", n); form.Get("refresh_token") != want {
			t.Errorf("%v instead of %s", form, want)
		}
		if n == 3 {
			return 400, map[string]any{"error": "invalid_grant", "error_description": "AADSTS50173: revoked r-3"}
		}
		return 200, map[string]any{
			"token_type":    "Bearer",
			"access_token":  fmt.Sprintf("a-%d", n),
			"refresh_token": fmt.Sprintf("r-%d", n+1),
			"expires_in":    3600,
		}
	})
	kept := &keptTokens{"r-1"}
	c, err := NewTokens(options(s.Cloud, Credentials{TenantID: "tenant", ClientID: "client", RefreshTokens: kept}))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"r-2", "r-3"} {
		if err := authenticate(t.Context(), c); err != nil || kept.token != want ||
			c.current.AccessToken != fmt.Sprintf("a-%d", i+1) {
			t.Fatal(err, kept.token)
		}
		c.current = nil
	}
	for range 2 { // what was refused is not asked again
		err = authenticate(t.Context(), c)
	}
	var refusal *TokenError
	if !errors.As(err, &refusal) || refusal.AADSTS != 50173 || asked.Load() != 3 || kept.token != "r-3" {
		t.Error(err, asked.Load(), kept.token)
	}
	mustNotContain(t, err.Error(), "r-3")
}

// However credentials are shown, no way's secret is.
func TestEveryWayIsConcealed(t *testing.T) {
	key := sharedTestKey(t)
	certificate, err := ParseCertificate(
		append(pkcs8(t, key), pemBlock("CERTIFICATE", selfSigned(t, key, time.Now().Add(time.Hour)).Raw)...),
		"",
	)
	if err != nil {
		t.Fatal(err)
	}
	prime := key.Primes[0].String()
	ways := map[string]Credentials{
		"certificate":      {Certificate: certificate},
		"federation":       {Federation: GitHubActions("https://example.org", "hunter2")},
		"managed identity": {ManagedIdentity: AppService("http://127.0.0.1", "hunter2")},
		"refresh token":    {RefreshTokens: &keptTokens{"hunter2"}},
	}
	for way, c := range ways {
		c.TenantID, c.ClientID = "tenant", "client"
		var shown bytes.Buffer
		for _, v := range []any{c, &c, Options{Cloud: globalCloud, Credentials: c}, c.Certificate, c.ManagedIdentity} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
				fmt.Fprintf(&shown, verb+"\n", v)
			}
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(b)
		mustContain(t, shown.String(), "signing in by "+way, `"way":"`+way+`"`)
		mustNotContain(t, shown.String(), "hunter2", fmt.Sprintf("%x", "hunter2"), prime, key.D.String())
	}
}
