package entra

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"strings"

	"m365lake/sandbox/wire"
)

// secretGrant gives an application a token for its client secret. It also answers grants that there are not.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
func (s *Service) secretGrant(w http.ResponseWriter, r *http.Request, tenant string) {
	if !s.faults.WaitForToken(r.Context(), s.clock) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must be application/x-www-form-urlencoded.")
		return
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		id, secret = user, password
	}
	app, known := s.tokens.application(id)
	grant, scope := r.PostForm.Get("grant_type"), r.PostForm.Get("scope")
	switch {
	case !s.isTenant(tenant):
		s.refuse(w, http.StatusBadRequest, "invalid_request", 90002,
			unknownTenant(tenant)+
				" Check with your subscription administrator, this may happen if there are no active subscriptions "+
				"for the tenant.")
	case grant == "":
		s.refuse(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must contain the following parameter: 'grant_type'.")
	case grant != "client_credentials":
		s.refuse(w, http.StatusBadRequest, "unsupported_grant_type", 70003,
			"The app requested an unsupported grant type '"+wire.Printable(grant)+"'.")
	case id == "":
		s.refuse(w, http.StatusBadRequest, "invalid_request", 900144,
			"The request body must contain the following parameter: 'client_id'.")
	case !known:
		s.refuse(w, http.StatusBadRequest, "unauthorized_client", 700016,
			"Application with identifier '"+wire.Printable(id)+"' was not found in the directory "+
				"'"+s.company.Name()+"'. "+
				"This can happen if the application has not been installed by the administrator of the tenant or "+
				"consented to "+
				"by any user in the tenant. "+
				"You may have sent your authentication request to the wrong tenant.")
	case secret == "":
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 7000216,
			"'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.")
	case !hmac.Equal([]byte(secret), []byte(app.secret)):
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "+
				"not the client secret ID, for a secret added to app '"+app.id+"'.")
	case !strings.HasSuffix(scope, "/.default") || strings.ContainsAny(scope, " \t"):
		s.refuse(w, http.StatusBadRequest, "invalid_scope", 70011,
			"The provided request must include a 'scope' input parameter. "+
				"The provided value for the input parameter 'scope' is not valid. "+
				"The scope "+wire.Printable(scope)+" is not valid.")
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store, no-cache")
		w.Header().Set("Pragma", "no-cache")
		fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":%d,"ext_expires_in":%[1]d,"access_token":"%s"}`,
			int(tokenLife.Seconds()), s.tokens.ofApplication(app, s.clock.Tenant()))
	}
}
