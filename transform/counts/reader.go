// Package counts reads Microsoft's own counts into the table tenant_counts.
package counts

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/schemas/reports"
	"m365lake/transform"
	"m365lake/transform/cells"
	"m365lake/transform/csv"
	"m365lake/transform/report"
)

// A Reader makes rows of tenant_counts of one of Microsoft's count reports: a measure in a
// column becomes a row. These files have a few hundred lines, so nothing here is about speed.
type Reader struct {
	Tenant transform.Tenant
	Report *reports.CountReport
	Period schemas.Period
	File   string // name of the raw file, for error messages

	Summary report.Summary // valid after Batches has ended without error

	scanner                 *csv.Scanner
	names                   []string
	refreshed, date, period int   // fields; -1 is none
	measures                []int // the field of each measure; -1 is none
	seen                    map[arrow.Date32]int64
}

// Headers that say what a count is about.
const (
	refreshDateHeader = "Report Refresh Date"
	reportDateHeader  = "Report Date"
)

// Batches reads the report, none of whose rows are handed out unless all of them are good.
func (c *Reader) Batches(r io.Reader) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		c.scanner = csv.NewScanner(r, csv.BufferSize)
		c.seen = map[arrow.Date32]int64{}
		if err := c.readHeader(); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := newCountRows(c.Tenant.NewWriter(&schemas.TenantCounts))
		rows.reportPeriod.Fill(int64(c.Period))
		rows.report.Fill(c.Report.Name)
		for {
			err := c.scanner.Scan()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				err = report.ScanError(c.Report.Name, c.File, c.scanner, err)
			} else {
				err = c.addRows(rows)
			}
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
		}
		if c.Summary.Rows == 0 {
			return
		}
		rows.SetPartition(c.Summary.ReportDate.FormattedString(), c.Period.Days(), c.Report.Name)
		rows.Flush(yield)
	}
}

// countRows are the rows of tenant_counts.
type countRows struct {
	*column.Writer
	asOf, reportDate              *column.Date
	reportPeriod, users, amount   *column.Integer
	report, app, measure, counted *column.Text
}

func newCountRows(w *column.Writer) countRows {
	return countRows{
		Writer:       w,
		asOf:         w.Date("as_of"),
		reportPeriod: w.Integer("report_period"),
		report:       w.Text("report"),
		reportDate:   w.Date("report_date"),
		app:          w.Text("app"),
		measure:      w.Text("measure"),
		users:        w.Integer("users"),
		counted:      w.Text("counted"),
		amount:       w.Integer("amount"),
	}
}

// readHeader finds the columns by their names.
func (c *Reader) readHeader() error {
	if err := c.scanner.Scan(); errors.Is(err, io.EOF) {
		return c.fail(0, report.RemedyFresh, "the file is empty, without even a header")
	} else if err != nil {
		return report.ScanError(c.Report.Name, c.File, c.scanner, err)
	}
	for i := range c.scanner.Fields() {
		c.names = append(c.names, report.TidyHeader(string(c.scanner.Field(i))))
	}
	field := func(header string) int {
		return slices.IndexFunc(c.names, func(name string) bool { return strings.EqualFold(name, header) })
	}
	c.refreshed, c.date, c.period = field(refreshDateHeader), field(reportDateHeader), field(report.PeriodHeader)
	if c.Report.Whole {
		c.date = c.refreshed
	}
	known := 0
	for _, m := range c.Report.Measures {
		at := field(m.Header)
		c.measures = append(c.measures, at)
		if at >= 0 {
			known++
		} else {
			c.Summary.MissingColumns = append(c.Summary.MissingColumns, m.Header)
		}
	}
	if c.refreshed < 0 || c.date < 0 || known == 0 {
		return c.fail(
			c.scanner.Line,
			report.RemedyFormat,
			"the first line is not a header of report %s; it has %s",
			c.Report.Name,
			report.QuotedNames(c.names),
		)
	}
	return nil
}

// addRows adds the counts of one record.
func (c *Reader) addRows(rows countRows) error {
	s := c.scanner
	c.Summary.Rows++
	if s.Fields() != len(c.names) {
		return c.fail(
			s.Line,
			report.RemedyFormat,
			"the record has %d fields, but the header %d",
			s.Fields(),
			len(c.names),
		)
	}
	refreshed, ok := cells.ParseDate(s.Field(c.refreshed))
	if !ok {
		return c.cellError(c.refreshed, report.WantDate)
	}
	if c.Summary.Rows > 1 && refreshed != c.Summary.ReportDate {
		return c.fail(
			s.Line,
			report.RemedyFresh,
			"%s is %s, but %s before: the file mixes reports of two days",
			refreshDateHeader,
			refreshed.FormattedString(),
			c.Summary.ReportDate.FormattedString(),
		)
	}
	if problem := report.DateProblem(refreshed, c.Tenant.Day); problem != "" {
		return c.fail(s.Line, report.RemedyFresh, "%s is %s, %s", refreshDateHeader, refreshed.FormattedString(), problem)
	}
	c.Summary.ReportDate = refreshed
	date, ok := cells.ParseDate(s.Field(c.date))
	if !ok {
		return c.cellError(c.date, report.WantDate)
	}
	if before := c.seen[date]; before > 0 {
		return c.fail(s.Line, report.RemedyFormat, "%s has another row in line %d", date.FormattedString(), before)
	}
	c.seen[date] = s.Line
	if c.period >= 0 && len(s.Field(c.period)) > 0 {
		if days, ok := cells.ParseInteger(s.Field(c.period)); !ok || days != int64(c.Period) {
			return c.cellError(c.period, fmt.Sprintf("the period that was asked for, %d", c.Period))
		}
	}
	for i, m := range c.Report.Measures {
		if c.measures[i] < 0 || len(s.Field(c.measures[i])) == 0 {
			continue // Microsoft does not say; often it means 0, but not always
		}
		count, ok := cells.ParseInteger(s.Field(c.measures[i]))
		if !ok {
			return c.cellError(c.measures[i], "a whole number such as 12")
		}
		rows.asOf.Append(refreshed)
		rows.reportDate.Append(date)
		rows.app.Append(m.App)
		rows.measure.Append(m.Name)
		if c.Report.Counted == "" {
			rows.users.Append(count)
		} else {
			rows.counted.Append(c.Report.Counted)
			rows.amount.Append(count)
		}
		rows.EndRow()
	}
	return nil
}

func (c *Reader) fail(line int64, remedy, problem string, values ...any) error {
	return &report.Error{
		Report: c.Report.Name, File: c.File, Line: line, Problem: fmt.Sprintf(problem, values...), Remedy: remedy,
	}
}

func (c *Reader) cellError(field int, want string) error {
	return &report.CellError{
		Report: c.Report.Name, File: c.File, Line: c.scanner.Line, Row: c.Summary.Rows,
		Column: c.names[field], Value: string(c.scanner.Field(field)), Want: want,
	}
}
