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

// ask serves the first hop: it checks the question and redirects to the
// download of the answer.
func (s *Service) ask(c *odata.Call, text string, underCopilot bool) {
	function, argument, called := strings.Cut(text, "(")
	r := reportByName(function)
	if r == nil || underCopilot != (r.asks == copilotPeriod) {
		c.Error(http.StatusBadRequest, "BadRequest", "Resource not found for the segment "+
			"'"+wire.Printable(function)+"'.")
		return
	}
	if s.faults.On(faults.ThrottleFirst) && s.windows.first(function) {
		s.throttled(c, "0.2"+strconv.Itoa(10+len(function)))
		return
	}
	if wait := s.windows.count(function); wait != "" {
		s.throttled(c, wait)
		return
	}
	if s.faults.OnReport(faults.Gone, r.function) {
		c.Error(http.StatusNotFound, "ResourceNotFound", "Resource not found for the segment '"+function+"'.")
		return
	}
	if s.faults.OnReport(faults.Forbidden, r.function) {
		c.ReportError(http.StatusForbidden, "S2SUnauthorized", "Invalid permission.")
		return
	}
	if s.faults.On(faults.UnknownTenant) {
		c.ReportError(http.StatusNotFound, "UnknownTenantId",
			"We do not recognize this tenant ID "+s.company.ID()+". Please double check the tenant ID and try again.")
		return
	}
	if f := c.Query.Get("$format"); f != "" && !strings.EqualFold(f, "text/csv") {
		c.Error(http.StatusBadRequest, "", "JSON format is not supported.")
		return
	}
	argument, closed := strings.CutSuffix(argument, ")")
	if called != closed {
		s.notThere(c, text, r)
		return
	}
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
	when := "-"
	switch {
	case len(given) > 0, r.asks == nothing && argument != "",
		r.asks != nothing && hasPeriod == hasDate, hasDate && r.asks != periodOrDate:
		s.notThere(c, text, r)
		return
	case version == "v2" && s.faults.On(faults.NoVersion2):
		c.Error(http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+r.function+"'.")
		return
	case version != "" && (!quoted || version != "v1" && version != "v2"):
		c.Error(http.StatusBadRequest, "InvalidArgument", "Invalid version value "+
			"specified: "+wire.Printable(version)+".")
		return
	case hasPeriod:
		bare, quoted := unquote(period)
		if _, ok := r.covers(bare, version); !ok || !quoted {
			c.Error(http.StatusBadRequest, "InvalidArgument",
				"Invalid period value "+
					"specified: "+wire.Printable(period)+". Supported values are "+r.periodNames(version)+".")
			return
		}
		when = bare
	case hasDate:
		bare, _ := unquote(date)
		at, err := time.Parse(time.DateOnly, bare)
		if d := calendar.Of(at); err != nil || d < s.today()-dateWindow || d > s.today()-1 {
			c.Error(http.StatusBadRequest, "InvalidArgument",
				"Invalid date value specified: "+wire.Printable(bare)+". Only support data for the past 28 days.")
			return
		}
		when = bare
	}
	if version == "" {
		version = "v1"
	}
	until := s.clock.Tenant().Add(linkLife).Unix()
	token := s.key.Seal(function + " " + when + " " + version + " " + strconv.FormatInt(until, 10))
	h := c.W.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Location", s.downloads+downloadPath+"?token="+url.QueryEscape(token))
	c.W.WriteHeader(http.StatusFound)
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
