// Package verdict judges each usage report of a run: it makes the report's row of report_status from what was
// asked, pulled and read. Its functions are pure. That a report has too few rows or too many unknown users is
// found while it is read, by report.Summary.Complete.
package verdict

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/graph"
	"m365lake/schemas"
	"m365lake/transform/report"
)

// usualLag is how many days a report may be behind before it is called late. Microsoft promises 48
// hours and often needs another day or two.
const usualLag = 4

// Evidence is what is known of one report when it is judged. At most one of PullErr and ReadErr is set;
// Read counts where neither is.
type Evidence struct {
	RunDay time.Time
	Report string // its name
	Period schemas.Period
	Day    time.Time // the single day that was asked for; zero is a period

	// Dispensable says that the tenant may rightly have nothing of the report: Microsoft does not offer
	// it to everybody, and nobody here is licensed for what it is about.
	Dispensable bool

	PullErr error // why Graph gave no report
	ReadErr error // why the report is not in the lake
	Read    report.Summary
}

// Judge says what a report is worth. It returns no verdict for a single day that Graph's budget did not
// suffice for: nothing is to be recorded, and the next run asks for that day again.
func Judge(e Evidence) (outcome report.Outcome, judged bool) {
	outcome = report.Outcome{Report: e.Report, Period: e.Period, Day: e.Day, Status: report.StatusFailed}
	switch {
	case e.PullErr != nil && !e.Day.IsZero() && Throttled(e.PullErr):
		return report.Outcome{}, false
	case e.PullErr != nil:
		judgeUnpulled(e, &outcome)
	case e.ReadErr != nil:
		judgeUnread(e.ReadErr, &outcome)
	default:
		judgeRead(e, &outcome)
	}
	return outcome, true
}

// judgeUnpulled is for a report that Graph did not give.
func judgeUnpulled(e Evidence, outcome *report.Outcome) {
	outcome.Detail = e.PullErr.Error()
	var refused *graph.Error
	switch {
	case !errors.As(e.PullErr, &refused):
	case !e.Day.IsZero() && outsideWindow(refused):
		outcome.Status, outcome.Detail = report.StatusEmpty, "Microsoft does not give this day yet, or no longer"
	case refused.Absent() && e.Dispensable:
		outcome.Status, outcome.Detail, outcome.Dispensable = report.StatusEmpty, report.DispensableDetail, true
	}
}

// judgeUnread is for a report that Graph gave and that could not be brought into the lake.
func judgeUnread(err error, outcome *report.Outcome) {
	outcome.Detail = err.Error()
	switch {
	case errors.Is(err, report.ErrPartial):
		outcome.Status = report.StatusPartial
	case errors.Is(err, report.ErrConcealed):
		outcome.Status, outcome.Detail = report.StatusConcealed, report.ConcealedDetail
	}
}

// judgeRead is for a report that was read to its end.
func judgeRead(e Evidence, outcome *report.Outcome) {
	outcome.Rows, outcome.Unmatched, outcome.Date = e.Read.Rows, e.Read.Unmatched, e.Read.ReportDate
	outcome.Status = report.StatusGood
	lag := arrow.Date32FromTime(e.RunDay) - e.Read.ReportDate
	switch {
	case e.Read.Rows == 0:
		outcome.Status = report.StatusEmpty
		outcome.Detail = "Graph sent no rows; earlier data is kept. " +
			"One such day is Microsoft's fault, several mean that nobody has the service."
		if e.Day.IsZero() && e.Dispensable {
			outcome.Detail, outcome.Dispensable = report.DispensableDetail, true
		}
	case e.Read.Concealed:
		outcome.Status, outcome.Detail = report.StatusConcealed, report.ConcealedDetail
	case e.Day.IsZero() && lag > usualLag: // a single day is as old as it is
		outcome.Status, outcome.Detail = report.StatusLate, fmt.Sprintf("Microsoft's data is %d days old", lag)
	}
	if !e.Day.IsZero() {
		outcome.Date = arrow.Date32FromTime(e.Day)
	}
	if len(e.Read.MissingColumns) > 0 {
		if outcome.Detail != "" {
			outcome.Detail += "; "
		}
		outcome.Detail += fmt.Sprintf("columns missing from Microsoft's file: %q", e.Read.MissingColumns)
	}
}

// outsideWindow says whether Graph refused a single day as too recent or too old.
// Source: the service's answer, 400 InvalidArgument "Only support data for the past 28 days".
func outsideWindow(refused *graph.Error) bool {
	return refused.Status == http.StatusBadRequest && refused.Code == "InvalidArgument"
}

// Throttled says whether a pull failed because Graph's budget was used up.
func Throttled(err error) bool {
	var refused *graph.Error
	return errors.As(err, &refused) && refused.Throttled() || errors.As(err, new(*graph.NoRoomError))
}

// smallReport is how many rows a report may lose without being doubted: small tenants change fast.
const smallReport = 20

// LeastRows is how many rows a report over a period must have to be believed, where the newest one in
// the lake has stored rows and may lose maxShrinkPercent of them. 0 is any number.
func LeastRows(stored int64, maxShrinkPercent int) int64 {
	if stored < smallReport {
		return 0
	}
	return stored * int64(100-maxShrinkPercent) / 100
}
