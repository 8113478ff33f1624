package verdict

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"m365lake/graph"
	"m365lake/transform/report"
)

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestJudge(t *testing.T) {
	runDay, single := day("2026-11-20"), day("2026-11-15")
	date := func(text string) arrow.Date32 { return arrow.Date32FromTime(day(text)) }
	fresh := report.Summary{Rows: 50, Unmatched: 2, ReportDate: date("2026-11-18")}
	absent := fmt.Errorf("pull: %w", &graph.Error{Status: 404, Code: "UnknownError"})
	throttled := fmt.Errorf("pull: %w", &graph.Error{Status: 429})
	outside := fmt.Errorf("pull: %w", &graph.Error{Status: 400, Code: "InvalidArgument"})
	broken := errors.New("the connection broke off")
	empty := "Graph sent no rows; earlier data is kept. One such day is Microsoft's fault, several mean that nobody " +
		"has the service."

	for _, c := range []struct {
		name string
		e    Evidence
		want report.Outcome // Report, Period and Day are those of the evidence
		gap  bool
	}{
		{"good", Evidence{Read: fresh},
			report.Outcome{Status: "good", Rows: 50, Unmatched: 2, Date: date("2026-11-18")}, false},
		{"four days behind", Evidence{Read: report.Summary{Rows: 50, ReportDate: date("2026-11-16")}},
			report.Outcome{Status: "good", Rows: 50, Date: date("2026-11-16")}, false},
		{"five days behind", Evidence{Read: report.Summary{Rows: 50, ReportDate: date("2026-11-15")}},
			report.Outcome{Status: "late", Detail: "Microsoft's data is 5 days old", Rows: 50, Date: date("2026-11-15")}, false},
		{"a single day is as old as it is",
			Evidence{Day: single, Read: report.Summary{Rows: 50, ReportDate: date("2026-11-14")}},
			report.Outcome{Status: "good", Rows: 50, Date: date("2026-11-15")}, false},
		{"no rows", Evidence{},
			report.Outcome{Status: "empty", Detail: empty}, true},
		{"no rows, and nobody misses them", Evidence{Dispensable: true},
			report.Outcome{Status: "empty", Detail: report.DispensableDetail, Dispensable: true}, false},
		{"no rows of a single day", Evidence{Day: single, Dispensable: true},
			report.Outcome{Status: "empty", Detail: empty, Date: date("2026-11-15")}, false},
		{"concealed names", Evidence{Read: report.Summary{Rows: 50, Unmatched: 50, ReportDate: date("2026-11-18"),
			Concealed: true}},
			report.Outcome{Status: "concealed", Detail: report.ConcealedDetail, Rows: 50, Unmatched: 50,
				Date: date("2026-11-18")}, true},
		{"columns that Microsoft left out",
			Evidence{Read: report.Summary{Rows: 5, ReportDate: date("2026-11-18"), MissingColumns: []string{"Has Teams"}}},
			report.Outcome{Status: "good", Detail: `columns missing from Microsoft's file: ["Has Teams"]`, Rows: 5,
				Date: date("2026-11-18")}, false},
		{"late and with columns left out",
			Evidence{Read: report.Summary{Rows: 5, ReportDate: date("2026-11-10"), MissingColumns: []string{"A", "B"}}},
			report.Outcome{Status: "late", Detail: `Microsoft's data is 10 days old; columns missing from Microsoft's file: ` +
				`["A" "B"]`, Rows: 5, Date: date("2026-11-10")}, false},

		{"partial", Evidence{ReadErr: fmt.Errorf("%w: 3 rows", report.ErrPartial)},
			report.Outcome{Status: "partial", Detail: "partial report: 3 rows"}, true},
		{"concealed where names are known", Evidence{ReadErr: fmt.Errorf("file: %w", report.ErrConcealed)},
			report.Outcome{Status: "concealed", Detail: report.ConcealedDetail}, true},
		{"a file that cannot be read", Evidence{ReadErr: errors.New("line 3: quotes")},
			report.Outcome{Status: "failed", Detail: "line 3: quotes"}, true},

		{"not pulled", Evidence{PullErr: broken},
			report.Outcome{Status: "failed", Detail: broken.Error()}, true},
		{"throttled", Evidence{PullErr: throttled},
			report.Outcome{Status: "failed", Detail: throttled.Error()}, true},
		{"refused as absent", Evidence{PullErr: absent},
			report.Outcome{Status: "failed", Detail: absent.Error()}, true},
		{"refused as absent, and nobody misses it", Evidence{PullErr: absent, Dispensable: true},
			report.Outcome{Status: "empty", Detail: report.DispensableDetail, Dispensable: true}, false},
		{"a single day of what nobody misses", Evidence{Day: single, PullErr: absent, Dispensable: true},
			report.Outcome{Status: "empty", Detail: report.DispensableDetail, Dispensable: true}, false},
		{"a single day that Microsoft does not give", Evidence{Day: single, PullErr: outside},
			report.Outcome{Status: "empty", Detail: "Microsoft does not give this day yet, or no longer"}, false},
		{"an argument refused for a period", Evidence{PullErr: outside},
			report.Outcome{Status: "failed", Detail: outside.Error()}, true},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			c.e.RunDay, c.e.Report, c.e.Period = runDay, "a_report", 30
			c.want.Report, c.want.Period, c.want.Day = "a_report", 30, c.e.Day
			got, judged := Judge(c.e)
			if !judged {
				t.Fatal("no verdict")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if got.Gap() != c.gap {
				t.Errorf("gap %t, want %t", got.Gap(), c.gap)
			}
		})
	}
}

// A day that the budget did not suffice for was not asked for: it leaves no row, and so no gap.
func TestThrottledDaysHaveNoVerdict(t *testing.T) {
	for _, err := range []error{&graph.Error{Status: 429}, fmt.Errorf("pull: %w", &graph.NoRoomError{})} {
		if outcome, judged := Judge(Evidence{Day: day("2026-11-15"), PullErr: err}); judged {
			t.Errorf("%v: %+v", err, outcome)
		}
	}
}

func TestLeastRows(t *testing.T) {
	for _, c := range []struct {
		stored  int64
		percent int
		want    int64
	}{{0, 50, 0}, {19, 50, 0}, {20, 50, 10}, {1001, 50, 500}, {1000, 0, 1000}, {1000, 100, 0}} {
		if got := LeastRows(c.stored, c.percent); got != c.want {
			t.Errorf("LeastRows(%d, %d) = %d, want %d", c.stored, c.percent, got, c.want)
		}
	}
}
