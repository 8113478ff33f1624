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
)

func TestReportFunction(t *testing.T) {
	for path, want := range map[string][2]string{ // function, and whether it is limited as CSV
		"/v1.0/reports/getEmailActivityUserDetail(period='D7')":                                 {"getemailactivityuserdetail", "getemailactivityuserdetail"},
		"/v1.0/reports/getEmailActivityUserDetail(date=2026-01-01)?$format=text/csv":            {"getemailactivityuserdetail", "getemailactivityuserdetail"},
		"/v1.0/reports/getOffice365ActivationsUserDetail":                                       {"getoffice365activationsuserdetail", "getoffice365activationsuserdetail"},
		"/v1.0/reports/microsoft.graph.getMailboxUsageDetail(period='D7')":                      {"getmailboxusagedetail", "getmailboxusagedetail"},
		"/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D7')":              {"getmicrosoft365copilotusageuserdetail", "getmicrosoft365copilotusageuserdetail"},
		"/beta/reports/getEmailActivityUserDetail(period='D7')?$format=application/json&$top=9": {"getemailactivityuserdetail", ""},
		"/v1.0/reports/authenticationMethods/userRegistrationDetails":                           {"", ""},
		"/v1.0/admin/reportSettings":                                                            {"", ""},
		"/v1.0/users":                                                                           {"", ""},
	} {
		u, err := url.Parse("https://graph.microsoft.com" + path)
		if err != nil || reportFunction(u) != want[0] || csvReport(u) != want[1] {
			t.Errorf("%s: %q %q", path, reportFunction(u), csvReport(u))
		}
	}
}

func TestLimitPerReport(t *testing.T) {
	const window = 300 * time.Millisecond
	var mu sync.Mutex
	arrived := map[string][]time.Time{}
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		arrived[r.URL.Path] = append(arrived[r.URL.Path], time.Now())
		mu.Unlock()
		io.WriteString(w, emptyPage)
	})
	var log waitLog
	c := tn.client(t, func(o *Options) { o.ReportCalls, o.ReportWindow, o.OnWait = 3, window, log.add })
	if err := c.Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	start := time.Now()
	for range 7 {
		all.Go(func() { _, err := fetch(t.Context(), c, "/v1.0/reports/getA(period='D7')"); mustNot(t, err) })
		all.Go(func() { _, err := list(t.Context(), c, "/v1.0/users"); mustNot(t, err) })
	}
	for range 3 {
		all.Go(func() { _, err := fetch(t.Context(), c, "/v1.0/reports/getB(period='D7')"); mustNot(t, err) })
	}
	all.Wait()
	a := arrived["/v1.0/reports/getA(period='D7')"]
	for i := 3; i < len(a); i++ {
		if gap := a[i].Sub(a[i-3]); gap < window-30*time.Millisecond { // they were sent a window apart, and take different time to arrive
			t.Errorf("calls %d to %d within %v", i-2, i+1, gap)
		}
	}
	if len(a) != 7 || a[2].Sub(start) > window {
		t.Errorf("%d calls, the third after %v", len(a), a[2].Sub(start))
	}
	for _, path := range []string{"/v1.0/users", "/v1.0/reports/getB(period='D7')"} {
		if last := arrived[path][len(arrived[path])-1].Sub(start); last > window {
			t.Errorf("%s waited until %v", path, last)
		}
	}
	if waits := log.all(); len(waits) != 4 || waits[0].Status != 0 || waits[0].Path != "/v1.0/reports/getA(period='D7')" ||
		waits[0].Reason != "3 calls of geta in 300ms are used up" {
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
	if _, err := fetch(ctx, c, reportPath); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
		t.Error(err)
	}
}
