package main

import (
	"io"
	"testing"
	"time"

	"m365lake/graph"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// What schemas says of a report is what the sandbox, written from Microsoft's pages, offers: the
// function, its periods, and single days exactly where schemas says so.
func TestEveryReportIsOffered(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 40, seed: 3, day: "2026-11-20"})
	cloud, err := cloud.Custom(s.server.URL(), s.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Options{Cloud: cloud, ReportCalls: 100, Credentials: auth.Credentials{
		TenantID: s.tenant.ID(), ClientID: s.tenant.ClientID(), ClientSecret: s.tenant.ClientSecret(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path string) error {
		download, err := client.Report(t.Context(), path)
		if err != nil {
			return err
		}
		defer func() { _ = download.Body.Close() }()
		_, err = io.Copy(io.Discard, download.Body)
		return err
	}
	for _, r := range reports.All() {
		for _, p := range r.Over(schemas.Periods) {
			if err := ask(r.Path(p)); err != nil {
				t.Errorf("%s: %v", r.Name, err)
			}
		}
		if err := ask(r.DayPath(time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC))); (err == nil) != r.Days {
			t.Errorf("%s: Days is %t, and a single day gives %v", r.Name, r.Days, err)
		}
	}
}
