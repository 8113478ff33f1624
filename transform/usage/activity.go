// Package usage computes from usage reports who was active in which app, by period and by day, and how many.
package usage

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform"
	"m365lake/transform/report"
	"m365lake/transform/userindex"
)

// Activity computes app_activity and activity_metrics from the usage reports of one tenant and
// run. Reports may be read concurrently; Cumulative comes after all reports of its period.
type Activity struct {
	Tenant transform.Tenant
	Users  *userindex.Index

	mu        sync.Mutex
	periods   map[schemas.Period]*periodSum
	concealed map[schemas.Period]*pseudonymSum
	without   map[schemas.Period]int // how many dispensable reports are not there
}

// periodSum is what Cumulative needs of one period: per user, by user_key.
type periodSum struct {
	reports  int
	date     arrow.Date32 // the oldest: cumulative is as fresh as its stalest report
	active   []bool
	reported []bool
	last     []arrow.Date32
}

// never stands for a date that is not there.
const never = arrow.Date32(math.MinInt32)

// allReports is the deciding report of cumulative.
const allReports = "all"

// Report passes a report's rows on to its own table and adds what they say about the apps, for a
// period of the configuration. An empty report moves no metrics, and one that conceals names only
// concealed_metrics; a partial one ends in ErrPartial.
func (a *Activity) Report(reader *report.Reader, period schemas.Period) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		request := reader.Request()
		about := request.Report
		var tracks []*appTrack
		seen := make([]bool, len(a.Users.People))
		last := filled(len(a.Users.People), never)
		var date arrow.Date32
		var partition []string
		var hidden pseudonyms
		for rows, err := range reader.Batches() {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if rows.NumRows() == 0 {
				continue
			}
			if partition == nil {
				date = rows.Column(about.Table.Column("report_date")).(*array.Date32).Value(0)
				partition = []string{date.FormattedString(), request.Period.Days()}
				tracks = a.tracks(about, period, date)
			}
			if !yield(schemas.Batch{Table: &about.Table, Partition: partition, Rows: rows}, nil) {
				return
			}
			if len(tracks) == 0 {
				continue // the report decides no app
			}
			keys := rows.Column(about.Table.Column("user_key")).(*array.Int32)
			mark(keys, seen)
			latest(about, rows, keys, last)
			active := make([]bool, rows.NumRows())
			for _, t := range tracks {
				t.addRows(rows, keys, active)
			}
			hidden.addPseudonyms(rows.Column(about.Table.Column(about.UserColumn())).(*array.String), keys, active)
		}
		summary := reader.Summary()
		if err := summary.Complete(request.LeastRows); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		switch {
		case summary.Concealed && request.HasNamed(date):
			yield(
				schemas.Batch{},
				fmt.Errorf(
					"%s: %w, and the same day is there with names; that is kept",
					request.File,
					report.ErrConcealed,
				),
			)
			return
		case len(tracks) > 0 && summary.Concealed:
			if a.yieldConcealed(yield, concealedCounts(tracks), about.Name, period, date) {
				a.sumPseudonyms(period, date, &hidden)
			}
			return
		case len(tracks) == 0 || !summary.MovesMetrics():
			return
		}
		for _, t := range tracks {
			t.reported = seen
			if !t.yieldActivity(yield) {
				return
			}
		}
		if !a.yieldMetrics(yield, tracks, about.Name, period, date) {
			return
		}
		a.sum(period, date, tracks, seen, last)
	}
}

// mark notes who has a row in the report.
func mark(keys *array.Int32, seen []bool) {
	for i := range keys.Len() {
		if keys.IsValid(i) {
			seen[keys.Value(i)] = true
		}
	}
}

// latest keeps the last day on which the report saw each user do anything.
func latest(about *reports.Report, rows arrow.RecordBatch, keys *array.Int32, last []arrow.Date32) {
	for c, column := range about.Table.Columns {
		if !lastActivityColumn(column) {
			continue
		}
		dates := rows.Column(c).(*array.Date32)
		for i := range keys.Len() {
			if keys.IsValid(i) && dates.IsValid(i) {
				last[keys.Value(i)] = max(last[keys.Value(i)], dates.Value(i))
			}
		}
	}
}

// sum adds a report to the cumulative numbers of its period.
func (a *Activity) sum(period schemas.Period, date arrow.Date32, tracks []*appTrack, seen []bool, last []arrow.Date32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.periods == nil {
		a.periods = map[schemas.Period]*periodSum{}
	}
	s := a.periods[period]
	if s == nil {
		n := len(a.Users.People)
		s = &periodSum{date: date, active: make([]bool, n), reported: make([]bool, n), last: filled(n, never)}
		a.periods[period] = s
	}
	s.reports++
	s.date = min(s.date, date)
	for key := range seen {
		s.reported[key] = s.reported[key] || seen[key]
		s.last[key] = max(s.last[key], last[key])
		for _, t := range tracks {
			s.active[key] = s.active[key] || t.active[key]
		}
	}
}

// Dispensable says whether a tenant may rightly have nothing of the report: Microsoft does not
// offer it to everybody, and nobody here is licensed for an app that it decides.
func (a *Activity) Dispensable(about *reports.Report) bool {
	if !about.Optional {
		return false
	}
	var apps reports.AppSet
	for i, app := range reports.Apps() {
		if app.Report == about {
			apps |= 1 << i
		}
	}
	return !slices.ContainsFunc(a.Users.People, func(p userindex.Person) bool { return p.Licensed&apps != 0 })
}

// Without notes that a dispensable report is not there, so that Cumulative does not wait for it.
func (a *Activity) Without(about *reports.Report, period schemas.Period) {
	if !about.DecidesApps() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.without == nil {
		a.without = map[schemas.Period]int{}
	}
	a.without[period]++
}

// Cumulative adds "active in any app" for a period. It yields nothing unless as many reports as
// are wanted were fit, or as many were concealed: a missing one would make people look inactive, and
// pseudonyms are never mixed with names.
func (a *Activity) Cumulative(period schemas.Period, wanted int) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		hidden := a.concealed[period]
		if count, ok := hidden.anyApp(wanted, a.without[period]); ok {
			a.yieldConcealed(yield, []concealedCount{count}, allReports, period, hidden.date)
			return
		}
		s := a.periods[period]
		if s == nil || s.reports+a.without[period] < wanted {
			return
		}
		t := newAppTrack(a, reports.Cumulative, ^reports.AppSet(0), allReports, period, s.date)
		for key := 1; key < len(a.Users.People); key++ {
			if !s.reported[key] {
				continue
			}
			t.row(int32(key), s.active[key], s.last[key], noActions)
			if !t.rows.FlushFull(yield) {
				return
			}
		}
		t.reported = s.reported
		if t.rows.Flush(yield) {
			a.yieldMetrics(yield, []*appTrack{t}, allReports, period, s.date)
		}
	}
}

func filled(n int, date arrow.Date32) []arrow.Date32 {
	dates := make([]arrow.Date32, n)
	for i := range dates {
		dates[i] = date
	}
	return dates
}
