package sandbox

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A report is one usage report function of Graph.
type report struct {
	function string
	header   string // columns in the order they are delivered in
	write    func(v *reportView) bool
	asks     question
	rows     func(v *reportView) int // rows that are not people; nil when they are
	parts    int                     // rows a person can have; 0 is one
	shared   bool                    // lists shared mailboxes
	v2       *report                 // what version='v2' gives
}

// A question is the arguments a report takes.
type question uint8

const (
	periodOrDate question = iota
	periodOnly
	nothing
	copilotPeriod // period and version, under /copilot
)

var reports = []report{
	{function: "getOffice365ActiveUserDetail", header: activeHeader, write: writeActiveUser},
	{function: "getM365AppUserDetail", header: appsHeader, write: writeAppUser},
	{function: "getTeamsUserActivityUserDetail", header: teamsHeader, write: writeTeamsUser},
	{function: "getEmailActivityUserDetail", header: emailHeader, write: writeEmailUser},
	{function: "getYammerActivityUserDetail", header: yammerHeader, write: writeYammerUser},
	{function: "getOneDriveActivityUserDetail", header: oneDriveHeader, write: writeOneDriveUser},
	{function: "getSharePointActivityUserDetail", header: sharePointHeader, write: writeSharePointUser},
	{function: "getEmailAppUsageUserDetail", header: emailAppsHeader, write: writeEmailAppUser},
	{function: "getTeamsDeviceUsageUserDetail", header: teamsDeviceHeader, write: writeTeamsDevice},
	{function: "getYammerDeviceUsageUserDetail", header: yammerDeviceHeader, write: writeYammerDevice},
	{function: "getSkypeForBusinessActivityUserDetail", header: skypeHeader, write: writeNobody},
	{function: "getOneDriveUsageAccountDetail", header: driveHeader, write: writeDrive},
	{function: "getSharePointSiteUsageDetail", header: siteHeader, write: writeSite, rows: func(v *reportView) int { return v.t.Sites() }},
	{function: "getOffice365GroupsActivityDetail", header: groupHeader, write: writeGroup, rows: func(v *reportView) int { return v.t.Sites() }},
	{function: "getMailboxUsageDetail", header: mailboxHeader, write: writeMailbox, asks: periodOnly, shared: true},
	{function: "getOffice365ActivationsUserDetail", header: activationsHeader, write: writeActivation, asks: nothing, parts: len(company.DesktopProducts)},
	{function: "getMicrosoft365CopilotUsageUserDetail", header: copilotHeader, write: writeCopilotUser, asks: copilotPeriod,
		v2: &report{function: "getMicrosoft365CopilotUsageUserDetail", header: copilotHeader + copilotMore, write: writeCopilotUserV2}},
	{function: "getOffice365ActiveUserCounts", header: activeCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("0", anyService, metric(products.Exchange), metric(products.OneDrive), metric(products.SharePoint), metric(products.Skype), metric(products.Yammer), metric(products.Teams))},
	{function: "getOffice365ServicesUserCounts", header: servicesHeader, asks: periodOnly, rows: once, write: writeServices},
	{function: "getM365AppUserCounts", header: appCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("0", metric(products.OutlookApp), metric(products.Word), metric(products.Excel), metric(products.PowerPoint), metric(products.OneNote), metric(products.TeamsApp))},
	{function: "getM365AppPlatformUserCounts", header: platformCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("0", inARow(platformUsers, company.PlatformCount)...)},
	{function: "getEmailActivityUserCounts", header: emailCountsHeader, asks: periodOnly, rows: eachDay, write: trend("", inARow(mailUsers, 5)...)},
	{function: "getTeamsUserActivityUserCounts", header: teamsCountsHeader, asks: periodOnly, rows: eachDay, write: trend("0", inARow(teamsUsers, 5)...)},
	{function: "getYammerActivityUserCounts", header: yammerCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("0", yammerUsers+company.YammerLiked, yammerUsers+company.YammerPosted, yammerUsers+company.YammerRead)},
	{function: "getOneDriveActivityUserCounts", header: driveCountsHeader, asks: periodOnly, rows: eachDay, write: trend("", inARow(driveUsers, 4)...)},
	{function: "getSharePointActivityUserCounts", header: fileCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("", append([]metric{fileUsers + company.PageVisited}, inARow(fileUsers, 4)...)...)},
	{function: "getSkypeForBusinessActivityUserCounts", header: skypeCountsHeader, asks: periodOnly, write: writeNobody},
	{function: "getOffice365ActivationsUserCounts", header: activatedCountsHeader, asks: nothing, write: writeActivatedCounts,
		rows: func(*reportView) int { return len(company.DesktopProducts) }},
	{function: "getMicrosoft365CopilotUserCountSummary", header: copilotCountsHeader, asks: copilotPeriod, rows: once, write: writeCopilotCounts,
		v2: &report{function: "getMicrosoft365CopilotUserCountSummary", header: copilotCountsHeader + copilotCountsMore, rows: once, write: writeCopilotCountsV2}},
	{function: "getMicrosoft365CopilotUserCountTrend", header: copilotTrendHeader, asks: copilotPeriod, rows: eachDay, write: writeCopilotTrend},
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

// maxPeriod is the longest period, in days.
const maxPeriod = 180

var (
	periods          = []int{7, 30, 90, 180}
	copilotV2Periods = []int{7, 28, 90, 180} // D30 is D28 there
)

// covers is the lengths of the periods that were asked for: one, or all of them
// where the report allows it.
func (r *report) covers(period, version string) (days []int, ok bool) {
	all := periods
	if version == "v2" {
		all = copilotV2Periods
	}
	if period == "ALL" && r.asks == copilotPeriod {
		return all, true
	}
	for i, n := range all {
		if period == "D"+strconv.Itoa(n) {
			return all[i : i+1], true
		}
	}
	return nil, false
}

// dateWindow is how many days back a report can be asked for one day.
const dateWindow = 28

// refreshed is the last day a report knows.
func (t *Tenant) refreshed(r *report) calendar.Day {
	if t.faults.onReport(faultLate, r) {
		return t.day() - 6
	}
	return t.day() - company.Lag
}

// report serves the first hop: it checks the question and redirects to the
// download of the answer.
func (s *Server) report(c *call, text string, underCopilot bool) {
	t := s.tenant
	function, argument, called := strings.Cut(text, "(")
	r := reportByName(function)
	if r == nil || underCopilot != (r.asks == copilotPeriod) {
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+wire.Printable(function)+"'.")
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
	if t.faults.onReport(faultGone, r) {
		s.graphError(c, http.StatusNotFound, "ResourceNotFound", "Resource not found for the segment '"+function+"'.")
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
	case version == "v2" && t.faults.on(faultNoVersion2):
		s.graphError(c, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+r.function+"'.")
		return
	case version != "" && (!quoted || version != "v1" && version != "v2"):
		s.graphError(c, http.StatusBadRequest, "InvalidArgument", "Invalid version value specified: "+wire.Printable(version)+".")
		return
	case hasPeriod:
		bare, quoted := unquote(period)
		if _, ok := r.covers(bare, version); !ok || !quoted {
			s.graphError(c, http.StatusBadRequest, "InvalidArgument",
				"Invalid period value specified: "+wire.Printable(period)+". Supported values are "+r.periodNames(version)+".")
			return
		}
		when = bare
	case hasDate:
		bare, _ := unquote(date)
		at, err := time.Parse(time.DateOnly, bare)
		if d := calendar.Of(at); err != nil || d < t.day()-dateWindow || d > t.day()-1 {
			s.graphError(c, http.StatusBadRequest, "InvalidArgument",
				"Invalid date value specified: "+wire.Printable(bare)+". Only support data for the past 28 days.")
			return
		}
		when = bare
	}
	if version == "" {
		version = "v1"
	}
	until := t.now().Add(linkLife).Unix()
	token := t.Seal(function + " " + when + " " + version + " " + strconv.FormatInt(until, 10))
	h := c.w.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Location", s.fileURL+downloadPath+"?token="+url.QueryEscape(token))
	c.w.WriteHeader(http.StatusFound)
}

// unquote takes the quotes off a string literal of a URL.
func unquote(s string) (bare string, quoted bool) {
	if len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		return s[1 : len(s)-1], true
	}
	return s, false
}

// notThere answers a call whose arguments the function does not have.
func (s *Server) notThere(c *call, text string, r *report) {
	form := "(period='D7') or " + r.function + "(date=2026-01-31)"
	switch r.asks {
	case periodOnly:
		form = "(period='D7')"
	case nothing:
		form = " without arguments"
	case copilotPeriod:
		form = "(period='D7') or " + r.function + "(period='D28',version='v2')"
	}
	s.graphError(c, http.StatusBadRequest, "BadRequest",
		"Resource not found for the segment '"+wire.Printable(text)+"': write "+r.function+form+".")
}

func (r *report) periodNames(version string) string {
	switch {
	case version == "v2":
		return "'D7', 'D28', 'D90', 'D180' and 'ALL'"
	case r.asks == copilotPeriod:
		return "'D7', 'D30', 'D90', 'D180' and 'ALL'"
	}
	return "'D7', 'D30', 'D90' and 'D180'"
}

func (s *Server) throttled(c *call, wait string) {
	h := c.w.Header()
	h.Set("Retry-After", wait)
	h.Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusTooManyRequests)
	b := append([]byte(nil), `{"error":{"code":"TooManyRequests","innerError":{"code":"429","date":"`...)
	b = append(b, s.tenant.now().Format("2006-01-02T15:04:05")...)
	b = wire.AppendText(append(b, `","message":"Please retry after","request-id":`...), c.id)
	c.w.Write(append(b, `,"status":"429"},"message":"Please retry again later."}}`...))
}

// reportError wraps an error the way the report service does: the message of
// the outer error is the inner one as text.
func (s *Server) reportError(c *call, status int, code, message string) {
	b := wire.AppendText(append([]byte(nil), `{"error":{"code":`...), code)
	b = wire.AppendText(append(b, `,"message":`...), message)
	s.graphError(c, status, "UnknownError", string(append(b, `}}`...)))
}
