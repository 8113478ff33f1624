package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// identities is what the sign-in service remembers between requests. Assertions, codes and waits are
// measured by this machine's clock and not by the tenant's: clients make them with theirs.
type identities struct {
	mu           sync.Mutex
	certificates []*x509.Certificate // registered with the application
	assertions   map[string]bool     // jti of those that were used
	codes        map[string]*authorizationCode
	devices      map[string]*deviceCode
	refresh      map[string][]string // scopes by refresh token
	revoked      map[string]bool     // refresh tokens
	secrets      []string            // given out or received
	issuerKey    func() *rsa.PrivateKey
}

func newIdentities() *identities {
	return &identities{
		assertions: map[string]bool{}, codes: map[string]*authorizationCode{}, devices: map[string]*deviceCode{},
		refresh: map[string][]string{}, revoked: map[string]bool{},
		issuerKey: sync.OnceValue(func() *rsa.PrivateKey {
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				panic(err) // the operating system has no random numbers
			}
			return key
		}),
	}
}

// keep remembers secrets for Secrets. The caller holds the lock.
func (i *identities) keep(secrets ...string) {
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(i.secrets, secret) {
			i.secrets = append(i.secrets, secret)
		}
	}
}

// Secrets is every secret the sign-in service gave out or was sent so far: none of them may be found
// in what a client wrote.
func (s *Server) Secrets() []string {
	s.identities.mu.Lock()
	defer s.identities.mu.Unlock()
	return append([]string{s.tenant.ClientSecret(), s.tenant.accessToken(s.tenant.now()), s.IdentityHeader(), s.WorkflowBearer()}, s.identities.secrets...)
}

// serveSignIn answers what belongs to signing in but the token endpoint, and says whether it did.
func (s *Server) serveSignIn(w http.ResponseWriter, r *http.Request) bool {
	if tenant, ok := strings.CutSuffix(r.URL.Path, "/oauth2/v2.0/authorize"); ok && r.Method == http.MethodGet {
		s.authorize(w, r, strings.TrimPrefix(tenant, "/"))
		return true
	}
	if tenant, ok := strings.CutSuffix(r.URL.Path, "/oauth2/v2.0/devicecode"); ok && r.Method == http.MethodPost {
		s.deviceAuthorization(w, r, strings.TrimPrefix(tenant, "/"))
		return true
	}
	switch r.URL.Path {
	case deviceLoginPath:
		s.deviceLogin(w, r)
	case metadataPath:
		s.metadataToken(w, r)
	case appServicePath:
		s.appServiceToken(w, r)
	case workflowPath:
		s.workflowToken(w, r)
	default:
		return false
	}
	return true
}

// signIn serves POST /{tenant}/oauth2/v2.0/token: client secrets in token.go, all other grants here.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request, tenant string) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	_ = r.ParseForm() // token says what is wrong with it
	grants := map[string]func(http.ResponseWriter, *http.Request){
		"authorization_code": s.codeGrant, "refresh_token": s.refreshGrant, deviceGrantType: s.deviceGrant,
	}
	grant := r.PostForm.Get("grant_type")
	serve := grants[grant]
	if grant == "client_credentials" && r.PostForm.Has("client_assertion") {
		serve = s.assertionGrant
	}
	if serve == nil {
		s.token(w, r, tenant)
		return
	}
	if !s.knownApplication(w, r, tenant) {
		return
	}
	if grant != "client_credentials" && (r.PostForm.Has("client_secret") || r.PostForm.Has("client_assertion") || r.Header.Get("Authorization") != "") {
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 700025,
			"Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
		return
	}
	serve(w, r)
}

// knownApplication answers for itself when the tenant or the application is another.
func (s *Server) knownApplication(w http.ResponseWriter, r *http.Request, tenant string) bool {
	t, id := s.tenant, r.Form.Get("client_id")
	switch {
	case !strings.EqualFold(tenant, t.ID()) && !strings.EqualFold(tenant, t.Domain):
		s.entraError(w, http.StatusBadRequest, "invalid_request", 90002,
			"Tenant '"+wire.Printable(tenant)+"' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.")
		return false
	case !strings.EqualFold(id, t.ClientID()):
		s.entraError(w, http.StatusBadRequest, "unauthorized_client", 700016,
			"Application with identifier '"+wire.Printable(id)+"' was not found in the directory '"+t.Name()+"'.")
		return false
	}
	return true
}

// tokenAnswer is a success of the token endpoint.
type tokenAnswer struct {
	Type    string `json:"token_type"`
	Scope   string `json:"scope,omitempty"`
	Expires int    `json:"expires_in"`
	Extra   int    `json:"ext_expires_in"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token,omitempty"`
}

// giveToken answers with a token for the application itself, or for a person when there are scopes.
func (s *Server) giveToken(w http.ResponseWriter, access string, scopes []string, refresh string) {
	answer := tokenAnswer{
		Type: "Bearer", Scope: strings.Join(scopes, " "), Expires: int(tokenLife / time.Second), Extra: int(tokenLife / time.Second),
		Access: access, Refresh: refresh,
	}
	s.identities.mu.Lock()
	s.identities.keep(access, refresh)
	s.identities.mu.Unlock()
	writeSignInJSON(w, http.StatusOK, answer)
}

func writeSignInJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	w.Write(b)
}
