package transform

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
)

// What a usage report can be worth. Only good and late reports move metrics.
const (
	StatusGood      = "good"
	StatusLate      = "late"
	StatusEmpty     = "empty"
	StatusConcealed = "concealed"
	StatusPartial   = "partial"
	StatusFailed    = "failed"
)

// usualLag is how many days a report may be behind before it is called late. Microsoft promises 48
// hours and often needs another day or two.
const usualLag = 4

// ConcealedDetail says what to do about a concealed report.
const ConcealedDetail = "names are concealed; to see them, clear \"Display concealed user, group, and site names in all reports\" under Settings > Org settings > Services > Reports in the Microsoft 365 admin center"

// DispensableDetail says why it is no fault that there is nothing of a report.
const DispensableDetail = "Microsoft has nothing to tell, and nobody is missed: the service is retired, or nobody here is licensed for it"

// ErrPartial says that a report is too incomplete to replace what is already there.
var ErrPartial = errors.New("partial report")

// A ReportOutcome is a row of report_status.
type ReportOutcome struct {
	Report          string
	Period          schemas.Period
	Status, Detail  string
	Date            arrow.Date32 // meaningful if Rows > 0
	Rows, Unmatched int64
	Dispensable     bool // there is nothing of it, and that is no fault
}

// Gap says whether the report left a gap.
func (o ReportOutcome) Gap() bool {
	return o.Status != StatusGood && o.Status != StatusLate && !o.Dispensable
}

// Judge says what a report that could be read is worth.
func (s ReportSummary) Judge(runDay time.Time) (status, detail string) {
	switch lag := arrow.Date32FromTime(runDay) - s.ReportDate; {
	case s.Rows == 0:
		return StatusEmpty, "Graph sent no rows; earlier data is kept. One such day is Microsoft's fault, several mean that nobody has the service."
	case s.Concealed:
		return StatusConcealed, ConcealedDetail
	case lag > usualLag:
		return StatusLate, fmt.Sprintf("Microsoft's data is %d days old", lag)
	}
	return StatusGood, ""
}

// movesMetrics says whether the apps may be counted from the report.
func (s ReportSummary) movesMetrics() bool { return s.Rows > 0 && !s.Concealed }

// complete is an error when most rows name people the directory does not have: then the report or
// the directory is another tenant's, or one of them is broken, and everybody would look inactive.
func (s ReportSummary) complete() error {
	if s.Concealed || s.Unmatched*2 <= s.Rows {
		return nil
	}
	return fmt.Errorf("%w: %d of %d rows name users that the directory does not list; earlier data is kept", ErrPartial, s.Unmatched, s.Rows)
}

// ReportStatuses makes the rows of report_status of one run day.
func ReportStatuses(t Tenant, runID string, outcomes []ReportOutcome) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newRowBuilder(&schemas.ReportStatus, t.Mem, t.day())
		defer rows.release()
		for _, o := range outcomes {
			var date, detail any
			if o.Rows > 0 {
				date = o.Date
			}
			if o.Detail != "" {
				detail = o.Detail
			}
			rows.add(t.ID, t.Day, o.Report, int64(o.Period), o.Status, date, o.Rows, o.Unmatched, detail, runID)
		}
		yieldRest(yield, rows)
	}
}
