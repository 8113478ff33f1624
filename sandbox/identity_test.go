package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// post sends a form below the tenant's sign-in service.
func (c *client) post(endpoint string, form url.Values) (int, map[string]any) {
	c.Helper()
	if !form.Has("client_id") {
		form.Set("client_id", c.tenant.ClientID())
	}
	resp, err := c.http.PostForm(c.server.URL()+"/"+c.tenant.ID()+"/oauth2/v2.0/"+endpoint, form)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		c.Fatal(err)
	}
	return resp.StatusCode, body
}

// refused wants an error code and an AADSTS number.
func (c *client) refused(why string, status int, body map[string]any, code string, number float64) {
	c.Helper()
	codes, _ := body["error_codes"].([]any)
	if status < 400 || body["error"] != code || len(codes) != 1 || codes[0] != number {
		c.Errorf("%s: %d %v", why, status, body)
	}
}

// works wants the token of an answer to be one that Graph takes.
func (c *client) works(why string, status int, body map[string]any) {
	c.Helper()
	token, _ := body["access_token"].(string)
	if status != 200 || token == "" {
		c.Errorf("%s: %d %v", why, status, body)
		return
	}
	if !slices.Contains(c.server.Secrets(), token) {
		c.Errorf("%s: the token is not among the secrets", why)
	}
	c.token = token
	if resp, text := c.graph("/organization"); resp.StatusCode != 200 {
		c.Errorf("%s: %s %s", why, resp.Status, text)
	}
}

// jwt signs header and claims.
func jwt(t *testing.T, header, claims map[string]any, sign func(digest []byte) ([]byte, error)) string {
	t.Helper()
	var parts []string
	for _, part := range []map[string]any{header, claims} {
		b, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(b))
	}
	digest := sha256.Sum256([]byte(strings.Join(parts, ".")))
	signature, err := sign(digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(parts, base64.RawURLEncoding.EncodeToString(signature)), ".")
}

func assertionForm(assertion string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "scope": {anyScope}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
}

func TestCertificateAssertion(t *testing.T) {
	c := start(t, Options{Users: 5})
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pss := func(digest []byte) ([]byte, error) {
		return rsa.SignPSS(
			rand.Reader,
			key,
			crypto.SHA256,
			digest,
			&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash},
		)
	}
	thumbprint := sha256.Sum256(der)
	id := 0
	ask := func(change func(header, claims map[string]any), form url.Values) (int, map[string]any) {
		id++
		now := time.Now().Unix()
		header := map[string]any{
			"alg":      "PS256",
			"typ":      "JWT",
			"x5t#S256": base64.RawURLEncoding.EncodeToString(thumbprint[:]),
		}
		claims := map[string]any{
			"aud": c.server.URL() + "/" + c.tenant.ID() + "/oauth2/v2.0/token",
			"iss": c.tenant.ClientID(), "sub": c.tenant.ClientID(),
			"nbf": now, "iat": now, "exp": now + 300,
		}
		claims["jti"] = string(rune('a' + id))
		change(header, claims)
		f := assertionForm(jwt(t, header, claims, pss))
		for k, v := range form {
			f[k] = v
		}
		return c.post("token", f)
	}
	as := func(map[string]any, map[string]any) {}
	status, body := ask(as, nil)
	c.refused("not registered yet", status, body, "invalid_client", 700027)
	c.server.TrustCertificate(certificate)
	status, body = ask(as, nil)
	c.works("registered", status, body)
	for why, r := range map[string]struct {
		change func(header, claims map[string]any)
		number float64
	}{
		"wrong thumbprint": {func(h, _ map[string]any) { h["x5t#S256"] = "AAAA" }, 700027},
		"RS256":            {func(h, _ map[string]any) { h["alg"] = "RS256" }, 700027},
		"none":             {func(h, _ map[string]any) { h["alg"] = "none" }, 700027},
		"audience": {func(_,
			m map[string]any) {
			m["aud"] = "https://login.microsoftonline.com/x/oauth2/v2.0/token"
		}, 50012},
		"subject":   {func(_, m map[string]any) { m["sub"] = "another" }, 50048},
		"ended":     {func(_, m map[string]any) { m["exp"] = time.Now().Add(-time.Hour).Unix() }, 700024},
		"not yet":   {func(_, m map[string]any) { m["nbf"] = time.Now().Add(time.Hour).Unix() }, 700024},
		"no id":     {func(_, m map[string]any) { delete(m, "jti") }, 50027},
		"a used id": {func(_, m map[string]any) { m["jti"] = "c" }, 50027},
	} {
		status, body := ask(r.change, nil)
		c.refused(why, status, body, "invalid_client", r.number)
	}
	status, body = ask(as, url.Values{"client_secret": {"x"}})
	c.refused("and a secret", status, body, "invalid_request", 50027)
	status, body = ask(as, url.Values{"scope": {"User.Read.All"}})
	c.refused("scope", status, body, "invalid_scope", 70011)
	status, body = ask(as, url.Values{"client_assertion_type": {"x"}})
	c.refused("type", status, body, "invalid_request", 900144)
	status, body = ask(as, url.Values{"client_id": {"11111111-2222-4333-8444-555555555555"}})
	c.refused("another application", status, body, "unauthorized_client", 700016)
	status, body = c.post("token", assertionForm("a.b.c"))
	c.refused("garbage", status, body, "invalid_request", 50027)
}

func TestFederatedAssertion(t *testing.T) {
	c := start(t, Options{Users: 5})
	status, body := c.post("token", assertionForm(c.server.FederatedToken(FederatedSubject, FederatedAudience)))
	c.works("trusted", status, body)
	for why, token := range map[string]string{
		"subject":  c.server.FederatedToken("repo:somebody/else", FederatedAudience),
		"audience": c.server.FederatedToken(FederatedSubject, "api://AzureADTokenExchangeChina"),
		"case":     c.server.FederatedToken(strings.ToUpper(FederatedSubject), FederatedAudience),
		"issuer":   start(t, Options{Users: 5}).server.FederatedToken(FederatedSubject, FederatedAudience),
	} {
		status, body := c.post("token", assertionForm(token))
		c.refused(why, status, body, "invalid_client", 700213)
	}
	good := c.server.FederatedToken(FederatedSubject, FederatedAudience)
	forged := good[:strings.LastIndexByte(good, '.')+1] + base64.RawURLEncoding.EncodeToString(make([]byte, 256))
	status, body = c.post("token", assertionForm(forged))
	c.refused("signature", status, body, "invalid_client", 50013)

	// GitHub's endpoint gives such a token to the workflow alone.
	resp, text := c.do(
		c.server.WorkflowTokenURL()+"&audience="+url.QueryEscape(FederatedAudience),
		"Authorization",
		"Bearer "+c.server.WorkflowBearer(),
	)
	var answer struct{ Value string }
	if err := json.Unmarshal([]byte(text), &answer); err != nil || resp.StatusCode != 200 {
		t.Fatal(resp.Status, text)
	}
	status, body = c.post("token", assertionForm(answer.Value))
	c.works("workflow", status, body)
	if resp, _ := c.do(c.server.WorkflowTokenURL()); resp.StatusCode != 401 {
		t.Errorf("without a bearer: %s", resp.Status)
	}
}

func TestManagedIdentityEndpoints(t *testing.T) {
	c := start(t, Options{Users: 5})
	metadata := c.server.URL() +
		"/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://graph.microsoft.com/"
	appService := c.server.IdentityEndpoint() + "?api-version=2019-08-01&resource=https://graph.microsoft.com"
	for why, r := range map[string]struct {
		link   string
		header []string
		status int
	}{
		"metadata": {metadata, []string{"Metadata", "true"}, 200},
		"metadata, assigned": {metadata + "&client_id=" + c.tenant.ClientID(), []string{"Metadata", "true"},
			200},
		"metadata without header":    {metadata, nil, 400},
		"metadata by a proxy":        {metadata, []string{"Metadata", "true", "X-Forwarded-For", "10.0.0.1"}, 400},
		"metadata, another identity": {metadata + "&client_id=x", []string{"Metadata", "true"}, 400},
		"metadata, another cloud":    {strings.Replace(metadata, ".com", ".us", 1), []string{"Metadata", "true"}, 400},
		"metadata without a resource": {c.server.URL() + "/metadata/identity/oauth2/token?api-version=2018-02-01",
			[]string{"Metadata", "true"}, 400},
		"App Service":               {appService, []string{"X-IDENTITY-HEADER", c.server.IdentityHeader()}, 200},
		"App Service, wrong header": {appService, []string{"X-IDENTITY-HEADER", "x"}, 401},
		"App Service, another": {appService + "&client_id=x", []string{"X-IDENTITY-HEADER",
			c.server.IdentityHeader()}, 400},
		"App Service, old version": {strings.Replace(appService, "2019-08-01", "2017-09-01", 1),
			[]string{"X-IDENTITY-HEADER", c.server.IdentityHeader()}, 400},
	} {
		resp, text := c.do(r.link, r.header...)
		var body map[string]any
		if err := json.Unmarshal([]byte(text), &body); err != nil || resp.StatusCode != r.status {
			t.Errorf("%s: %s %s", why, resp.Status, text)
			continue
		}
		_, in := body["expires_in"].(string)
		if on, ok := body["expires_on"].(string); r.status == http.StatusOK &&
			(!ok || on == "" || in != strings.HasPrefix(why, "metadata")) {
			t.Errorf("%s: %s", why, text)
		}
		if r.status == http.StatusOK {
			c.works(why, resp.StatusCode, body)
		}
	}
}
