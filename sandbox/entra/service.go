package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/route"
	"m365lake/sandbox/wire"
)

// Service is the sign-in service of one tenant. Assertions, codes and waits are measured by the machine's clock and not
// by the tenant's: clients make them with theirs. It is safe for concurrent use.
type Service struct {
	company *company.Company
	clock   clock.Clock
	faults  faults.Set
	tokens  Tokens
	ids     *dice.Sequence
	url     string

	issuerKey func() *rsa.PrivateKey

	mu           sync.Mutex          // guards what follows
	certificates []*x509.Certificate // registered with the application
	assertions   map[string]bool     // jti of those that were used
	codes        map[string]*authorizationCode
	devices      map[string]*deviceCode
	refresh      map[string][]string // scopes by refresh token
	revoked      map[string]bool     // refresh tokens
	secrets      []string            // given out or received
}

// New returns the sign-in service that answers at a URL, http://host:port. It gives its answers ids of the sequence.
func New(tokens Tokens, ids *dice.Sequence, url string) *Service {
	return &Service{
		company: tokens.company, clock: tokens.clock, faults: tokens.faults, tokens: tokens, ids: ids, url: url,
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

// Handler serves everything that belongs to signing in; other answers the rest.
func (s *Service) Handler(other http.Handler) http.Handler {
	mux := route.New(s.belowAuthority(other))
	mux.Handle(deviceLoginPath, s.deviceLogin)
	mux.Handle(metadataPath, s.metadataToken)
	mux.Handle(appServicePath, s.appServiceToken)
	mux.Handle(workflowPath, s.workflowToken)
	return mux
}

// belowAuthority serves the endpoints of a tenant: POST /{tenant}/oauth2/v2.0/token, GET …/authorize and POST
// …/devicecode. What stands before them is taken as the tenant even if it is empty or has slashes in it, as it is when
// the authority was configured with a path: a pattern of ServeMux matches one segment that is not empty.
func (s *Service) belowAuthority(other http.Handler) http.Handler {
	endpoints := map[string]func(w http.ResponseWriter, r *http.Request, tenant string){
		"POST token": s.serveToken, "GET authorize": s.authorize, "POST devicecode": s.deviceAuthorization,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tenant, endpoint, found := cutLast(r.URL.Path, "/oauth2/v2.0/")
		if serve := endpoints[r.Method+" "+endpoint]; found && serve != nil {
			serve(w, r, strings.TrimPrefix(tenant, "/"))
			return
		}
		other.ServeHTTP(w, r)
	})
}

// cutLast cuts a text around the last sep.
func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}

// keepSecrets remembers secrets for Secrets. The lock is held.
func (s *Service) keepSecrets(secrets ...string) {
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(s.secrets, secret) {
			s.secrets = append(s.secrets, secret)
		}
	}
}

// keepSecret remembers one secret for Secrets.
func (s *Service) keepSecret(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keepSecrets(secret)
}

// Secrets is every secret the sign-in service gave out or was sent so far: none of them may be found in what a client
// wrote.
func (s *Service) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(
		[]string{s.company.ClientSecret(), s.tokens.Reader(), s.IdentityHeader(), s.WorkflowBearer()},
		s.secrets...)
}

// serveToken serves the token endpoint, whatever the grant.
func (s *Service) serveToken(w http.ResponseWriter, r *http.Request, tenant string) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	_ = r.ParseForm() // secretGrant says what is wrong with it
	grants := map[string]http.HandlerFunc{
		"authorization_code": s.codeGrant, "refresh_token": s.refreshGrant, deviceGrantType: s.deviceGrant,
	}
	grant := r.PostForm.Get("grant_type")
	serve := grants[grant]
	if grant == "client_credentials" && r.PostForm.Has("client_assertion") {
		serve = s.assertionGrant
	}
	if serve == nil {
		s.secretGrant(w, r, tenant)
		return
	}
	if !s.knownApplication(w, r, tenant) {
		return
	}
	if grant != "client_credentials" && (r.PostForm.Has("client_secret") || r.PostForm.Has("client_assertion") ||
		r.Header.Get("Authorization") != "") {
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 700025,
			"Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
		return
	}
	serve(w, r)
}

// isTenant says whether a text names the tenant: by its id or its domain.
func (s *Service) isTenant(name string) bool {
	return strings.EqualFold(name, s.company.ID()) || strings.EqualFold(name, s.company.Domain)
}

func unknownTenant(name string) string {
	return "Tenant '" + wire.Printable(name) + "' not found. " +
		"Check to make sure you have the correct tenant ID and are signing into the correct cloud."
}

// knownApplication answers for itself when the tenant or the application is another.
func (s *Service) knownApplication(w http.ResponseWriter, r *http.Request, tenant string) bool {
	id := r.Form.Get("client_id")
	switch {
	case !s.isTenant(tenant):
		s.refuse(w, http.StatusBadRequest, "invalid_request", 90002, unknownTenant(tenant))
		return false
	case !strings.EqualFold(id, s.company.ClientID()):
		s.refuse(w, http.StatusBadRequest, "unauthorized_client", 700016,
			"Application with identifier '"+wire.Printable(id)+"' was not found in the directory "+
				"'"+s.company.Name()+"'.")
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
func (s *Service) giveToken(w http.ResponseWriter, access string, scopes []string, refresh string) {
	life := int(tokenLife / time.Second)
	answer := tokenAnswer{
		Type: "Bearer", Scope: strings.Join(scopes, " "), Expires: life, Extra: life, Access: access, Refresh: refresh,
	}
	s.mu.Lock()
	s.keepSecrets(access, refresh)
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, answer)
}

// writeJSON answers with JSON that must not be cached.
func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	w.Write(b)
}

// refuse answers as the identity platform does. Its shape has nothing in common with Graph's errors.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func (s *Service) refuse(w http.ResponseWriter, status int, code string, number int, text string) {
	at := s.clock.Tenant().Format("2006-01-02 15:04:05Z")
	trace, correlation := s.ids.Next(), s.ids.Next()
	writeJSON(w, status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
		Timestamp   string `json:"timestamp"`
		Trace       string `json:"trace_id"`
		Correlation string `json:"correlation_id"`
		URI         string `json:"error_uri"`
	}{code, fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: "+
		"%s", number, text, trace, correlation, at),
		[]int{number}, at, trace, correlation, fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", number)})
}
