package report

import (
	"bytes"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/transform/cells"
)

// checkRow holds a record to what must be the same in all of them, and to the records before. It
// reports whether the record is to be dropped.
func (r *Reader) checkRow() (repeated bool, err error) {
	s := r.scanner
	if s.Fields() != len(r.header.names) {
		return false, r.fail(
			s.Line,
			RemedyFormat,
			"the record has %d fields, but the header %d",
			s.Fields(),
			len(r.header.names),
		)
	}
	if date := s.Field(r.dateField); r.dateText == nil || !bytes.Equal(date, r.dateText) {
		if err := r.checkDate(date); err != nil {
			return false, err
		}
	}
	// What Report Period says of a single day is documented nowhere.
	if r.header.period >= 0 && r.req.Period != 0 && r.req.Day.IsZero() {
		if period := s.Field(r.header.period); !bytes.Equal(period, r.periodText) && len(period) > 0 {
			days, ok := cells.ParseInteger(period)
			if !ok {
				return false, r.cellError(r.header.period, "a number of days")
			}
			if days != int64(r.req.Period) {
				return false, r.fail(
					s.Line,
					RemedyFresh,
					"%s is %d, but %d was asked for: the file belongs to another request",
					PeriodHeader,
					days,
					int(r.req.Period),
				)
			}
		}
	}
	identity, err := r.identify()
	if err != nil {
		return false, err
	}
	if before, same := r.seen.Remember(identity, s.Raw, s.Line); before > 0 && !same {
		if string(identity) == zeroGUID {
			return false, fmt.Errorf(
				"%s: line %d: %w, so that nothing tells its rows apart",
				r.req.File,
				s.Line,
				ErrConcealed,
			)
		}
		return false, r.fail(s.Line, RemedyFormat, "%s has another row in line %d, with other values", r.who(), before)
	} else if before > 0 {
		return true, nil
	}
	return false, nil
}

// checkDate is for a Report Refresh Date that is not spelled as in the row before.
func (r *Reader) checkDate(text []byte) error {
	date, ok := cells.ParseDate(text)
	if !ok {
		return r.cellError(r.dateField, WantDate)
	}
	if r.dateText != nil && date != r.summary.ReportDate {
		return r.fail(r.scanner.Line, RemedyFresh, "%s is %s, but %s in line %d: the file mixes reports of two days",
			r.header.names[r.dateField], date.FormattedString(), r.summary.ReportDate.FormattedString(), r.dateLine)
	}
	if problem := DateProblem(date, r.req.RunDay); problem != "" {
		return r.fail(r.scanner.Line, RemedyFresh, "%s is %s, %s",
			r.header.names[r.dateField], date.FormattedString(), problem)
	}
	r.dateText, r.dateLine, r.summary.ReportDate = bytes.Clone(text), r.scanner.Line, date
	return nil
}

// DateProblem says why a report cannot be from a date: the day of the run, zero being any, is before it. One day later
// is possible, where the zone of the run is behind. It is "" for a date that is possible. A report from later would be
// taken for the newest one until that date.
func DateProblem(date arrow.Date32, runDay time.Time) string {
	if runDay.IsZero() || date <= arrow.Date32FromTime(runDay)+1 {
		return ""
	}
	return "after the day of the run, " + runDay.Format(time.DateOnly) + ": such a report is not believed"
}

// IsConcealed tells whether a name is what Microsoft puts in its place when the tenant conceals
// names: 32 hexadecimal digits (reference: graph-reports, 3).
func IsConcealed(name []byte) bool {
	if len(name) != 32 {
		return false
	}
	for _, c := range name {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
