package entra

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"m365lake/sandbox/wire"
)

const (
	metadataPath   = "/metadata/identity/oauth2/token"
	appServicePath = "/msi/token"
)

// IdentityEndpoint and IdentityHeader are what App Service puts in the environment of an application.
// Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity
func (s *Service) IdentityEndpoint() string { return s.url + appServicePath }

// IdentityHeader must come with each request to IdentityEndpoint.
func (s *Service) IdentityHeader() string { return "header-" + s.tokens.key.Sign(appServicePath) }

// metadataToken answers as the metadata service of a virtual machine.
// Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
func (s *Service) metadataToken(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	refuse := func(code, why string) {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": why})
	}
	switch {
	case r.Method != http.MethodGet || r.Header.Get("Metadata") != "true" || r.Header.Get("X-Forwarded-For") != "":
		refuse("invalid_request", "Required metadata header not specified")
	case query.Get("api-version") == "" || query.Get("resource") == "":
		refuse("invalid_request", "Required audience parameter not specified")
	case query.Has("client_id") && query.Get("client_id") != s.company.ClientID():
		refuse("invalid_request", "Identity not found")
	case !s.ownResource(query.Get("resource")):
		refuse("invalid_resource", "AADSTS500011: The resource principal "+
			"named "+wire.Printable(query.Get("resource"))+" was not found in the tenant.")
	default:
		answer := s.identityAnswer(query.Get("resource"))
		answer["expires_in"] = strconv.Itoa(int(tokenLife / time.Second))
		writeJSON(w, http.StatusOK, answer)
	}
}

// appServiceToken answers as App Service does: another error, and no expires_in.
func (s *Service) appServiceToken(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	refuse := func(status int, why string) {
		writeJSON(w, status, map[string]any{"statusCode": status, "message": why, "correlationId": s.ids.Next()})
	}
	switch {
	case r.Method != http.MethodGet || r.Header.Get("X-IDENTITY-HEADER") != s.IdentityHeader():
		refuse(http.StatusUnauthorized, "Unauthorized. The X-IDENTITY-HEADER is not that of this application.")
	case query.Get("api-version") != "2019-08-01" || !s.ownResource(query.Get("resource")):
		refuse(http.StatusBadRequest, "The api-version or the resource is not supported.")
	case query.Has("client_id") && query.Get("client_id") != s.company.ClientID():
		refuse(http.StatusBadRequest, "No User Assigned or Delegated Managed Identity found for specified "+
			"ClientId/ResourceId/PrincipalId.")
	default:
		answer := s.identityAnswer(query.Get("resource"))
		answer["client_id"] = s.company.ClientID()
		writeJSON(w, http.StatusOK, answer)
	}
}

func (s *Service) ownResource(resource string) bool {
	resource = strings.TrimSuffix(resource, "/")
	return resource == s.url || resource == "https://graph.microsoft.com"
}

// identityAnswer is what both endpoints answer. The token lives by the client's clock.
func (s *Service) identityAnswer(resource string) map[string]string {
	token := s.tokens.Reader()
	s.keepSecret(token)
	return map[string]string{
		"access_token": token, "token_type": "Bearer", "resource": resource,
		"expires_on": strconv.FormatInt(s.clock.Machine().Add(tokenLife).Unix(), 10),
	}
}
