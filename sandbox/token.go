package sandbox

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"m365lake/sandbox/wire"
	"net/http"
	"strings"
	"time"
)

const tokenLife = 3599 * time.Second

type claims struct {
	Audience string   `json:"aud"`
	Issuer   string   `json:"iss"`
	IssuedAt int64    `json:"iat"`
	NotSince int64    `json:"nbf"`
	Expires  int64    `json:"exp"`
	AppID    string   `json:"appid"`
	IDType   string   `json:"idtyp"`
	Roles    []string `json:"roles,omitempty"` // without a permission the claim is left out
	Scopes   string   `json:"scp,omitempty"`   // of a person
	Tenant   string   `json:"tid"`
	Version  string   `json:"ver"`

	DirectoryRoles []string `json:"wids,omitempty"` // of a person
}

// accessToken is a token of the application that reads.
func (t *Tenant) accessToken(at time.Time) string { return t.tokenFor(t.reader(), at) }

func (t *Tenant) tokenFor(app application, at time.Time) string {
	c, err := json.Marshal(claims{
		Audience: "https://graph.microsoft.com",
		Issuer:   "https://sts.windows.net/" + t.ID() + "/",
		IssuedAt: at.Unix(), NotSince: at.Unix(), Expires: at.Add(tokenLife).Unix(),
		AppID: app.id, IDType: "app", Roles: t.granted(app.permissions), Tenant: t.ID(), Version: "1.0",
	})
	if err != nil {
		panic(err) // a struct of strings and numbers always marshals
	}
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`))
	body := head + "." + base64.RawURLEncoding.EncodeToString(c)
	return body + "." + t.Sign(body)
}

// authorized says whether the header carries a token of this tenant that has
// not expired, and what the token claims.
func (t *Tenant) authorized(header string) (c claims, ok, expired bool) {
	token, found := strings.CutPrefix(header, "Bearer ")
	end := strings.LastIndexByte(token, '.')
	if !found || end < 0 || !hmac.Equal([]byte(token[end+1:]), []byte(t.Sign(token[:end]))) {
		return c, false, false
	}
	_, payload, _ := strings.Cut(token[:end], ".")
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return c, false, false
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, false, false
	}
	expired = t.now().Unix() >= c.Expires
	return c, !expired, expired
}

// token serves POST /{tenant}/oauth2/v2.0/token.
func (s *Server) token(w http.ResponseWriter, r *http.Request, tenant string) {
	t := s.tenant
	if t.faults.on(faultTokenSlow) && !pause(r.Context(), 2*time.Second) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		s.entraError(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must be application/x-www-form-urlencoded.")
		return
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		id, secret = user, password
	}
	app, known := t.application(id)
	grant, scope := r.PostForm.Get("grant_type"), r.PostForm.Get("scope")
	switch {
	case !strings.EqualFold(tenant, t.ID()) && !strings.EqualFold(tenant, t.Domain):
		s.entraError(w, http.StatusBadRequest, "invalid_request", 90002,
			"Tenant '"+wire.Printable(tenant)+"' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "+
				"Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.")
	case grant == "":
		s.entraError(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must contain the following parameter: 'grant_type'.")
	case grant != "client_credentials":
		s.entraError(w, http.StatusBadRequest, "unsupported_grant_type", 70003,
			"The app requested an unsupported grant type '"+wire.Printable(grant)+"'.")
	case id == "":
		s.entraError(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must contain the following parameter: 'client_id'.")
	case !known:
		s.entraError(w, http.StatusBadRequest, "unauthorized_client", 700016,
			"Application with identifier '"+wire.Printable(id)+"' was not found in the directory '"+t.Name()+"'. "+
				"This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. "+
				"You may have sent your authentication request to the wrong tenant.")
	case secret == "":
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 7000216,
			"'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.")
	case !hmac.Equal([]byte(secret), []byte(app.secret)):
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "+
				"not the client secret ID, for a secret added to app '"+app.id+"'.")
	case !strings.HasSuffix(scope, "/.default") || strings.ContainsAny(scope, " \t"):
		s.entraError(w, http.StatusBadRequest, "invalid_scope", 70011,
			"The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. "+
				"The scope "+wire.Printable(scope)+" is not valid.")
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store, no-cache")
		w.Header().Set("Pragma", "no-cache")
		fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":%d,"ext_expires_in":%[1]d,"access_token":"%s"}`,
			int(tokenLife.Seconds()), t.tokenFor(app, t.now()))
	}
}

// entraError answers as the identity platform does. Its shape has nothing in
// common with Graph's errors.
func (s *Server) entraError(w http.ResponseWriter, status int, code string, number int, text string) {
	at := s.tenant.now().Format("2006-01-02 15:04:05Z")
	trace, correlation := s.nextID(), s.nextID()
	b, err := json.Marshal(struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
		Timestamp   string `json:"timestamp"`
		Trace       string `json:"trace_id"`
		Correlation string `json:"correlation_id"`
		URI         string `json:"error_uri"`
	}{code, fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", number, text, trace, correlation, at),
		[]int{number}, at, trace, correlation, fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", number)})
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	w.Write(b)
}
