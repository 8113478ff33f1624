package report

import (
	"errors"
	"fmt"
)

// ErrPartial says that a report is too incomplete to replace what is already there.
var ErrPartial = errors.New("partial report")

// MovesMetrics says whether the users of apps may be counted from the report.
func (s Summary) MovesMetrics() bool { return s.Rows > 0 && !s.Concealed }

// Complete returns an error that wraps ErrPartial when the report has fewer rows than leastRows, or when
// most rows name people whom the directory does not list. In the second case the report or the directory
// belongs to another tenant, or one of them is broken: if it were stored, everybody would look inactive.
func (s Summary) Complete(leastRows int64) error {
	if s.Rows > 0 && s.Rows < leastRows {
		return fmt.Errorf(
			"%w: %d rows where at least %d were to be expected after the last good load; earlier data is kept",
			ErrPartial,
			s.Rows,
			leastRows,
		)
	}
	if s.Concealed || s.Unmatched*2 <= s.Rows {
		return nil
	}
	return fmt.Errorf(
		"%w: %d of %d rows name users that the directory does not list; earlier data is kept",
		ErrPartial,
		s.Unmatched,
		s.Rows,
	)
}
