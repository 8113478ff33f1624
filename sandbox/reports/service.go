package reports

import (
	"net/http"
	"strings"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/route"
	"m365lake/sandbox/seal"
)

// Service serves the usage reports of one tenant. It is safe for concurrent use.
type Service struct {
	company   *company.Company
	clock     clock.Clock
	faults    faults.Set
	key       seal.Key
	downloads string // URL of the download host
	windows   *callWindows
	totals    totalsCache
}

// New returns the reports of a company, whose files are downloaded at a URL, http://host:port.
func New(c *company.Company, at clock.Clock, set faults.Set, limit Throttle, downloads string) *Service {
	return &Service{company: c, clock: at, faults: set, key: seal.Key(c.Secret()), downloads: downloads,
		windows: newCallWindows(limit, at)}
}

// today is the tenant's day.
func (s *Service) today() calendar.Day { return calendar.Of(s.clock.Tenant()) }

// Routes are the paths of Graph at which reports are asked for. The answer is a redirect to the download host.
func (s *Service) Routes() map[string]func(c *odata.Call) {
	below := func(prefix string, underCopilot bool) func(c *odata.Call) {
		return func(c *odata.Call) { s.ask(c, strings.TrimPrefix(c.R.URL.Path, prefix), underCopilot) }
	}
	return map[string]func(c *odata.Call){
		"GET /reports/{call}":                   below("/reports/", false),
		"GET /reports/{call}/{rest...}":         below("/reports/", false),
		"GET /copilot/reports/{call}":           below("/copilot/reports/", true),
		"GET /copilot/reports/{call}/{rest...}": below("/copilot/reports/", true),
	}
}

// Downloads serves the download host.
func (s *Service) Downloads() http.Handler {
	mux := route.New(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Not found.", http.StatusNotFound)
	}))
	mux.Handle("GET "+downloadPath, s.download)
	return mux
}
