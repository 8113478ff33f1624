package pipeline

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"m365lake/transform/report"
	"m365lake/transform/runrecord"
)

// A Result is how a run went.
type Result struct {
	RunID     string
	Day       time.Time
	Tenants   []TenantResult
	Warehouse string        // the file that was published; "" if none was
	Rebuilt   bool          // the warehouse was made anew instead of upon the last one
	Build     time.Duration // how long the build took
	Took      time.Duration // how long all of it took
}

// Complete says whether every tenant brought everything that was asked for.
func (r Result) Complete() bool {
	for _, t := range r.Tenants {
		if t.Err != nil || len(t.Failures) > 0 {
			return false
		}
	}
	return true
}

// A TenantResult is one tenant's part of a run.
type TenantResult struct {
	Name, ID string
	Users    int // in the directory
	Reports  []report.Outcome
	Failures []Failure // sources of the directory, and reports that moved no metrics
	Requests int64     // to Graph
	Err      error     // why nothing of the tenant was loaded
}

// A Failure is one source that left a gap.
type Failure struct{ Source, Status, Detail string }

// addFailures reads from the run's record, and from the reports, what failed.
func (t *TenantResult) addFailures(record runrecord.Record) {
	reports := map[string]bool{}
	for _, o := range t.Reports {
		reports[o.Source()] = true
	}
	for _, step := range record.Steps {
		if step.Status == "failed" && !reports[step.Source] {
			t.Failures = append(t.Failures, Failure{step.Source, step.Status, step.Error})
		}
	}
	for _, o := range t.Reports {
		if o.Gap() {
			t.Failures = append(t.Failures, Failure{o.Source(), o.Status, o.Detail})
		}
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

// JoinAlike makes one failure of those of a report that failed alike, as its periods mostly do: their
// sources become one text, and their detail is the first one's. All reports whose names are concealed
// become one failure, since that is one fault with one remedy.
func JoinAlike(failures []Failure) []Failure {
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
	var joined []Failure
	var concealed []string // the reports that are
	var at int             // where they are in joined
	for _, l := range order {
		if l.status == report.StatusConcealed {
			if concealed = append(concealed, l.report); len(concealed) == 1 {
				at, joined = len(joined), append(joined, Failure{Status: l.status, Detail: report.ConcealedDetail})
			}
			joined[at].Source = strings.Join(concealed, ", ")
			continue
		}
		source := l.report + periods[l]
		if days[l] > 0 {
			source += fmt.Sprintf(" and %d single days", days[l])
		}
		joined = append(joined, Failure{source, l.status, detail[l]})
	}
	return joined
}
