package entra

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"m365lake/sandbox/wire"
)

// assertionSkew is how far apart the clocks may be.
const assertionSkew = 5 * time.Minute

// assertionClaims is what a signed assertion claims.
type assertionClaims struct {
	Audience string `json:"aud"`
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	ID       string `json:"jti"`
	NotSince int64  `json:"nbf"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// GetExpirationTime returns when the assertion ends. Without a time it has ended long ago.
func (c *assertionClaims) GetExpirationTime() (*jwt.NumericDate, error) {
	return jwt.NewNumericDate(time.Unix(c.Expires, 0)), nil
}

// GetNotBefore returns when the assertion begins.
func (c *assertionClaims) GetNotBefore() (*jwt.NumericDate, error) {
	return jwt.NewNumericDate(time.Unix(c.NotSince, 0)), nil
}

// GetIssuedAt returns nothing, so that it is not checked.
func (c *assertionClaims) GetIssuedAt() (*jwt.NumericDate, error) { return nil, nil }

// GetIssuer returns the issuer.
func (c *assertionClaims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject returns the subject.
func (c *assertionClaims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience returns the audience.
func (c *assertionClaims) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{c.Audience}, nil
}

// assertion is a signed token (JWT, RFC 7519) whose signature has not been checked yet.
type assertion struct {
	assertionClaims
	header    map[string]any
	signed    string // what is signed
	signature []byte
}

// parseAssertion takes an assertion apart. It is false for what is no JWT.
func parseAssertion(text string) (*assertion, bool) {
	var a assertion
	parser := jwt.NewParser()
	token, parts, err := parser.ParseUnverified(text, &a.assertionClaims)
	if err != nil && !errors.Is(err, jwt.ErrTokenUnverifiable) { // an unknown algorithm is refused with the signature
		return nil, false
	}
	if a.signature, err = parser.DecodeSegment(parts[2]); err != nil {
		return nil, false
	}
	a.header, a.signed = token.Header, parts[0]+"."+parts[1]
	return &a, true
}

// signedBy says whether the assertion names a method and the owner of a key signed it by that.
func (a *assertion) signedBy(method jwt.SigningMethod, key *rsa.PublicKey) bool {
	return a.header["alg"] == method.Alg() && method.Verify(a.signed, a.signature, key) == nil
}

// ps256 is PS256 as RFC 7518 (3.5) has it: the salt is as long as the hash. The library's own takes any salt.
var ps256 = &jwt.SigningMethodRSAPSS{
	SigningMethodRSA: jwt.SigningMethodPS256.SigningMethodRSA,
	VerifyOptions:    &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256},
}

// TrustCertificate registers the public part of a certificate with the application.
func (s *Service) TrustCertificate(c *x509.Certificate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.certificates = append(s.certificates, c)
}

// assertionGrant gives the application a token for a signed assertion: its own, or a trusted issuer's.
// Sources: https://learn.microsoft.com/entra/identity-platform/certificate-credentials,
// https://learn.microsoft.com/entra/workload-id/workload-identity-federation
func (s *Service) assertionGrant(w http.ResponseWriter, r *http.Request) {
	text := r.PostForm.Get("client_assertion")
	s.keepSecret(text)
	if r.PostForm.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		s.refuse(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must contain the following parameter: 'client_assertion_type'.")
		return
	}
	if r.PostForm.Has("client_secret") || r.Header.Get("Authorization") != "" {
		s.refuse(w, http.StatusBadRequest, "invalid_request", 50027, "The request holds an assertion and a secret.")
		return
	}
	if scope := r.PostForm.Get("scope"); !strings.HasSuffix(scope, "/.default") || strings.ContainsAny(scope, " \t") {
		s.refuse(w, http.StatusBadRequest, "invalid_scope", 70011, "The scope "+wire.Printable(scope)+" is not valid.")
		return
	}
	a, ok := parseAssertion(text)
	if !ok {
		s.refuse(w, http.StatusBadRequest, "invalid_request", 50027, "JWT token is invalid or malformed.")
		return
	}
	valid := jwt.NewValidator(jwt.WithLeeway(assertionSkew), jwt.WithTimeFunc(s.clock.Machine))
	client := s.company.ClientID()
	switch {
	case valid.Validate(&a.assertionClaims) != nil:
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 700024, "Client assertion is not within its valid "+
			"time range.")
	case strings.EqualFold(a.Issuer, client) || strings.EqualFold(a.Subject, client):
		s.certificateGrant(w, r, a)
	default:
		s.federationGrant(w, a)
	}
}

// certificateGrant checks an assertion the application signed itself. That each is used once is stricter than Microsoft
// documents: it shows a client that keeps one.
func (s *Service) certificateGrant(w http.ResponseWriter, r *http.Request, a *assertion) {
	number, why := 0, ""
	switch {
	case a.Issuer != a.Subject:
		number, why = 50048, "Subject must match Issuer claim in the client assertion."
	case a.Audience != s.url+r.URL.Path:
		number, why = 50012, "Client assertion audience is not the token endpoint."
	case !s.signedByCertificate(a):
		number = 700027
		why = "The certificate with identifier used to sign the client assertion is not registered on application."
	case a.ID == "" || !s.firstUse(a.ID):
		number, why = 50027, "JWT token is invalid or malformed: its jti is missing or was used before."
	}
	if number != 0 {
		s.refuse(w, http.StatusUnauthorized, "invalid_client", number, why)
		return
	}
	s.giveToken(w, s.tokens.Reader(), nil, "")
}

// firstUse notes that an assertion was used, and says whether it was not used before.
func (s *Service) firstUse(jti string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	used := s.assertions[jti]
	s.assertions[jti] = true
	return !used
}

// signedByCertificate finds the registered certificate by its thumbprint and checks the signature.
func (s *Service) signedByCertificate(a *assertion) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.certificates {
		thumbprint := sha256.Sum256(c.Raw)
		key, ok := c.PublicKey.(*rsa.PublicKey)
		if ok && a.header["x5t#S256"] == base64.RawURLEncoding.EncodeToString(thumbprint[:]) {
			return s.clock.Machine().Before(c.NotAfter) && a.signedBy(ps256, key)
		}
	}
	return false
}
