package report

import (
	"iter"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/transform"
)

// What a usage report can be worth. Only good and late reports move metrics of people; concealed
// ones are counted by pseudonym.
const (
	StatusGood      = "good"
	StatusLate      = "late"
	StatusEmpty     = "empty"
	StatusConcealed = "concealed"
	StatusPartial   = "partial"
	StatusFailed    = "failed"
	StatusMissing   = "missing"
)

// ConcealedDetail says what to do about a concealed report.
const ConcealedDetail = "" +
	"names are concealed; to see them, clear \"Display concealed user, group, and site names in all " +
	"reports\" under Settings > Org settings > Services > Reports in the Microsoft 365 admin center; " +
	"until then app_usage counts pseudonyms, and no view judges a person by old activity"

// DispensableDetail says why it is no fault that there is nothing of a report.
const DispensableDetail = "" +
	"Microsoft has nothing to tell, and nobody is missed: the service is retired, or nobody here is " +
	"licensed for it"

// A Outcome is a row of report_status.
type Outcome struct {
	Report          string
	Period          schemas.Period
	Day             time.Time // the single day asked for; zero for a period
	Status, Detail  string
	Date            arrow.Date32 // meaningful if Rows > 0
	Rows, Unmatched int64
	Dispensable     bool // there is nothing of it, and that is no fault
}

// Source is the name of the source the outcome is about.
func (o Outcome) Source() string {
	if o.Day.IsZero() {
		return o.Report + o.Period.Suffix()
	}
	return o.Report + "_" + o.Day.Format(time.DateOnly)
}

// Gap says whether the outcome leaves numbers unmoved that should have moved. A day without rows is
// none: a Sunday may be empty, and a recent day is asked for again.
func (o Outcome) Gap() bool {
	switch o.Status {
	case StatusGood, StatusLate, StatusMissing:
		return false
	case StatusEmpty:
		return o.Day.IsZero() && !o.Dispensable
	}
	return !o.Dispensable
}

// Statuses makes the rows of report_status of one run day.
func Statuses(t transform.Tenant, runID string, outcomes []Outcome) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		w := t.NewWriter(&schemas.ReportStatus, t.DayText(), runID)
		w.Date("run_day").Fill(arrow.Date32FromTime(t.Day))
		w.Text("run_id").Fill(runID)
		report, period, day := w.Text("report"), w.Integer("report_period"), w.Date("asked_day")
		status, date, detail := w.Text("status"), w.Date("report_date"), w.Text("detail")
		rows, unmatched := w.Integer("rows"), w.Integer("unmatched_rows")
		for _, o := range outcomes {
			report.Append(o.Report)
			period.Append(int64(o.Period))
			day.AppendDay(o.Day)
			status.Append(o.Status)
			if o.Rows > 0 {
				date.Append(o.Date)
			}
			rows.Append(o.Rows)
			unmatched.Append(o.Unmatched)
			detail.AppendFilled(o.Detail)
			w.EndRow()
		}
		w.Flush(yield)
	}
}
