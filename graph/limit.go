package graph

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limit keeps the CSV calls of each usage report under Microsoft's limit, 14 in ten minutes per
// report, application and tenant. Other paths are not limited here.
// Source: https://learn.microsoft.com/graph/throttling-limits, "Microsoft 365 reports service limits".
type limit struct {
	next   http.RoundTripper
	calls  int
	window time.Duration
	waits  waits

	mu      sync.Mutex
	reports map[string]*budget
}

// A budget allows the whole number of calls at once and still never more than it in any window.
// One token bucket cannot: with a burst of 14 it would let the 15th call pass after 43 seconds.
// So each of the 14 calls has a bucket of its own, of one token per window, used in turn.
type budget struct {
	slots []*rate.Limiter
	turn  int
}

func (l *limit) RoundTrip(req *http.Request) (*http.Response, error) {
	report := csvReport(req.URL)
	if report == "" {
		return l.next.RoundTrip(req)
	}
	place, d := l.reserve(report, impatient(req.Context()))
	if place == nil {
		return nil, &BudgetError{Path: pathOf(req), Delay: d}
	}
	if d > 0 {
		path := pathOf(req)
		l.waits.announce(Wait{Path: path, Delay: d, Reason: fmt.Sprintf("%d calls of %s in %v are used up", l.calls, report, l.window)})
		if sleep(req.Context(), d) != nil {
			place.Cancel()
			return nil, stopped(req.Context(), path)
		}
	}
	return l.next.RoundTrip(req)
}

// reserve takes a place in the report's budget and says how long it is until then. Rather than
// wait, an impatient request gets none.
func (l *limit) reserve(report string, impatient bool) (*rate.Reservation, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.reports[report]
	if b == nil {
		b = &budget{slots: make([]*rate.Limiter, l.calls)}
		for i := range b.slots {
			// A hundredth longer than the window: requests are counted when they arrive, and the
			// later one may have the shorter way.
			b.slots[i] = rate.NewLimiter(rate.Every(l.window+l.window/100), 1)
		}
		if l.reports == nil {
			l.reports = map[string]*budget{}
		}
		l.reports[report] = b
	}
	place := b.slots[b.turn].Reserve()
	d := place.Delay()
	if impatient && d > 0 {
		place.Cancel()
		return nil, d
	}
	b.turn = (b.turn + 1) % len(b.slots)
	return place, d
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
