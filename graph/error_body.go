package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// responseError makes an error of an answer that came now. Its body may be anything: the status is kept.
func responseError(resp *http.Response, path string, body []byte, now time.Time) *Error {
	e := &Error{
		Status: resp.StatusCode, Path: path,
		RequestID:  text.OneLine(resp.Header.Get("request-id"), 80),
		RetryAfter: wire.RetryAfter(resp.Header, now),
	}
	if resp.Request != nil {
		e.ClientRequestID = resp.Request.Header.Get("client-request-id")
	}
	d, ok := parseErrorBody(body)
	if !ok && len(body) > 0 {
		kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		if err != nil {
			kind = "no content type"
		}
		d.message = fmt.Sprintf(
			"the answer is not Graph's (%s, %d bytes); a proxy or firewall may have sent it",
			kind,
			len(body),
		)
	}
	e.Code, e.Message, e.Details, e.inner = text.OneLine(d.code, 100), text.OneLine(d.message, 500), d.details, d.inner
	if e.RequestID == "" {
		e.RequestID = text.OneLine(d.requestID, 80)
	}
	e.Remedy = e.remedy()
	return e
}

// detail is what an error body says.
type detail struct {
	code, message, inner, requestID string
	details                         []string
}

// parseErrorBody reads {"error":{"code","message","innerError":{...}}}.
//
// The report service's errors come wrapped: the outer code is UnknownError and the message is JSON
// text of the same shape with the real error; so any message of that shape is unwrapped. innerError
// and innererror both occur, and may nest.
// Source: https://learn.microsoft.com/graph/errors
func parseErrorBody(body []byte) (detail, bool) {
	var d detail
	found := false
	for range 4 { // as deep as anyone would wrap
		outer, ok := wire.Members(bytes.TrimPrefix(body, []byte("\uFEFF")))
		if !ok {
			break
		}
		inside, ok := wire.Members(outer["error"])
		if !ok {
			code := wire.JSONText(outer["error"]) // {"error":"code","error_description":"..."} of a gateway
			if code == "" {
				break
			}
			inside = map[string]json.RawMessage{"code": outer["error"], "message": outer["error_description"]}
		}
		found = true
		code, message := wire.JSONText(inside["code"]), wire.JSONText(inside["message"])
		if code != "" {
			d.code = code
		}
		d.message = message
		var details []map[string]json.RawMessage
		_ = json.Unmarshal(inside["details"], &details) // rarely there, and nothing hangs on it
		for _, one := range details[:min(len(details), 10)] {
			if code := wire.JSONText(one["code"]); code != "" {
				d.details = append(d.details, text.OneLine(code, 100))
			}
		}
		for inner, ok := wire.Members(inside["innererror"]); ok; inner, ok = wire.Members(inner["innererror"]) {
			if code := wire.JSONText(inner["code"]); code != "" {
				d.inner = code
			}
			if id := wire.JSONText(inner["request-id"]); id != "" && d.requestID == "" {
				d.requestID = id
			}
		}
		if !strings.HasPrefix(strings.TrimSpace(message), "{") {
			break
		}
		body = []byte(message)
	}
	return d, found
}
