package entra

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"m365lake/sandbox/faults"
)

const (
	deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"
	deviceLoginPath = "/devicelogin"
	deviceLife      = 15 * time.Minute
	// deviceInterval is what the sandbox asks for between polls. Microsoft's is five seconds.
	deviceInterval = time.Second
)

// A deviceCode waits for a person to confirm or decline.
type deviceCode struct {
	user                string
	scopes              []string
	ends, polled        time.Time
	confirmed, declined bool
}

// deviceAuthorization serves POST /{tenant}/oauth2/v2.0/devicecode.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
func (s *Service) deviceAuthorization(w http.ResponseWriter, r *http.Request, tenant string) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	_ = r.ParseForm() // what is missing is found below
	if !s.knownApplication(w, r, tenant) {
		return
	}
	scopes := strings.Fields(r.PostForm.Get("scope"))
	if !s.ownScopes(scopes) {
		s.refuse(w, http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter "+
			"'scope' is not valid.")
		return
	}
	code, user := rand.Text()+rand.Text(), rand.Text()[:9]
	s.mu.Lock()
	s.devices[code] = &deviceCode{user: user, scopes: scopes, ends: s.clock.Machine().Add(deviceLife)}
	s.keepSecrets(code)
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"user_code": user, "device_code": code, "verification_uri": s.url + deviceLoginPath,
		"expires_in": int(deviceLife / time.Second), "interval": int(deviceInterval / time.Second),
		"message": "To sign in, use a web browser to open the page " + s.url + deviceLoginPath + " and enter the " +
			"code " + user + " to authenticate.",
	})
}

// deviceLogin is the page where a person types the code: POST otc=CODE, and decline=1 to decline.
func (s *Service) deviceLogin(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Method != http.MethodPost {
		w.Write([]byte(`<form method="post"><label>Code <input name="otc" autofocus></label> <button>Sign ` +
			`in</button> <button name="decline" value="1">Decline</button></form>`))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	_ = r.ParseForm() // without a code nothing is found
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.devices {
		if d.user == strings.ToUpper(strings.TrimSpace(r.PostForm.Get("otc"))) && s.clock.Machine().Before(d.ends) {
			d.declined = r.PostForm.Has("decline") || s.faults.On(faults.SignInDeclined)
			d.confirmed = !d.declined
			w.Write([]byte("<p>You may close this window.</p>"))
			return
		}
	}
	w.WriteHeader(http.StatusBadRequest)
	w.Write([]byte("<p>That code didn't work. Check the code and try again.</p>"))
}

// deviceGrant answers a poll.
func (s *Service) deviceGrant(w http.ResponseWriter, r *http.Request) {
	code, now := r.PostForm.Get("device_code"), s.clock.Machine()
	s.mu.Lock()
	d := s.devices[code]
	refusal, number, why := "", 0, ""
	switch {
	case d == nil:
		refusal, number, why = "bad_verification_code", 70018, "Bad verification code."
	case now.After(d.ends):
		refusal, number, why = "expired_token", 70019, "Verification code expired."
	case d.declined:
		refusal, number, why = "authorization_declined", 70017, "The end user denied the authorization request."
	case !d.confirmed && now.Sub(d.polled) < deviceInterval*4/5:
		refusal, number, why = "slow_down", 70016, "Polling too often."
	case !d.confirmed:
		refusal, number, why = "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is "+
			"pending. Continue polling."
	default:
		delete(s.devices, code)
	}
	if d != nil {
		d.polled = now
	}
	s.mu.Unlock()
	if refusal != "" {
		s.refuse(w, http.StatusBadRequest, refusal, number, why)
		return
	}
	s.giveDelegated(w, d.scopes)
}
