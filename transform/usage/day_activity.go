package usage

import (
	"iter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform/report"
)

// Day reads a usage report of a single day into app_activity_daily. The report's own rows are not
// kept: the raw file has them, and a table of 28 wide days would be most of a warehouse.
//
// A day without rows leaves no file, so that it is asked for again, unless it is settled: then it is
// known that nobody was active.
//
// The day is the one that was asked for. Microsoft does not document what Report Refresh Date says
// in such a report.
func (a *Activity) Day(reader *report.Reader, settled bool) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		request := reader.Request()
		about, date := request.Report, arrow.Date32FromTime(request.Day)
		var tracks []*dayTrack
		for _, app := range reports.Apps() {
			if app.Report == about {
				tracks = append(tracks, newDayTrack(app, len(a.Users.People)))
			}
		}
		for batch, err := range reader.Batches() {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			for _, t := range tracks {
				keys := batch.Column(about.Table.Column("user_key")).(*array.Int32)
				t.addRows(batch, keys, date)
			}
		}
		summary := reader.Summary()
		if err := summary.Complete(request.LeastRows); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		if !summary.MovesMetrics() && (summary.Rows > 0 || !settled) {
			return
		}
		rows := a.Tenant.NewWriter(&schemas.AppActivityDaily, date.FormattedString(), about.Name)
		rows.Date("report_date").Fill(date)
		rows.Text("report").Fill(about.Name)
		app, user, actions := rows.Text("app"), rows.Key("user_key"), rows.Integer("actions")
		for _, t := range tracks {
			for key, active := range t.active {
				if !active {
					continue
				}
				app.Append(t.app)
				user.Append(int32(key))
				if t.actions != nil {
					actions.Append(t.actions[key])
				}
				rows.EndRow()
				if !rows.FlushFull(yield) {
					return
				}
			}
		}
		rows.Flush(yield)
	}
}

// A dayTrack follows one app through the reports of single days.
type dayTrack struct {
	app        string
	flag, last int // columns of the report; -1 is none
	counters   []int

	// By user_key, until the report's end: Microsoft may name somebody twice, by a former name or in
	// another spelling.
	active  []bool
	actions []int64 // nil: the report counts none
}

func newDayTrack(app reports.App, people int) *dayTrack {
	t := &dayTrack{app: app.Name, flag: -1, last: -1, active: make([]bool, people)}
	if len(app.Actions) > 0 {
		t.actions = make([]int64, people)
	}
	if app.Flag != "" {
		t.flag = app.Report.Table.Column(app.Flag)
	}
	if app.LastActivity != "" {
		t.last = app.Report.Table.Column(app.LastActivity)
	}
	for _, c := range app.Actions {
		t.counters = append(t.counters, app.Report.Table.Column(c))
	}
	return t
}

// addRows notes those who were active in the app on the day: the flag says so, or the last activity
// is of that day, or something was counted.
func (t *dayTrack) addRows(batch arrow.RecordBatch, keys *array.Int32, day arrow.Date32) {
	for i := range keys.Len() {
		if keys.IsNull(i) {
			continue
		}
		var active bool
		if t.flag >= 0 {
			flags := batch.Column(t.flag).(*array.Boolean)
			active = flags.IsValid(i) && flags.Value(i)
		}
		if t.last >= 0 {
			dates := batch.Column(t.last).(*array.Date32)
			active = active || dates.IsValid(i) && dates.Value(i) == day
		}
		key := keys.Value(i)
		for _, c := range t.counters {
			if counts := batch.Column(c).(*array.Int64); counts.IsValid(i) {
				t.actions[key] += counts.Value(i)
			}
		}
		t.active[key] = t.active[key] || active || t.actions != nil && t.actions[key] > 0
	}
}
