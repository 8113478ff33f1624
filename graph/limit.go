package graph

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"m365lake/graph/wire"
	"m365lake/internal/clock"
	"m365lake/internal/window"
)

// limit keeps the CSV calls of each usage report under Microsoft's limit, 14 in ten minutes per
// report, application and tenant. Other paths are not limited here.
// Source: https://learn.microsoft.com/graph/throttling-limits, "Microsoft 365 reports service limits".
type limit struct {
	next     http.RoundTripper
	clock    clock.Clock
	calls    int
	per      time.Duration
	announce func(wire.Wait)

	mu      sync.Mutex
	reports map[string]*window.Window
}

func (l *limit) RoundTrip(req *http.Request) (*http.Response, error) {
	report := csvReport(req.URL)
	if report == "" {
		return l.next.RoundTrip(req)
	}
	ctx, path, calls := req.Context(), pathOf(req), l.window(report)
	if waitsNot(ctx) {
		if delay := calls.TakeNow(); delay > 0 {
			return nil, &NoRoomError{Path: path, Delay: delay}
		}
		return l.next.RoundTrip(req)
	}
	err := calls.Wait(ctx, func(delay time.Duration) {
		l.announce(wire.Wait{
			Path: path, Delay: delay, Reason: fmt.Sprintf("%d calls of %s in %v are used up", l.calls, report, l.per),
		})
	})
	if err != nil {
		return nil, wire.Stopped(ctx, path)
	}
	return l.next.RoundTrip(req)
}

// window returns the calls of one report.
func (l *limit) window(report string) *window.Window {
	l.mu.Lock()
	defer l.mu.Unlock()
	calls := l.reports[report]
	if calls == nil {
		calls = window.New(l.clock, l.calls, l.per)
		if l.reports == nil {
			l.reports = map[string]*window.Window{}
		}
		l.reports[report] = calls
	}
	return calls
}

// csvReport names the usage report that u asks for as CSV, or is "". JSON has another limit.
func csvReport(u *url.URL) string {
	name := reportFunction(u)
	if name == "" || strings.Contains(strings.ToLower(u.Query().Get("$format")), "json") {
		return ""
	}
	return name
}

// reportFunction is the name of the usage report function in u, such as getEmailActivityUserDetail
// in /v1.0/reports/getEmailActivityUserDetail(period='D7'), in lower case because Graph does not
// tell cases apart. It is "" for every other path, also for other things below /reports.
func reportFunction(u *url.URL) string {
	_, rest, found := strings.Cut(strings.ToLower(u.Path), "/reports/")
	if !found {
		return ""
	}
	name := strings.TrimPrefix(rest, "microsoft.graph.")
	if i := strings.IndexAny(name, "(/"); i >= 0 {
		name = name[:i]
	}
	if !strings.HasPrefix(name, "get") {
		return ""
	}
	return name
}

// limitScope names the limit that a Graph request is under, as far as it can be seen from outside:
// each report has its own, everything else shares the directory's.
func limitScope(u *url.URL) string {
	if name := reportFunction(u); name != "" {
		return name
	}
	return "directory"
}
