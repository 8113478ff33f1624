package auth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// A TokenError is the sign-in service's refusal to give a token (RFC 6749 section 5.2, with
// Microsoft's AADSTS number). It holds neither secret nor assertion.
type TokenError struct {
	Status      int
	Code        string // such as invalid_client
	AADSTS      int    // such as 7000215; 0 is none
	Description string // Microsoft's first line, without number and trace ids
	Remedy      string

	retryAfter time.Duration
	garbled    bool // a success without a token in it
	updating   bool // the endpoint says that it will be back
}

// Error is one line.
func (e *TokenError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sign-in: %d", e.Status)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.AADSTS != 0 {
		fmt.Fprintf(&b, " AADSTS%d", e.AADSTS)
	}
	if e.Description != "" {
		b.WriteString(": " + e.Description)
	}
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

// passing reports whether asking again can help. AADSTS50196, a request loop, is not among them:
// asking again is what it complains about.
func (e *TokenError) passing() bool {
	return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.garbled || e.updating ||
		e.Code == "temporarily_unavailable" || slices.Contains(passingAADSTS, e.AADSTS)
}

var aadsts = regexp.MustCompile(`^\s*AADSTS(\d{4,9}):?\s*`)

// readTokenError reads {"error","error_description","error_codes"}; what it cannot read is left out.
func readTokenError(resp *http.Response, body []byte, secret string, now time.Time) *TokenError {
	e := &TokenError{Status: resp.StatusCode, retryAfter: wire.RetryAfter(resp.Header, now)}
	answer, ok := wire.Members(body)
	if !ok || len(answer["error"]) == 0 {
		e.Description = "the answer is not the sign-in service's"
		e.Remedy = "a proxy or firewall may have sent it; check the authority address and the proxy"
		return e
	}
	e.Code = text.OneLine(redact(wire.JSONText(answer["error"]), secret), 60)
	description := wire.JSONText(answer["error_description"])
	if m := aadsts.FindStringSubmatch(description); m != nil {
		e.AADSTS, _ = strconv.Atoi(m[1]) // at most nine digits
		description = description[len(m[0]):]
	}
	var codes []int
	if e.AADSTS == 0 && json.Unmarshal(answer["error_codes"], &codes) == nil && len(codes) > 0 {
		e.AADSTS = codes[0]
	}
	for _, end := range []string{"\r", "\n", " Trace ID:", " Correlation ID:"} {
		description, _, _ = strings.Cut(description, end)
	}
	e.Description = text.OneLine(redact(description, secret), 300)
	e.Remedy = e.remedy()
	return e
}

// redact takes the secret out of a text that somebody else wrote.
func redact(message, secret string) string {
	if secret == "" {
		return message
	}
	return strings.NewReplacer(secret, "[secret]", url.QueryEscape(secret), "[secret]").Replace(message)
}

func (e *TokenError) remedy() string {
	if remedy := remedies[e.AADSTS]; remedy != "" {
		return remedy
	}
	switch {
	case e.Code == "authorization_declined", e.Code == "access_denied":
		return "the sign-in was declined: begin again and accept"
	case e.Code == "expired_token":
		return "nobody confirmed in time: begin again"
	case e.AADSTS != 0:
		return "see https://login.microsoftonline.com/error?code=" + strconv.Itoa(e.AADSTS)
	case e.Code == "invalid_client":
		return "check client id and client secret"
	case e.Code == "invalid_grant", e.Code == "interaction_required":
		return "the sign-in has ended: sign in again"
	case e.Code == "unauthorized_client":
		return "check the client id, and that the application exists in this tenant"
	case e.passing():
		return "run again later"
	}
	return "check tenant id, client id and cloud"
}
