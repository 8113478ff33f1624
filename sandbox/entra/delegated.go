package entra

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"m365lake/sandbox/faults"
	"m365lake/sandbox/wire"
)

const (
	codeLife     = 10 * time.Minute
	offlineScope = "offline_access"
)

// An authorizationCode waits to be redeemed, once.
type authorizationCode struct {
	challenge, redirect string
	scopes              []string
	ends                time.Time
	used                bool
}

// authorize answers the browser. Everybody is signed in already and consents, unless the fault sign_in_declined says
// otherwise.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
func (s *Service) authorize(w http.ResponseWriter, r *http.Request, tenant string) {
	_ = r.ParseForm() // what is missing is found below
	if !s.knownApplication(w, r, tenant) {
		return
	}
	query := r.URL.Query()
	back, ok := registeredRedirect(query.Get("redirect_uri"))
	if !ok {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte("<p>AADSTS50011: The redirect URI " +
			"'" + html.EscapeString(wire.Printable(query.Get("redirect_uri"))) +
			"' specified in the request does not match the redirect URIs configured for the application.</p>"))
		return
	}
	answer := url.Values{"state": {query.Get("state")}}
	scopes := strings.Fields(query.Get("scope"))
	switch {
	case query.Get("response_type") != "code" || query.Get("response_mode") != "" &&
		query.Get("response_mode") != "query":
		answer.Set("error", "unsupported_response_type")
		answer.Set("error_description", "AADSTS700051: The response_type is not enabled for the application.")
	case query.Get("code_challenge") == "" || query.Get("code_challenge_method") != "S256":
		answer.Set("error", "invalid_request")
		answer.Set("error_description", "AADSTS9002325: Proof Key for Code Exchange is required for "+
			"cross-origin authorization code redemption.")
	case !s.ownScopes(scopes):
		answer.Set("error", "invalid_scope")
		answer.Set("error_description", "AADSTS70011: The provided value for the input parameter 'scope' is not valid.")
	case s.faults.On(faults.SignInDeclined):
		answer.Set("error", "access_denied")
		answer.Set("error_description", "AADSTS65004: User declined to consent to access the app.")
	default:
		code := rand.Text()
		s.mu.Lock()
		s.codes[code] = &authorizationCode{
			challenge: query.Get(
				"code_challenge",
			), redirect: query.Get("redirect_uri"), scopes: scopes, ends: s.clock.Machine().Add(codeLife),
		}
		s.keepSecrets(code)
		s.mu.Unlock()
		answer.Set("code", code)
		answer.Set("session_state", s.ids.Next())
	}
	back.RawQuery = answer.Encode()
	w.Header().Set("Location", back.String())
	w.WriteHeader(http.StatusFound)
}

// registeredRedirect knows the one redirect of the application, http://localhost. Microsoft ignores its port, and
// returns with a slash at the end.
// Source: https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
func registeredRedirect(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Hostname() != "localhost" || u.User != nil || u.RawQuery != "" ||
		u.Path != "" && u.Path != "/" {
		return nil, false
	}
	if _, _, err := net.SplitHostPort(u.Host); err != nil && u.Port() != "" {
		return nil, false
	}
	u.Path = "/"
	return u, true
}

// ownScopes knows this Graph's permissions: those of one resource, and no others.
func (s *Service) ownScopes(scopes []string) bool {
	for _, scope := range scopes {
		switch {
		case slices.Contains([]string{offlineScope, "openid", "profile"}, scope), !strings.Contains(scope, "/"):
		case strings.HasPrefix(scope, s.url+"/"), strings.HasPrefix(scope, "https://graph.microsoft.com/"):
		default:
			return false
		}
	}
	return len(scopes) > 0
}

// codeGrant redeems a code.
func (s *Service) codeGrant(w http.ResponseWriter, r *http.Request) {
	verifier := r.PostForm.Get("code_verifier")
	challenge := sha256.Sum256([]byte(verifier))
	s.mu.Lock()
	s.keepSecrets(verifier)
	code := s.codes[r.PostForm.Get("code")]
	number, why := 0, ""
	switch {
	case code == nil:
		number, why = 9002313, "Invalid request. Request is malformed or invalid."
	case code.used:
		number, why = 54005, "OAuth2 Authorization code was already redeemed, "+
			"please retry with a new valid code or use an existing refresh token."
	case s.clock.Machine().After(code.ends):
		number, why = 70008, "The provided authorization code or refresh token has expired due to inactivity."
	case r.PostForm.Get("redirect_uri") != code.redirect:
		number, why = 50011, "The redirect URI differs from that of the authorization request."
	case base64.RawURLEncoding.EncodeToString(challenge[:]) != code.challenge:
		number, why = 501481, "The Code_Verifier does not match the code_challenge supplied in the authorization "+
			"request."
	default:
		code.used = true
	}
	s.mu.Unlock()
	if number != 0 {
		s.refuse(w, http.StatusBadRequest, "invalid_grant", number, why)
		return
	}
	s.giveDelegated(w, code.scopes)
}

// giveDelegated answers with a token of the person, and a refresh token if one was asked for.
func (s *Service) giveDelegated(w http.ResponseWriter, scopes []string) {
	refresh := ""
	if slices.Contains(scopes, offlineScope) {
		refresh = "1." + rand.Text() + rand.Text()
		s.mu.Lock()
		s.refresh[refresh] = scopes
		s.mu.Unlock()
	}
	granted := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return scope == offlineScope })
	s.giveToken(w, s.tokens.Person(scopes), granted, refresh)
}

// refreshGrant gives a new refresh token each time. Microsoft does not revoke the old one by that.
// Source: https://learn.microsoft.com/entra/identity-platform/refresh-tokens
func (s *Service) refreshGrant(w http.ResponseWriter, r *http.Request) {
	token := r.PostForm.Get("refresh_token")
	s.mu.Lock()
	scopes, known := s.refresh[token]
	revoked := s.revoked[token]
	s.mu.Unlock()
	switch {
	case revoked:
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 50173,
			"The provided grant has expired due to it being revoked, a fresh auth token is needed.")
	case !known:
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 9002313, "Invalid request. Request is malformed or "+
			"invalid.")
	default:
		s.giveDelegated(w, scopes)
	}
}

// RevokeSignIns ends every refresh token given so far, as an administrator does with "revoke sessions".
func (s *Service) RevokeSignIns() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.refresh {
		s.revoked[token] = true
	}
}
