package reports

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// dateWindow is how many days back a report can be asked for one day.
const dateWindow = 28

// refreshed is the last day a report knows.
func (s *Service) refreshed(r *report) calendar.Day {
	if s.faults.OnReport(faults.Late, r.function) {
		return s.today() - 6
	}
	return s.today() - company.Lag
}

// ask serves the first hop: it checks the question and redirects to the download of the answer. text is the call, such
// as getEmailActivityUserDetail(period='D7').
func (s *Service) ask(c *odata.Call, text string, underCopilot bool) {
	function, argument, called := strings.Cut(text, "(")
	r := reportByName(function)
	if r == nil || underCopilot != (r.asks == copilotPeriod) {
		c.UnknownSegment(function)
		return
	}
	if s.refused(c, r) {
		return
	}
	argument, closed := strings.CutSuffix(argument, ")")
	if called != closed {
		s.notThere(c, text, r)
		return
	}
	when, version, ok := s.readArguments(c, r, text, argument)
	if !ok {
		return
	}
	until := s.clock.Tenant().Add(linkLife).Unix()
	token := s.key.Seal(function + " " + when + " " + version + " " + strconv.FormatInt(until, 10))
	h := c.W.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Location", s.downloads+downloadPath+"?token="+url.QueryEscape(token))
	c.W.WriteHeader(http.StatusFound)
}

// refused answers the call itself, and is true, when the report is throttled, a fault keeps it from being served, or
// another format is asked for.
func (s *Service) refused(c *odata.Call, r *report) bool {
	function := r.function
	if s.faults.On(faults.ThrottleFirst) && s.windows.first(function) {
		s.throttled(c, "0.2"+strconv.Itoa(10+len(function)))
		return true
	}
	if wait := s.windows.count(function); wait != "" {
		s.throttled(c, wait)
		return true
	}
	format := c.Query.Get("$format")
	switch {
	case s.faults.OnReport(faults.Gone, function):
		c.Error(http.StatusNotFound, "ResourceNotFound", "Resource not found for the segment '"+function+"'.")
	case s.faults.OnReport(faults.Forbidden, function):
		c.ReportError(http.StatusForbidden, "S2SUnauthorized", "Invalid permission.")
	case s.faults.On(faults.UnknownTenant):
		c.ReportError(http.StatusNotFound, "UnknownTenantId",
			"We do not recognize this tenant ID "+s.company.ID()+". Please double check the tenant ID and try again.")
	case format != "" && !strings.EqualFold(format, "text/csv"):
		c.Error(http.StatusBadRequest, "", "JSON format is not supported.")
	default:
		return false
	}
	return true
}

// readArguments reads what stands between the parentheses of a call: the period or the day, "-" for a report that takes
// neither, and the version. It answers the call itself, and is false, when the report cannot be asked so.
func (s *Service) readArguments(c *odata.Call, r *report, text, argument string) (when, version string, ok bool) {
	given := map[string]string{}
	for pair := range strings.SplitSeq(argument, ",") {
		if name, value, found := strings.Cut(pair, "="); found {
			given[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	period, hasPeriod := given["period"]
	date, hasDate := given["date"]
	version, quoted := unquote(given["version"])
	delete(given, "period")
	delete(given, "date")
	if r.asks == copilotPeriod {
		delete(given, "version")
	}
	when = "-"
	switch {
	case len(given) > 0, r.asks == nothing && argument != "",
		r.asks != nothing && hasPeriod == hasDate, hasDate && r.asks != periodOrDate:
		s.notThere(c, text, r)
		return "", "", false
	case version == "v2" && s.faults.On(faults.NoVersion2):
		c.UnknownSegment(r.function)
		return "", "", false
	case version != "" && (!quoted || version != "v1" && version != "v2"):
		invalidArgument(c, "Invalid version value specified: "+wire.Printable(version)+".")
		return "", "", false
	case hasPeriod:
		when, quoted = unquote(period)
		if _, known := r.covers(when, version); !known || !quoted {
			invalidArgument(c, "Invalid period value specified: "+wire.Printable(period)+
				". Supported values are "+r.periodNames(version)+".")
			return "", "", false
		}
	case hasDate:
		when, _ = unquote(date)
		at, err := time.Parse(time.DateOnly, when)
		if d := calendar.Of(at); err != nil || d < s.today()-dateWindow || d > s.today()-1 {
			invalidArgument(c, "Invalid date value specified: "+wire.Printable(when)+
				". Only support data for the past 28 days.")
			return "", "", false
		}
	}
	if version == "" {
		version = "v1"
	}
	return when, version, true
}

// invalidArgument answers a call whose argument has a value that there is not.
func invalidArgument(c *odata.Call, message string) {
	c.Error(http.StatusBadRequest, "InvalidArgument", message)
}

// unquote takes the quotes off a string literal of a URL.
func unquote(s string) (bare string, quoted bool) {
	if len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		return s[1 : len(s)-1], true
	}
	return s, false
}

// notThere answers a call whose arguments the function does not have.
func (s *Service) notThere(c *odata.Call, text string, r *report) {
	form := "(period='D7') or " + r.function + "(date=2026-01-31)"
	switch r.asks {
	case periodOnly:
		form = "(period='D7')"
	case nothing:
		form = " without arguments"
	case copilotPeriod:
		form = "(period='D7') or " + r.function + "(period='D28',version='v2')"
	}
	c.Error(http.StatusBadRequest, "BadRequest",
		"Resource not found for the segment '"+wire.Printable(text)+"': write "+r.function+form+".")
}

// throttled is a 429 of the report service, with the seconds to wait.
func (s *Service) throttled(c *odata.Call, wait string) {
	h := c.W.Header()
	h.Set("Retry-After", wait)
	h.Set("Content-Type", "application/json")
	c.W.WriteHeader(http.StatusTooManyRequests)
	b := append([]byte(nil), `{"error":{"code":"TooManyRequests","innerError":{"code":"429","date":"`...)
	b = append(b, s.clock.Tenant().Format("2006-01-02T15:04:05")...)
	b = wire.AppendText(append(b, `","message":"Please retry after","request-id":`...), c.ID)
	c.W.Write(append(b, `,"status":"429"},"message":"Please retry again later."}}`...))
}
