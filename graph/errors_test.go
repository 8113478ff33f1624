package graph

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestErrorBodies(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		path   string
		body   string
		want   string // Error()
	}{
		"directory": {403, "/v1.0/users", `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient ` +
			`privileges to complete the operation.","innerError":{"date":"x","request-id":"r1"}}}`,
			"/v1.0/users: 403 Authorization_RequestDenied: Insufficient privileges to complete the operation. (request-id " +
				"r1); grant the application permission for this path with admin consent and wait some minutes"},
		"wrapped": {403, "/v1.0/admin/reportSettings", `{"error":{"code":"UnknownError",` +
			`"message":"{\"error\":{\"code\":\"S2SUnauthorized\",\"message\":\"Invalid permission.\"}}",` +
			`"innerError":{"request-id":"r2"}}}`,
			"/v1.0/admin/reportSettings: 403 S2SUnauthorized: Invalid permission. (request-id r2); grant the application " +
				"permission ReportSettings.Read.All (Reports.Read.All is not enough) and wait some minutes"},
		"wrapped report": {403, "/v1.0/reports/getA(period='D7')", `{"error":{"code":"UnknownError",` +
			`"message":"{\"error\":{\"code\":\"S2SUnauthorized\",\"message\":\"Invalid permission.\"}}"}}`,
			"/v1.0/reports/getA(period='D7'): 403 S2SUnauthorized: Invalid permission.; grant the application permission " +
				"Reports.Read.All with admin consent and wait some minutes"},
		"unknown tenant": {404, "/v1.0/reports/getA()", `{"error":{"code":"UnknownError",` +
			`"message":"{\"error\":{\"code\":\"UnknownTenantId\",\"message\":\"We do not recognize this tenant ID x\"}}"}}`,
			"/v1.0/reports/getA(): 404 UnknownTenantId: We do not recognize this tenant ID x; the report service does not " +
				"know this tenant: it has no Microsoft 365 subscription, or is some days old only"},
		"throttled": {429, "/v1.0/users", `{"error":{"code":"TooManyRequests","innerError":{"code":"429",` +
			`"innererror":{"request-id":"r3"}},"message":"Please retry again later."}}`,
			"/v1.0/users: 429 TooManyRequests: Please retry again later. (request-id r3); a limit of Microsoft is used up: " +
				"run again later, and see which other applications read the same data"},
		"empty message": {429, "/p", `{"error":{"code":"UnknownError","message":""}}`,
			"/p: 429 UnknownError; a limit of Microsoft is used up: run again later, and see which other applications read " +
				"the same data"},
		"empty code": {400, "/v1.0/reports/getA()", `{"error":{"code":"","message":"JSON format is not supported."}}`,
			"/v1.0/reports/getA(): 400 Bad Request: JSON format is not supported.; see whether the report knows this period, " +
				"and that a date is one of the past 28 days (UTC), before today"},
		"no premium": {403, "/v1.0/users", `{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant",` +
			`"message":"Neither tenant"}}`,
			"/v1.0/users: 403 Authentication_RequestFromNonPremiumTenantOrB2CTenant: Neither tenant; the tenant has no Entra " +
				"ID P1 or P2 licence: leave sign-in activity out"},
		"html": {502, "/p", "<html><body>\nBad gateway</body></html>",
			"/p: 502 Bad Gateway: the answer is not Graph's (text/html, 38 bytes); a proxy or firewall may have sent it; a " +
				"fault at Microsoft: run again later, and give the request-id to support if it stays"},
		"nothing": {400, "/p", "", "/p: 400 Bad Request"},
		"cut": {404, "/p", `{"error":{"code":"Req`, "/p: 404 Not Found: the answer is not Graph's (text/html, 21 " +
			"bytes); a proxy or firewall may have sent it"},
		"odd types": {404, "/p", `{"error":{"code":404,"message":{"lang":"en","value":"gone"},"innerError":[1]}}`,
			"/p: 404 404: gone"},
		"oauth style": {400, "/p", `{"error":"invalid_request","error_description":"bad\r\nthing"}`,
			"/p: 400 invalid_request: bad thing"},
		"several rows": {400, "/p", `{"error":{"code":"A\nB","message":"one\ttwo\u0000three\u2028four"}}`,
			"/p: 400 A B: one two three four"},
		"unlike": {400, "/p", `[1,2]`, "/p: 400 Bad Request: the answer is not Graph's (text/html, 5 bytes); a proxy or " +
			"firewall may have sent it"},
	} {
		e := responseError(
			&http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}},
			c.path,
			[]byte(c.body),
			time.Time{},
		)
		if diff := cmp.Diff(c.want, e.Error()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestErrorKinds(t *testing.T) {
	for _, c := range []struct {
		e                               Error
		permission, notFound, throttled bool
	}{
		{Error{Status: 403, Code: "Authorization_RequestDenied"}, true, false, false},
		{Error{Status: 403, Code: "S2SUnauthorized"}, true, false, false},
		{Error{Status: 401, Code: "S2SUnauthorized"}, true, false, false},
		{Error{Status: 403}, true, false, false},
		{Error{Status: 403, download: true}, false, false, false},
		{Error{Status: 403, Code: codeMissingCredentials}, false, false, false},
		{Error{Status: 403, Code: codeNonPremium}, false, false, false},
		{Error{Status: 401, Code: "InvalidAuthenticationToken"}, false, false, false},
		{Error{Status: 404, Code: "UnknownTenantId"}, false, true, false},
		{Error{Status: 429}, false, false, true},
		{Error{Status: 509}, false, false, true},
		{Error{Status: 503}, false, false, false},
	} {
		if c.e.Permission() != c.permission || c.e.NotFound() != c.notFound || c.e.Throttled() != c.throttled {
			t.Errorf("%d %s: %v %v %v", c.e.Status, c.e.Code, c.e.Permission(), c.e.NotFound(), c.e.Throttled())
		}
	}
	for _, c := range []struct {
		e                      Error
		notPremium, notOffered bool
	}{
		{Error{Status: 403, Code: codeNonPremium}, true, false},
		{Error{Status: 403, Code: "Authorization_RequestDenied"}, false, false},
		{Error{Status: 400, Code: "BadRequest", Message: "Resource not found for the segment 'admin'."}, false, true},
		{Error{Status: 400, Code: "BadRequest", Message: "Invalid page size"}, false, false},
		{Error{Status: 404, Message: "Resource not found for the segment 'admin'."}, false, false},
	} {
		if c.e.NotPremium() != c.notPremium || c.e.NotOffered() != c.notOffered {
			t.Errorf("%d %s: %v %v", c.e.Status, c.e.Code, c.e.NotPremium(), c.e.NotOffered())
		}
		if absent := c.notOffered || c.e.Status == http.StatusNotFound; c.e.Absent() != absent {
			t.Errorf("%d %s: absent is %t", c.e.Status, c.e.Code, c.e.Absent())
		}
	}
	for _, c := range []struct {
		e       Error
		expired bool
	}{
		{Error{Status: 400, Code: "Directory_ExpiredPageToken"}, true},
		{Error{Status: 400, Code: "directory_expiredpagetoken"}, true},
		{Error{Status: 400, Code: "BadRequest", inner: "DirectoryPageTokenNotFoundException"}, true},
		{Error{Status: 400, Code: "Request_BadRequest"}, false},
	} {
		if err := fmt.Errorf("wrapped: %w", &c.e); errors.Is(err, ErrPageTokenExpired) != c.expired {
			t.Error(err)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, s := range []string{
		`{"error":{"code":"c","message":"m","innerError":{"code":"i"}}}`,
		`{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"S2SUnauthorized\",\"message\":\"x\"}}"}}`,
		`{"error":"x"}`, `<html>`, `{"error":{"message":{"value":"x"}}}`, "{\"error\":{\"code\":\"a\\u0000\"}}", "\uFEFF{}",
		`{"error":{"innerError":{"innerError":{"innerError":{}}}}}`,
	} {
		f.Add([]byte(s), 400)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		e := responseError(&http.Response{StatusCode: status}, "/p", body, time.Time{})
		if e.Status != status || e.Path != "/p" {
			t.Fatalf("%+v", e)
		}
		text := e.Error()
		if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) || len([]rune(text)) > 1500 {
			t.Fatalf("%q", text)
		}
		if !strings.HasPrefix(text, fmt.Sprintf("/p: %d", status)) {
			t.Fatalf("%q hides the status", text)
		}
	})
}
