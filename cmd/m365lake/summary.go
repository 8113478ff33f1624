package main

import (
	"fmt"
	"io"
	"time"

	"m365lake/cmd/m365lake/view"
	"m365lake/pipeline"
	"m365lake/transform/report"
)

// writeSummary prints for people how a run went.
func writeSummary(w io.Writer, r pipeline.Result) {
	for _, t := range r.Tenants {
		if t.Err != nil {
			fmt.Fprintf(w, "%s: failed: %v\n", t.Name, t.Err)
			continue
		}
		good, periods, days := 0, 0, 0
		for _, o := range t.Reports {
			usable := !o.Gap()
			switch {
			case !o.Day.IsZero() && o.Status == report.StatusGood:
				days++
			case o.Day.IsZero() && usable:
				good++
				fallthrough
			case o.Day.IsZero():
				periods++
			}
		}
		fmt.Fprintf(w, "%s: %d users, %d of %d reports good, %d single days, %d requests\n", t.Name, t.Users, good, periods,
			days, t.Requests)
		for _, line := range failureLines(t.Failures) {
			fmt.Fprintln(w, "  "+line)
		}
	}
	if r.Warehouse != "" {
		fmt.Fprintf(w, "published %s in %.1f s\n", r.Warehouse, r.Took.Seconds())
	}
}

// failureLines are the failures with their details, those that are alike as one.
func failureLines(failures []pipeline.Failure) []string {
	var lines []string
	for _, f := range pipeline.JoinAlike(failures) {
		lines = append(lines, f.Source+": "+f.Status+": "+f.Detail)
	}
	return lines
}

// writeSummaryJSON prints for machines how a run went.
func writeSummaryJSON(w io.Writer, r pipeline.Result) error {
	type jsonFailure struct {
		Source string `json:"source"`
		Status string `json:"status"`
		Detail string `json:"detail"`
	}
	type jsonTenant struct {
		Tenant   string        `json:"tenant"`
		TenantID string        `json:"tenant_id"`
		Users    int           `json:"users"`
		Requests int64         `json:"requests"`
		Failures []jsonFailure `json:"failures"`
		Error    string        `json:"error,omitempty"`
	}
	out := struct {
		RunID     string       `json:"run_id"`
		RunDay    string       `json:"run_day"`
		ExitCode  int          `json:"exit_code"`
		Warehouse string       `json:"warehouse,omitempty"`
		Rebuilt   bool         `json:"rebuilt"`
		Seconds   float64      `json:"seconds"`
		Tenants   []jsonTenant `json:"tenants"`
	}{r.RunID, r.Day.Format(time.DateOnly), resultCode(r), r.Warehouse, r.Rebuilt, r.Took.Seconds(), []jsonTenant{}}
	if r.Warehouse == "" {
		out.ExitCode = exitNothing
	}
	for _, t := range r.Tenants {
		j := jsonTenant{Tenant: t.Name, TenantID: t.ID, Users: t.Users, Requests: t.Requests, Failures: []jsonFailure{}}
		if t.Err != nil {
			j.Error = t.Err.Error()
		}
		for _, f := range t.Failures {
			j.Failures = append(j.Failures, jsonFailure(f))
		}
		out.Tenants = append(out.Tenants, j)
	}
	return view.JSON(w, out)
}
