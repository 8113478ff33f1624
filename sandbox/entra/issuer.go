package entra

import (
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"m365lake/sandbox/wire"
)

const (
	// FederatedSubject is the workload whose tokens the application trusts.
	FederatedSubject = "system:serviceaccount:m365lake:sync"
	// FederatedAudience is the one Microsoft names for the global cloud.
	// Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
	FederatedAudience = "api://AzureADTokenExchange"

	federatedLife = 10 * time.Minute

	workflowPath = "/workflow/idtoken"
	issuerPath   = "/issuer"
)

// FederatedToken is what an issuer outside of Microsoft, such as Kubernetes, would give a workload.
func (s *Service) FederatedToken(subject, audience string) string {
	now := s.clock.Machine()
	text, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": s.url + issuerPath, "sub": subject, "aud": audience,
		"nbf": now.Unix(), "iat": now.Unix(), "exp": now.Add(federatedLife).Unix(), "jti": s.ids.Next(),
	}).SignedString(s.issuerKey())
	if err != nil {
		panic(err) // strings and numbers always marshal, and the key is large enough
	}
	return text
}

// federationGrant checks an assertion of the trusted issuer: issuer, subject and audience must be those of the
// federated credential, letter by letter.
// Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation
func (s *Service) federationGrant(w http.ResponseWriter, a *assertion) {
	switch {
	case a.Issuer != s.url+issuerPath || a.Subject != FederatedSubject || a.Audience != FederatedAudience:
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 700213,
			"No matching federated identity record found for presented assertion subject "+
				"'"+wire.Printable(a.Subject)+"'.")
	case !a.signedBy(jwt.SigningMethodRS256, &s.issuerKey().PublicKey):
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 50013, "Assertion failed signature validation.")
	default:
		s.giveToken(w, s.tokens.Reader(), nil, "")
	}
}

// WorkflowTokenURL is where a workflow asks GitHub for a token of its own.
// Source: https://docs.github.com/actions/reference/openid-connect-reference
func (s *Service) WorkflowTokenURL() string { return s.url + workflowPath + "?api-version=2.0" }

// WorkflowBearer is what the workflow asks with.
func (s *Service) WorkflowBearer() string { return "workflow-" + s.tokens.key.Sign(workflowPath) }

func (s *Service) workflowToken(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer "+s.WorkflowBearer() {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"message": "Unauthorized"})
		return
	}
	token := s.FederatedToken(FederatedSubject, r.URL.Query().Get("audience"))
	s.keepSecret(token)
	writeJSON(w, http.StatusOK, map[string]any{"count": 1, "value": token})
}
