package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"m365lake/internal/clock"
)

func TestReportFunction(t *testing.T) {
	for path, want := range map[string][2]string{ // function, and whether it is limited as CSV
		"/v1.0/reports/getEmailActivityUserDetail(period='D7')": {"getemailactivityuserdetail",
			"getemailactivityuserdetail"},
		"/v1.0/reports/getEmailActivityUserDetail(date=2026-01-01)?$format=text/csv": {"getemailactivityuserdetail",
			"getemailactivityuserdetail"},
		"/v1.0/reports/getOffice365ActivationsUserDetail": {"getoffice365activationsuserdetail",
			"getoffice365activationsuserdetail"},
		"/v1.0/reports/microsoft.graph.getMailboxUsageDetail(period='D7')": {"getmailboxusagedetail",
			"getmailboxusagedetail"},
		"/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D7')": {
			"getmicrosoft365copilotusageuserdetail", "getmicrosoft365copilotusageuserdetail",
		},
		"/beta/reports/getEmailActivityUserDetail(period='D7')?$format=application/json&$top=9": {
			"getemailactivityuserdetail", "",
		},
		"/v1.0/reports/authenticationMethods/userRegistrationDetails": {"", ""},
		"/v1.0/admin/reportSettings":                                  {"", ""},
		"/v1.0/users":                                                 {"", ""},
	} {
		u, err := url.Parse("https://graph.microsoft.com" + path)
		if err != nil || reportFunction(u) != want[0] || csvReport(u) != want[1] {
			t.Errorf("%s: %q %q", path, reportFunction(u), csvReport(u))
		}
	}
}

func TestLimitPerReport(t *testing.T) {
	const window = 10 * time.Minute
	const limited, other = "/v1.0/reports/getA(period='D7')", "/v1.0/reports/getB(period='D7')"
	var mu sync.Mutex
	arrived := map[string]int{}
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		arrived[r.URL.Path]++
		mu.Unlock()
		io.WriteString(w, emptyPage)
	})
	var log waitLog
	now := clock.NewManual(time.Now())
	c := tn.client(t, func(o *Options) { o.ReportCalls, o.OnWait, o.Clock = 3, log.add, now })
	if err := c.Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error)
	var others sync.WaitGroup
	for range 7 {
		go func() { _, err := fetch(t.Context(), c, limited); answered <- err }()
		others.Go(func() { _, err := list(t.Context(), c, "/v1.0/users"); mustNot(t, err) })
	}
	for range 3 {
		others.Go(func() { _, err := fetch(t.Context(), c, other); mustNot(t, err) })
	}
	others.Wait() // although no time passes
	for _, calls := range []int{3, 3, 1} {
		for range calls {
			mustNot(t, <-answered)
		}
		mu.Lock()
		left := 7 - arrived[limited]
		mu.Unlock()
		now.WaitForPlanned(left) // all others have asked for the limit's leave
		now.Advance(window)      // and the limit keeps them a little longer
		mu.Lock()
		if arrived[limited] != 7-left {
			t.Errorf("%d calls within a window", arrived[limited])
		}
		mu.Unlock()
		now.Advance(window / 100)
	}
	if arrived[limited] != 7 || arrived["/v1.0/users"] != 7 || arrived[other] != 3 {
		t.Errorf("%v", arrived)
	}
	if waits := log.all(); len(waits) != 4 || waits[0].Status != 0 || waits[0].Path != limited ||
		waits[0].Reason != "3 calls of geta in 10m0s are used up" {
		t.Errorf("%+v", waits)
	}
}

func TestLimitLetsGoOnCancel(t *testing.T) {
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, csvText) })
	c := tn.client(t, func(o *Options) { o.ReportCalls = 1 })
	if _, err := fetch(t.Context(), c, reportPath); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := fetch(ctx, c, reportPath); !errors.Is(err, context.DeadlineExceeded) ||
		time.Since(start) > 2*time.Second {
		t.Error(err)
	}
}
