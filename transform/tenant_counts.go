package transform

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// A CountReader makes rows of tenant_counts of one of Microsoft's count reports: a measure in a
// column becomes a row. These files have a few hundred lines, so nothing here is about speed.
type CountReader struct {
	Tenant Tenant
	Report *reports.CountReport
	Period schemas.Period
	File   string // name of the raw file, for error messages

	Summary ReportSummary // valid after Batches has ended without error

	scanner                 *csvScanner
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
func (c *CountReader) Batches(r io.Reader) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		c.scanner = newCSVScanner(r, csvBufferSize)
		c.seen = map[arrow.Date32]int64{}
		if err := c.readHeader(); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := newRowBuilder(&schemas.TenantCounts, c.Tenant.Mem)
		defer rows.release()
		for {
			err := c.scanner.scan()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				err = scanError(c.Report.Name, c.File, c.scanner, err)
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
		rows.partition = []string{c.Summary.ReportDate.ToTime().Format("2006-01-02"), c.Period.Days(), c.Report.Name}
		yieldRest(yield, rows)
	}
}

// readHeader finds the columns by their names.
func (c *CountReader) readHeader() error {
	if err := c.scanner.scan(); errors.Is(err, io.EOF) {
		return c.fail(0, remedyFresh, "the file is empty, without even a header")
	} else if err != nil {
		return scanError(c.Report.Name, c.File, c.scanner, err)
	}
	for i := range c.scanner.fields() {
		c.names = append(c.names, tidyHeader(string(c.scanner.field(i))))
	}
	field := func(header string) int {
		return slices.IndexFunc(c.names, func(name string) bool { return strings.EqualFold(name, header) })
	}
	c.refreshed, c.date, c.period = field(refreshDateHeader), field(reportDateHeader), field(periodHeader)
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
		return c.fail(c.scanner.line, remedyFormat, "the first line is not a header of report %s; it has %s", c.Report.Name, quotedNames(c.names))
	}
	return nil
}

// addRows adds the counts of one record.
func (c *CountReader) addRows(rows *rowBuilder) error {
	s := c.scanner
	c.Summary.Rows++
	if s.fields() != len(c.names) {
		return c.fail(s.line, remedyFormat, "the record has %d fields, but the header %d", s.fields(), len(c.names))
	}
	refreshed, ok := parseDate(s.field(c.refreshed))
	if !ok {
		return c.cellError(c.refreshed, wantDate)
	}
	if c.Summary.Rows > 1 && refreshed != c.Summary.ReportDate {
		return c.fail(s.line, remedyFresh, "%s is %s, but %s before: the file mixes reports of two days", refreshDateHeader,
			refreshed.FormattedString(), c.Summary.ReportDate.FormattedString())
	}
	c.Summary.ReportDate = refreshed
	date, ok := parseDate(s.field(c.date))
	if !ok {
		return c.cellError(c.date, wantDate)
	}
	if before := c.seen[date]; before > 0 {
		return c.fail(s.line, remedyFormat, "%s has another row in line %d", date.FormattedString(), before)
	}
	c.seen[date] = s.line
	if c.period >= 0 && len(s.field(c.period)) > 0 {
		if days, ok := parseInteger(s.field(c.period)); !ok || days != int64(c.Period) {
			return c.cellError(c.period, fmt.Sprintf("the period that was asked for, %d", c.Period))
		}
	}
	for i, m := range c.Report.Measures {
		if c.measures[i] < 0 || len(s.field(c.measures[i])) == 0 {
			continue // Microsoft does not say; often it means 0, but not always
		}
		users, ok := parseInteger(s.field(c.measures[i]))
		if !ok {
			return c.cellError(c.measures[i], "a whole number such as 12")
		}
		rows.add(c.Tenant.ID, refreshed, int64(c.Period), c.Report.Name, date, m.App, m.Name, users)
	}
	return nil
}

func (c *CountReader) fail(line int64, remedy, problem string, values ...any) error {
	return &ReportError{c.Report.Name, c.File, line, fmt.Sprintf(problem, values...), remedy}
}

func (c *CountReader) cellError(field int, want string) error {
	return &CellError{
		Report: c.Report.Name, File: c.File, Line: c.scanner.line, Row: c.Summary.Rows,
		Column: c.names[field], Value: string(c.scanner.field(field)), Want: want,
	}
}
