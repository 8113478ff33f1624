package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const delegatedScope = "offline_access https://graph.microsoft.com/User.Read.All " +
	"https://graph.microsoft.com/Reports.Read.All"

const verifier = "a-verifier-of-at-least-forty-three-characters"

// authorizeQuery is what a browser is sent with.
func (c *client) authorizeQuery() url.Values {
	challenge := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {
			c.tenant.ClientID(),
		}, "response_type": {"code"}, "redirect_uri": {"http://localhost:12345"}, "scope": {delegatedScope},
		"state": {
			"the state",
		}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
}

// sentBack is where the browser is redirected to.
func (c *client) sentBack(query url.Values) url.Values {
	c.Helper()
	resp, text := c.do(c.server.URL() + "/" + c.tenant.ID() + "/oauth2/v2.0/authorize?" + query.Encode())
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode != http.StatusFound ||
		back.Scheme+"://"+back.Host+back.Path != "http://localhost:12345/" ||
		back.Query().Get("state") != "the state" {
		c.Fatalf("%s %s %s", resp.Status, back, text)
	}
	return back.Query()
}

func (c *client) redeem(code string, change url.Values) (int, map[string]any) {
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"redirect_uri":  {"http://localhost:12345"},
		"code_verifier": {verifier},
	}
	for k, v := range change {
		form[k] = v
	}
	return c.post("token", form)
}

func TestAuthorizationCode(t *testing.T) {
	c := start(t, Options{Users: 5})
	code := c.sentBack(c.authorizeQuery()).Get("code")
	for why, r := range map[string]struct {
		change url.Values
		code   string
		number float64
	}{
		"verifier": {url.Values{"code_verifier": {"another"}}, "invalid_grant", 501481},
		"redirect": {url.Values{"redirect_uri": {"http://localhost:1"}}, "invalid_grant", 50011},
		"code":     {url.Values{"code": {"another"}}, "invalid_grant", 9002313},
		"secret":   {url.Values{"client_secret": {c.tenant.ClientSecret()}}, "invalid_client", 700025},
	} {
		status, body := c.redeem(code, r.change)
		c.refused(why, status, body, r.code, r.number)
	}
	status, body := c.redeem(code, nil)
	c.works("redeemed", status, body)
	if body["scope"] != strings.TrimPrefix(delegatedScope, "offline_access ") {
		t.Errorf("%v", body["scope"])
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(c.token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil || claims["scp"] != "User.Read.All "+
		"Reports.Read.All" || claims["roles"] != nil || claims["idtyp"] != "user" {
		t.Errorf("%v %v", claims, err)
	}
	status, again := c.redeem(code, nil)
	c.refused("twice", status, again, "invalid_grant", 54005)

	// Every use of a refresh token brings another; the old one stays good until somebody revokes it.
	first := body["refresh_token"].(string)
	refresh := func(token string) (int, map[string]any) {
		return c.post("token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}})
	}
	status, body = refresh(first)
	c.works("refreshed", status, body)
	second, _ := body["refresh_token"].(string)
	if second == "" || second == first {
		t.Errorf("%q after %q", second, first)
	}
	status, body = refresh(first)
	c.works("the old one", status, body)
	c.server.RevokeSignIns()
	status, body = refresh(second)
	c.refused("revoked", status, body, "invalid_grant", 50173)
	status, body = refresh("nonsense")
	c.refused("unknown", status, body, "invalid_grant", 9002313)
}

func TestAuthorizeRefused(t *testing.T) {
	c := start(t, Options{Users: 5})
	for why, r := range map[string]struct {
		key, value, code string
	}{
		"no PKCE":          {"code_challenge", "", "invalid_request"},
		"plain PKCE":       {"code_challenge_method", "plain", "invalid_request"},
		"token":            {"response_type", "token", "unsupported_response_type"},
		"another resource": {"scope", "https://vault.azure.net/user_impersonation", "invalid_scope"},
	} {
		query := c.authorizeQuery()
		query.Set(r.key, r.value)
		if back := c.sentBack(query); back.Get("error") != r.code || back.Get("code") != "" ||
			!strings.HasPrefix(back.Get("error_description"), "AADSTS") {
			t.Errorf("%s: %v", why, back)
		}
	}
	for _, redirect := range []string{"", "https://evil.example/", "http://127.0.0.1:1/", "http://localhost:1/path",
		"http://localhost@evil.example/", "http://localhost:1/?x=1"} {
		query := c.authorizeQuery()
		query.Set("redirect_uri", redirect)
		resp, text := c.do(c.server.URL() + "/" + c.tenant.ID() + "/oauth2/v2.0/authorize?" + query.Encode())
		if resp.StatusCode != 400 || resp.Header.Get("Location") != "" || !strings.Contains(text, "AADSTS50011") {
			t.Errorf("%q: %s %s", redirect, resp.Status, text)
		}
	}
	declined := start(t, Options{Users: 5, Faults: []string{"sign_in_declined"}})
	if back := declined.sentBack(declined.authorizeQuery()); back.Get("error") != "access_denied" ||
		back.Get("code") != "" {
		t.Errorf("declined: %v", back)
	}
}

func TestDeviceCode(t *testing.T) {
	var ahead atomic.Int64 // of the machine's clock
	c := start(t, Options{Users: 5, Machine: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	begin := func() (device, user string) {
		status, body := c.post("devicecode", url.Values{"scope": {delegatedScope}})
		if status != 200 || body["verification_uri"] != c.server.URL()+"/devicelogin" || body["expires_in"] != 900.0 ||
			body["interval"] != 1.0 ||
			!strings.Contains(body["message"].(string), body["user_code"].(string)) {
			t.Fatalf("%d %v", status, body)
		}
		return body["device_code"].(string), body["user_code"].(string)
	}
	poll := func(device string) (int, map[string]any) {
		return c.post(
			"token",
			url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {device}},
		)
	}
	typed := func(form url.Values) int {
		resp, err := c.http.PostForm(c.server.URL()+"/devicelogin", form)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	device, user := begin()
	if !regexp.MustCompile(`^[A-Z0-9]{9}$`).MatchString(user) {
		t.Errorf("user code %q", user)
	}
	status, body := poll(device)
	c.refused("first poll", status, body, "authorization_pending", 70016)
	status, body = poll(device)
	c.refused("at once", status, body, "slow_down", 70016)
	ahead.Add(int64(time.Second)) // what the sandbox asks for between polls
	status, body = poll(device)
	c.refused("in time", status, body, "authorization_pending", 70016)
	if typed(url.Values{"otc": {"WRONG"}}) != 400 || typed(url.Values{"otc": {" " + strings.ToLower(user)}}) != 200 {
		t.Error("typing the code")
	}
	status, body = poll(device)
	c.works("confirmed", status, body)
	if body["refresh_token"] == nil {
		t.Error("no refresh token")
	}
	status, body = poll(device)
	c.refused("used", status, body, "bad_verification_code", 70018)

	device, user = begin()
	if typed(url.Values{"otc": {user}, "decline": {"1"}}) != 200 {
		t.Error("declining")
	}
	status, body = poll(device)
	c.refused("declined", status, body, "authorization_declined", 70017)

	device, _ = begin()
	ahead.Add(int64(15*time.Minute + time.Second))
	status, body = poll(device)
	c.refused("ended", status, body, "expired_token", 70019)
}
