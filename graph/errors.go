package graph

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// ErrPageTokenExpired is in the chain of an error that ends a listing half-way because Graph no
// longer knows its place in it. The caller begins the listing again, with nothing kept of it.
// Source: https://learn.microsoft.com/graph/paging.
var ErrPageTokenExpired = errors.New("the listing's page token has expired")

// Codes that decide something. Graph asks clients to go by code, never by message.
// Source: https://learn.microsoft.com/graph/errors
const (
	codeMissingCredentials = "MissingCredentials"
	codeS2SUnauthorized    = "S2SUnauthorized"
	codeNonPremium         = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
	codeUnknownTenant      = "UnknownTenantId"
	codeExpiredPageToken   = "Directory_ExpiredPageToken"
	codeLostPageToken      = "DirectoryPageTokenNotFoundException"
)

// An Error is Graph's refusal of a request.
type Error struct {
	Status          int
	Code            string   // the report service's own, where it came wrapped in UnknownError
	Message         string   // one line, at most 500 characters
	Details         []string // the codes of error.details, where there are any
	Path            string   // without the query
	RequestID       string   // Microsoft's; support asks for it
	ClientRequestID string   // ours
	RetryAfter      time.Duration
	Remedy          string // what the reader can do; may be empty

	inner    string // innerError's code
	download bool   // the download host refused, not Graph
}

// Error is one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path + ": " + e.brief())
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	switch {
	case e.RequestID != "":
		b.WriteString(" (request-id " + e.RequestID + ")")
	case e.ClientRequestID != "":
		b.WriteString(" (client-request-id " + e.ClientRequestID + ")")
	}
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

// brief is status and code.
func (e *Error) brief() string {
	if e.Code != "" {
		return fmt.Sprintf("%d %s", e.Status, e.Code)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

// Is makes errors.Is(err, ErrPageTokenExpired) work.
func (e *Error) Is(target error) bool {
	return target == ErrPageTokenExpired && (e.hasCode(codeExpiredPageToken) || e.hasCode(codeLostPageToken))
}

func (e *Error) hasCode(code string) bool {
	return strings.EqualFold(e.Code, code) || strings.EqualFold(e.inner, code)
}

// Permission reports whether the application lacks a permission, so that asking again is pointless
// until an administrator grants it. A tenant without the licence for what was asked
// (Authentication_RequestFromNonPremiumTenantOrB2CTenant) does not count, and neither does a fault of
// the report service that looks like a lacking permission (MissingCredentials).
func (e *Error) Permission() bool {
	switch e.Status {
	case http.StatusUnauthorized:
		return e.hasCode(codeS2SUnauthorized) // the form of 2018, msgraph-sdk-dotnet issue 317
	case http.StatusForbidden:
		return !e.download && !e.hasCode(codeNonPremium) && !e.hasCode(codeMissingCredentials)
	}
	return false
}

// NotPremium reports whether the tenant has no Entra ID P1 or P2, which what was asked for needs.
func (e *Error) NotPremium() bool {
	return e.Status == http.StatusForbidden && e.hasCode(codeNonPremium)
}

// NotOffered reports whether this Graph has no such path: the clouds differ in what they have. Its
// code is that of every bad request, so this is the one case in which the message decides.
func (e *Error) NotOffered() bool {
	return e.Status == http.StatusBadRequest && strings.HasPrefix(e.Message, "Resource not found for the segment")
}

// NotFound reports whether what was asked for does not exist.
func (e *Error) NotFound() bool { return e.Status == http.StatusNotFound }

// Absent reports whether the whole thing is missing: of a retired report Graph says 404, of one that
// its cloud never had 400.
func (e *Error) Absent() bool { return e.NotFound() || e.NotOffered() }

// Throttled reports whether a limit was passed.
func (e *Error) Throttled() bool {
	return e.Status == http.StatusTooManyRequests || e.Status == statusBandwidthExceeded
}

// remedy says what the reader can do about e.
func (e *Error) remedy() string {
	reports := strings.Contains(e.Path, "/reports/")
	switch {
	case e.Is(ErrPageTokenExpired):
		return "begin the listing again"
	case e.download:
		return "ask for the report again"
	case e.Permission() && strings.Contains(strings.ToLower(e.Path), "/admin/reportsettings"):
		return "grant the application permission ReportSettings.Read.All (Reports.Read.All is not enough) " +
			"and wait some minutes"
	case e.Permission() && reports:
		return "grant the application permission Reports.Read.All with admin consent and wait some minutes"
	case e.Permission():
		return "grant the application permission for this path with admin consent and wait some minutes"
	case e.hasCode(codeNonPremium):
		return "the tenant has no Entra ID P1 or P2 licence: leave sign-in activity out"
	case e.hasCode(codeMissingCredentials):
		return "a fault of Microsoft's report service: run again later"
	case e.hasCode(codeUnknownTenant):
		return "the report service does not know this tenant: it has no Microsoft 365 subscription, or is some days old only"
	case e.Status == http.StatusUnauthorized:
		return "the token was refused twice: check that tenant and cloud belong together"
	case e.Throttled():
		return "a limit of Microsoft is used up: run again later, and see which other applications read the same data"
	case e.Status == http.StatusBadRequest && reports:
		return "see whether the report knows this period, and that a date is one of the past 28 days (UTC), before today"
	case e.Status == http.StatusGatewayTimeout:
		return "run again later; smaller pages help"
	case e.Status >= 500 && e.Status != http.StatusNotImplemented:
		return "a fault at Microsoft: run again later, and give the request-id to support if it stays"
	}
	return ""
}
