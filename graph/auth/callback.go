package auth

import (
	"crypto/subtle"
	"encoding/json"
	"html/template"
	"m365lake/graph/wire"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// A callbackPage receives the browser's return from Microsoft: one, and only that with the state this
// sign-in began with. Whatever else comes is refused and changes nothing, since any page that a
// browser has open can send requests here.
type callbackPage struct {
	state   string
	port    int
	taken   atomic.Bool
	answers chan callback
	result  chan error // of the code's exchange, for the page
}

// A callback is what Microsoft sent by the browser.
type callback struct {
	code    string
	refusal *TokenError
}

func newCallbackPage(state string, port int) *callbackPage {
	return &callbackPage{state: state, port: port, answers: make(chan callback, 1), result: make(chan error, 1)}
}

func (l *callbackPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	switch {
	case err != nil, !wire.Loopback(host), port != strconv.Itoa(l.port): // another name for this address: DNS rebinding
		http.Error(w, "Misdirected request.", http.StatusMisdirectedRequest)
		return
	case r.URL.Path != "/" || r.Method != http.MethodGet:
		http.NotFound(w, r)
		return
	}
	query := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(l.state)) != 1 {
		l.page(
			w,
			http.StatusBadRequest,
			"This is not the sign-in that was begun",
			"Its state differs. Go back to the terminal and open the address shown there.",
		)
		return
	}
	answer := callback{code: query.Get("code")}
	if answer.code == "" {
		answer.refusal = authorizeError(query.Get("error"), query.Get("error_description"))
	}
	if !l.taken.CompareAndSwap(false, true) {
		l.page(w, http.StatusConflict, "This sign-in was used already", "Go back to the terminal.")
		return
	}
	l.answers <- answer
	select {
	case err := <-l.result:
		if err != nil {
			l.page(w, http.StatusOK, "The sign-in failed", "The terminal says why.")
			return
		}
		l.page(w, http.StatusOK, "You are signed in", "m365lake is connected. You may close this window.")
	case <-r.Context().Done():
	}
}

// authorizeError is the refusal that came by the browser in place of a code.
func authorizeError(code, description string) *TokenError {
	if code == "" {
		code = "invalid_response"
	}
	body, err := json.Marshal(map[string]string{"error": code, "error_description": description})
	if err != nil {
		return &TokenError{Code: code}
	}
	return readTokenError(&http.Response{StatusCode: http.StatusFound}, body, "", time.Time{})
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>m365lake: {{.Title}}</title>
<style>body{font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em}</style></head>
<body><h1>{{.Title}}</h1><p>{{.Text}}</p></body></html>
`))

// page shows nothing of what the request held.
func (l *callbackPage) page(w http.ResponseWriter, status int, title, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address holds the code
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	_ = page.Execute(w, struct{ Title, Text string }{title, text}) // the browser may have gone
}
