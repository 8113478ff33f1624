package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A report is one usage report function of Graph.
type report struct {
	function string
	header   string // columns in the order they are delivered in
	write    func(v *reportView) bool
}

var reports = []report{
	{"getOffice365ActiveUserDetail", activeHeader, writeActiveUser},
	{"getM365AppUserDetail", appsHeader, writeAppUser},
	{"getTeamsUserActivityUserDetail", teamsHeader, writeTeamsUser},
	{"getEmailActivityUserDetail", emailHeader, writeEmailUser},
	{"getYammerActivityUserDetail", yammerHeader, writeYammerUser},
	{"getOneDriveActivityUserDetail", oneDriveHeader, writeOneDriveUser},
	{"getSharePointActivityUserDetail", sharePointHeader, writeSharePointUser},
	{"getEmailAppUsageUserDetail", emailAppsHeader, writeEmailAppUser},
	{"getTeamsDeviceUsageUserDetail", teamsDeviceHeader, writeTeamsDevice},
	{"getYammerDeviceUsageUserDetail", yammerDeviceHeader, writeYammerDevice},
	{"getSkypeForBusinessActivityUserDetail", skypeHeader, writeNobody},
}

func reportByName(function string) *report {
	for i := range reports {
		if reports[i].function == function {
			return &reports[i]
		}
	}
	return nil
}

func reportNames() string {
	var names []string
	for _, r := range reports {
		names = append(names, r.function)
	}
	return strings.Join(names, ", ")
}

var periods = []string{"D7", "D30", "D90", "D180"}

// dateWindow is how many days back a report can be asked for one day.
const dateWindow = 28

// refreshed is the last day a report knows.
func (t *Tenant) refreshed(r *report) day {
	if t.faults.onReport(faultLate, r) {
		return t.day() - 6
	}
	return t.day() - lag
}

// report serves the first hop: it checks the question and redirects to the
// download of the answer.
func (s *Server) report(c *call, text string) {
	t := s.tenant
	function, argument, _ := strings.Cut(text, "(")
	r := reportByName(function)
	if r == nil {
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+printable(function)+"'.")
		return
	}
	if t.faults.on(faultThrottleFirst) && s.throttles.first(function) {
		s.throttled(c, "0.2"+strconv.Itoa(10+len(function)))
		return
	}
	if wait := s.throttles.call(function); wait != "" {
		s.throttled(c, wait)
		return
	}
	if t.faults.onReport(faultForbidden, r) {
		s.reportError(c, http.StatusForbidden, "S2SUnauthorized", "Invalid permission.")
		return
	}
	if t.faults.on(faultUnknownTenant) {
		s.reportError(c, http.StatusNotFound, "UnknownTenantId",
			"We do not recognize this tenant ID "+t.ID()+". Please double check the tenant ID and try again.")
		return
	}
	if f := c.query.Get("$format"); f != "" && !strings.EqualFold(f, "text/csv") {
		s.graphError(c, http.StatusBadRequest, "", "JSON format is not supported.")
		return
	}
	argument, closed := strings.CutSuffix(argument, ")")
	name, value, _ := strings.Cut(argument, "=")
	bare := strings.TrimSuffix(strings.TrimPrefix(value, "'"), "'")
	switch name = strings.TrimSpace(name); {
	case !closed || name != "period" && name != "date":
		s.graphError(c, http.StatusBadRequest, "BadRequest",
			"Resource not found for the segment '"+printable(text)+"': write "+function+"(period='D7') or "+function+"(date=2026-01-31).")
		return
	case name == "period" && (bare == value || !slices.Contains(periods, bare)):
		s.graphError(c, http.StatusBadRequest, "InvalidArgument",
			"Invalid period value specified: "+printable(value)+". Supported values are 'D7', 'D30', 'D90' and 'D180'.")
		return
	case name == "date":
		at, err := time.Parse(time.DateOnly, bare)
		if d := dayOf(at); err != nil || d < t.day()-dateWindow || d > t.day()-1 {
			s.graphError(c, http.StatusBadRequest, "InvalidArgument",
				"Invalid date value specified: "+printable(bare)+". Only support data for the past 28 days.")
			return
		}
	}
	until := t.now().Add(linkLife).Unix()
	token := t.seal(function + " " + bare + " " + strconv.FormatInt(until, 10))
	h := c.w.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Location", s.fileURL+downloadPath+"?token="+url.QueryEscape(token))
	c.w.WriteHeader(http.StatusFound)
}

func (s *Server) throttled(c *call, wait string) {
	h := c.w.Header()
	h.Set("Retry-After", wait)
	h.Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusTooManyRequests)
	b := append([]byte(nil), `{"error":{"code":"TooManyRequests","innerError":{"code":"429","date":"`...)
	b = append(b, s.tenant.now().Format("2006-01-02T15:04:05")...)
	b = appendText(append(b, `","message":"Please retry after","request-id":`...), c.id)
	c.w.Write(append(b, `,"status":"429"},"message":"Please retry again later."}}`...))
}

// reportError wraps an error the way the report service does: the message of
// the outer error is the inner one as text.
func (s *Server) reportError(c *call, status int, code, message string) {
	b := appendText(append([]byte(nil), `{"error":{"code":`...), code)
	b = appendText(append(b, `,"message":`...), message)
	s.graphError(c, status, "UnknownError", string(append(b, `}}`...)))
}
