package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"m365lake/transform"
)

// runSummary is what a run tells at its end.
type runSummary struct {
	RunID     string
	RunDay    string
	Tenants   []tenantSummary
	Warehouse string
	Rebuilt   bool
	Build     time.Duration
	Took      time.Duration
}

// tenantSummary is one tenant's part of it.
type tenantSummary struct {
	Tenant, TenantID string
	Users            int
	Reports          []transform.ReportOutcome
	Failures         []failure // sources of the directory, and reports that moved no metrics
	Requests         int64
	Err              error // why nothing of the tenant was loaded
}

// failure is one source that left a gap.
type failure struct{ Source, Status, Detail string }

// fill reads from the run's record what failed.
func (s *tenantSummary) fill(run transform.RunRecord) {
	s.Requests = run.Requests
	reports := map[string]bool{}
	for _, o := range s.Reports {
		reports[o.Source()] = true
	}
	for _, step := range run.Steps {
		if step.Status == "failed" && !reports[step.Source] {
			s.Failures = append(s.Failures, failure{step.Source, step.Status, step.Error})
		}
	}
	for _, o := range s.Reports {
		if o.Gap() {
			s.Failures = append(s.Failures, failure{o.Source(), o.Status, o.Detail})
		}
	}
}

func (s tenantSummary) gaps() int { return len(s.Failures) }

// exit is the exit code of a run that was published.
func (s runSummary) exit() int {
	for _, t := range s.Tenants {
		if t.Err != nil || t.gaps() > 0 {
			return exitGaps
		}
	}
	return exitGood
}

// write prints the summary for people.
func (s runSummary) write(w io.Writer) {
	for _, t := range s.Tenants {
		if t.Err != nil {
			fmt.Fprintf(w, "%s: failed: %v\n", t.Tenant, t.Err)
			continue
		}
		good, periods, days := 0, 0, 0
		for _, o := range t.Reports {
			usable := !o.Gap()
			switch {
			case !o.Day.IsZero() && o.Status == transform.StatusGood:
				days++
			case o.Day.IsZero() && usable:
				good++
				fallthrough
			case o.Day.IsZero():
				periods++
			}
		}
		fmt.Fprintf(w, "%s: %d users, %d of %d reports good, %d single days, %d requests\n", t.Tenant, t.Users, good, periods, days, t.Requests)
		for _, line := range failureLines(t.Failures) {
			fmt.Fprintln(w, "  "+line)
		}
	}
	if s.Warehouse != "" {
		fmt.Fprintf(w, "published %s in %.1f s\n", s.Warehouse, s.Took.Seconds())
	}
}

var periodOrDay = regexp.MustCompile(`^(D\d+|\d{4}-\d{2}-\d{2})$`)

// withoutPeriod is a source without the period or day it covers.
func withoutPeriod(source string) string {
	if i := strings.LastIndex(source, "_"); i > 0 && periodOrDay.MatchString(source[i+1:]) {
		return source[:i]
	}
	return source
}

// failureLines says each failure once, with its detail.
func failureLines(failures []failure) []string {
	var lines []string
	for _, f := range alike(failures) {
		lines = append(lines, f.Source+": "+f.Status+": "+f.Detail)
	}
	return lines
}

// alike makes one of the failures of a report that failed alike, as its periods mostly do. Their
// sources become one text, their detail is the first one's.
func alike(failures []failure) []failure {
	type likeness struct{ report, status string }
	var order []likeness
	periods, days, detail := map[likeness]string{}, map[likeness]int{}, map[likeness]string{}
	for _, f := range failures {
		l := likeness{withoutPeriod(f.Source), f.Status}
		period := strings.TrimPrefix(f.Source[len(l.report):], "_")
		if _, seen := detail[l]; !seen {
			order = append(order, l)
			detail[l] = f.Detail
		}
		if strings.Contains(period, "-") {
			days[l]++
		} else if period != "" {
			periods[l] += " " + period
		}
	}
	var joined []failure
	var concealed []string // the reports that are, as one: it is one fault, with a long remedy
	var at int
	for _, l := range order {
		if l.status == transform.StatusConcealed {
			if concealed = append(concealed, l.report); len(concealed) == 1 {
				at, joined = len(joined), append(joined, failure{Status: l.status, Detail: transform.ConcealedDetail})
			}
			joined[at].Source = strings.Join(concealed, ", ")
			continue
		}
		what := l.report + periods[l]
		if days[l] > 0 {
			what += fmt.Sprintf(" and %d single days", days[l])
		}
		joined = append(joined, failure{what, l.status, detail[l]})
	}
	return joined
}

// writeJSON prints the summary for machines.
func (s runSummary) writeJSON(w io.Writer) error {
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
	}{s.RunID, s.RunDay, s.exit(), s.Warehouse, s.Rebuilt, s.Took.Seconds(), []jsonTenant{}}
	if s.Warehouse == "" {
		out.ExitCode = exitNothing
	}
	for _, t := range s.Tenants {
		j := jsonTenant{Tenant: t.Tenant, TenantID: t.TenantID, Users: t.Users, Requests: t.Requests, Failures: []jsonFailure{}}
		if t.Err != nil {
			j.Error = t.Err.Error()
		}
		for _, f := range t.Failures {
			j.Failures = append(j.Failures, jsonFailure(f))
		}
		out.Tenants = append(out.Tenants, j)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
