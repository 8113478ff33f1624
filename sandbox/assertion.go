package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"m365lake/sandbox/wire"
	"net/http"
	"strings"
	"time"
)

// assertionSkew is how far apart the clocks may be.
const assertionSkew = 5 * time.Minute

// A signedToken is a JWT (RFC 7519), taken apart.
type signedToken struct {
	Header struct {
		Algorithm  string `json:"alg"`
		Type       string `json:"typ"`
		Thumbprint string `json:"x5t#S256"`
	}
	Claims struct {
		Audience string `json:"aud"`
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		ID       string `json:"jti"`
		NotSince int64  `json:"nbf"`
		Issued   int64  `json:"iat"`
		Expires  int64  `json:"exp"`
	}
	digest    [32]byte
	signature []byte
}

func parseSignedToken(text string) (signedToken, bool) {
	var t signedToken
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return t, false
	}
	for i, into := range []any{&t.Header, &t.Claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(raw, into) != nil {
			return t, false
		}
	}
	var err error
	t.signature, err = base64.RawURLEncoding.DecodeString(parts[2])
	t.digest = sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	return t, err == nil
}

// TrustCertificate registers the public part of a certificate with the application.
func (s *Server) TrustCertificate(c *x509.Certificate) {
	s.identities.mu.Lock()
	defer s.identities.mu.Unlock()
	s.identities.certificates = append(s.identities.certificates, c)
}

// assertionGrant gives the application a token for a signed assertion: its own, or a trusted issuer's.
// Sources: https://learn.microsoft.com/entra/identity-platform/certificate-credentials,
// https://learn.microsoft.com/entra/workload-id/workload-identity-federation
func (s *Server) assertionGrant(w http.ResponseWriter, r *http.Request) {
	text := r.PostForm.Get("client_assertion")
	s.identities.mu.Lock()
	s.identities.keep(text)
	s.identities.mu.Unlock()
	refuse := func(status int, code string, number int, why string) { s.entraError(w, status, code, number, why) }
	if r.PostForm.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		refuse(http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the following parameter: 'client_assertion_type'.")
		return
	}
	if r.PostForm.Has("client_secret") || r.Header.Get("Authorization") != "" {
		refuse(http.StatusBadRequest, "invalid_request", 50027, "The request holds an assertion and a secret.")
		return
	}
	if scope := r.PostForm.Get("scope"); !strings.HasSuffix(scope, "/.default") || strings.ContainsAny(scope, " \t") {
		refuse(http.StatusBadRequest, "invalid_scope", 70011, "The scope "+wire.Printable(scope)+" is not valid.")
		return
	}
	t, ok := parseSignedToken(text)
	now := time.Now()
	switch {
	case !ok:
		refuse(http.StatusBadRequest, "invalid_request", 50027, "JWT token is invalid or malformed.")
	case now.Add(-assertionSkew).Unix() > t.Claims.Expires, now.Add(assertionSkew).Unix() < t.Claims.NotSince:
		refuse(http.StatusUnauthorized, "invalid_client", 700024, "Client assertion is not within its valid time range.")
	case strings.EqualFold(t.Claims.Issuer, s.tenant.ClientID()) || strings.EqualFold(t.Claims.Subject, s.tenant.ClientID()):
		s.certificateGrant(w, r, t)
	default:
		s.federationGrant(w, t)
	}
}

// certificateGrant checks an assertion the application signed itself. That each is used once is
// stricter than Microsoft documents: it shows a client that keeps one.
func (s *Server) certificateGrant(w http.ResponseWriter, r *http.Request, t signedToken) {
	number, why := 0, ""
	switch {
	case t.Claims.Issuer != t.Claims.Subject:
		number, why = 50048, "Subject must match Issuer claim in the client assertion."
	case t.Claims.Audience != s.URL()+r.URL.Path:
		number, why = 50012, "Client assertion audience is not the token endpoint."
	case t.Header.Algorithm != "PS256" || !s.signedByCertificate(t):
		number, why = 700027, "The certificate with identifier used to sign the client assertion is not registered on application."
	case t.Claims.ID == "" || !s.firstUse(t.Claims.ID):
		number, why = 50027, "JWT token is invalid or malformed: its jti is missing or was used before."
	}
	if number != 0 {
		s.entraError(w, http.StatusUnauthorized, "invalid_client", number, why)
		return
	}
	s.giveToken(w, s.tenant.accessToken(s.tenant.now()), nil, "")
}

func (s *Server) firstUse(jti string) bool {
	s.identities.mu.Lock()
	defer s.identities.mu.Unlock()
	used := s.identities.assertions[jti]
	s.identities.assertions[jti] = true
	return !used
}

// signedByCertificate finds the registered certificate by its thumbprint and checks the signature.
func (s *Server) signedByCertificate(t signedToken) bool {
	s.identities.mu.Lock()
	defer s.identities.mu.Unlock()
	for _, c := range s.identities.certificates {
		thumbprint := sha256.Sum256(c.Raw)
		key, ok := c.PublicKey.(*rsa.PublicKey)
		if !ok || t.Header.Thumbprint != base64.RawURLEncoding.EncodeToString(thumbprint[:]) {
			continue
		}
		return time.Now().Before(c.NotAfter) && rsa.VerifyPSS(key, crypto.SHA256, t.digest[:], t.signature,
			&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
	}
	return false
}
