package report

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"m365lake/transform/csv"
)

// What a person can do about a faulty report. A raw file is kept for the day, so a plain second
// run would read the same bytes again.
const (
	RemedyFresh  = "run sync --fresh to fetch it again"
	RemedyFormat = "run sync --fresh; if that does not help, Microsoft changed the report and m365lake must learn it"
)

// A CellError says that a cell of a usage report does not hold what its column says.
type CellError struct {
	Report string // the report's name
	File   string // the raw file
	Line   int64  // line of the file in which the record begins
	Row    int64  // number of the record behind the header, from 1
	Column string // the header
	Value  string // the cell
	Want   string // what belongs there
}

func (e *CellError) Error() string {
	return fmt.Sprintf("%s: line %d, row %d, column %q: %s is not %s; %s",
		e.File, e.Line, e.Row, e.Column, quotedShort(e.Value), e.Want, RemedyFormat)
}

// A Error says that a usage report as a whole cannot be used.
type Error struct {
	Report  string // the report's name
	File    string // the raw file
	Line    int64  // where the fault shows; 0 is the file as a whole
	Problem string
	Remedy  string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s; %s", e.File, e.Problem, e.Remedy)
	}
	return fmt.Sprintf("%s: line %d: %s; %s", e.File, e.Line, e.Problem, e.Remedy)
}

// scanError gives an error of the scanner its place and remedy.
func (r *Reader) scanError(err error) error {
	return ScanError(r.req.Report.Name, r.req.File, r.scanner, err)
}

// ScanError puts an error of the scanner into words: the line, and whether pulling the file anew can help.
func ScanError(report, file string, scanner *csv.Scanner, err error) error {
	var form *csv.FormError
	switch {
	case errors.As(err, &form) && form.Truncated:
		return &Error{report, file, form.Line, form.Problem + ": the download broke off", RemedyFresh}
	case errors.As(err, &form):
		return &Error{report, file, form.Line, form.Problem, RemedyFormat}
	}
	return fmt.Errorf("%s: line %d: %w; %s", file, scanner.Next, err, RemedyFresh)
}

func (r *Reader) fail(line int64, remedy, problem string, values ...any) error {
	return &Error{r.req.Report.Name, r.req.File, line, fmt.Sprintf(problem, values...), remedy}
}

func (r *Reader) cellError(field int, want string) error {
	return &CellError{
		Report: r.req.Report.Name, File: r.req.File, Line: r.scanner.Line, Row: r.row,
		Column: r.header.names[field], Value: string(r.scanner.Field(field)), Want: want,
	}
}

// quotedShort quotes a value and cuts it to 80 runes, so that an error stays one readable line.
func quotedShort(value string) string {
	var n int
	for i := range value {
		if n++; n > 80 {
			return strconv.Quote(value[:i]) + "..."
		}
	}
	return strconv.Quote(value)
}

// QuotedNames lists names, up to about twelve hundred bytes: all headers of a usual report.
func QuotedNames(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if b.Len() > 1200 {
			fmt.Fprintf(&b, " and %d more", len(names)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quotedShort(name))
	}
	return b.String()
}
