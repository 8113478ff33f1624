package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"m365lake/sandbox/wire"
	"net/http"
	"time"
)

const (
	// FederatedSubject is the workload whose tokens the application trusts.
	FederatedSubject = "system:serviceaccount:m365lake:sync"
	// FederatedAudience is the one Microsoft names for the global cloud.
	// Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
	FederatedAudience = "api://AzureADTokenExchange"

	workflowPath = "/workflow/idtoken"
	issuerPath   = "/issuer"
)

// FederatedToken is what an issuer outside of Microsoft, such as Kubernetes, would give a workload.
func (s *Server) FederatedToken(subject, audience string) string {
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": s.URL() + issuerPath, "sub": subject, "aud": audience,
		"nbf": now.Unix(), "iat": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(), "jti": s.nextID(),
	})
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.identities.issuerKey(), crypto.SHA256, digest[:])
	if err != nil {
		panic(err) // the key is large enough
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// federationGrant checks an assertion of the trusted issuer: issuer, subject and audience must be
// those of the federated credential, letter by letter.
func (s *Server) federationGrant(w http.ResponseWriter, t signedToken) {
	switch {
	case t.Claims.Issuer != s.URL()+issuerPath || t.Claims.Subject != FederatedSubject || t.Claims.Audience != FederatedAudience:
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 700213,
			"No matching federated identity record found for presented assertion subject '"+wire.Printable(t.Claims.Subject)+"'.")
	case t.Header.Algorithm != "RS256" || rsa.VerifyPKCS1v15(&s.identities.issuerKey().PublicKey, crypto.SHA256, t.digest[:], t.signature) != nil:
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 50013, "Assertion failed signature validation.")
	default:
		s.giveToken(w, s.tenant.accessToken(s.tenant.now()), nil, "")
	}
}

// WorkflowTokenURL is where a workflow asks GitHub for a token of its own.
// Source: https://docs.github.com/actions/reference/openid-connect-reference
func (s *Server) WorkflowTokenURL() string { return s.URL() + workflowPath + "?api-version=2.0" }

// WorkflowBearer is what the workflow asks with.
func (s *Server) WorkflowBearer() string { return "workflow-" + s.tenant.Sign(workflowPath) }

func (s *Server) workflowToken(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer "+s.WorkflowBearer() {
		writeSignInJSON(w, http.StatusUnauthorized, map[string]string{"message": "Unauthorized"})
		return
	}
	token := s.FederatedToken(FederatedSubject, r.URL.Query().Get("audience"))
	s.identities.mu.Lock()
	s.identities.keep(token)
	s.identities.mu.Unlock()
	writeSignInJSON(w, http.StatusOK, map[string]any{"count": 1, "value": token})
}
