// Package handkept reads CSV files that people keep by hand or export from another system, and says every
// fault in them with its line, column, value and remedy.
package handkept

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/internal/ids"
	messages "m365lake/internal/text"
	"m365lake/transform/cells"
)

// A File reads a CSV file that people keep by hand or export from some other system. It
// reports every fault with its line, column, value and remedy. A file with faults is not used at all, because
// with half a roster the people of the other half would look as if they had left.
type File struct {
	name   string // as the user knows it
	known  []string
	at     map[string]int // column -> index
	reader *csv.Reader
	record []string
	line   int
	rows   int
	fault  error // the first one
	faults int
}

// UnknownColumnError is a column that a roster cannot have.
type UnknownColumnError struct {
	File, Column string
	Known        []string
}

func (e *UnknownColumnError) Error() string {
	return fmt.Sprintf("%s:1: unknown column %q%s", e.File, e.Column, messages.Suggest(e.Column, e.Known))
}

// Open reads the header. All of required must be there, of optional any.
func Open(r io.Reader, name string, required, optional []string) (*File, error) {
	buffered := bufio.NewReader(r)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3) // just peeked
	}
	f := &File{
		name:   name,
		known:  slices.Concat(required, optional),
		at:     map[string]int{},
		reader: csv.NewReader(buffered),
	}
	f.reader.TrimLeadingSpace = true
	header, err := f.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf(
			"%s: the file is empty; its first line must name the columns %s",
			name,
			strings.Join(f.known, ", "),
		)
	}
	if err != nil {
		return nil, f.malformed(err)
	}
	if len(header) == 1 && strings.Contains(header[0], ";") {
		return nil, fmt.Errorf("%s:1: the columns are separated by semicolons; save the file with commas", name)
	}
	for i, column := range header {
		column = strings.ToLower(Clean(column))
		if !slices.Contains(f.known, column) {
			return nil, &UnknownColumnError{File: name, Column: column, Known: f.known}
		}
		if _, again := f.at[column]; again {
			return nil, fmt.Errorf("%s:1: column %s stands there twice; keep one", name, column)
		}
		f.at[column] = i
	}
	for _, column := range required {
		if !f.Has(column) {
			return nil, fmt.Errorf("%s:1: column %s is missing; add it", name, column)
		}
	}
	return f, nil
}

// Has says whether the file has the column.
func (f *File) Has(column string) bool {
	_, ok := f.at[column]
	return ok
}

// Next goes to the next row. It returns false at the end and when the file is no CSV at all; err
// tells which.
func (f *File) Next() bool {
	record, err := f.reader.Read()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			f.addFault(f.malformed(err))
		}
		return false
	}
	f.record = record
	f.line, _ = f.reader.FieldPos(0)
	f.rows++
	return true
}

func (f *File) malformed(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf(
			"%s:%d: %w; every line needs a value for each column, with quotes around those that contain a comma",
			f.name,
			parse.Line,
			parse.Err,
		)
	}
	return fmt.Errorf("%s: %w", f.name, err)
}

func (f *File) addFault(fault error) {
	f.faults++
	if f.fault == nil {
		f.fault = fault
	}
}

// Refuse notes a value that does not fit its column.
func (f *File) Refuse(column, value, remedy string) {
	f.addFault(fmt.Errorf("%s:%d: %s %q %s", f.name, f.line, column, value, remedy))
}

// Err is what was wrong with the file.
func (f *File) Err() error {
	switch {
	case f.faults > 1:
		return fmt.Errorf("%w (and %d more faults)", f.fault, f.faults-1)
	case f.fault != nil:
		return f.fault
	case f.rows == 0:
		return fmt.Errorf(
			"%s: there is no line below the header, which looks like a failed export; "+
				"remove the file from pipelines.yaml if it is meant",
			f.name,
		)
	}
	return nil
}

// Text is the value of a column without the blanks around it; "" when there is none.
func (f *File) Text(column string) string {
	i, ok := f.at[column]
	if !ok {
		return ""
	}
	value := Clean(f.record[i])
	if !utf8.ValidString(value) {
		f.Refuse(column, value, "is not UTF-8; save the file as CSV UTF-8")
		return ""
	}
	return value
}

// Needed is text that must be there.
func (f *File) Needed(column string) string {
	value := f.Text(column)
	if value == "" {
		f.Refuse(column, value, "must not be empty; fill it in or remove the line")
	}
	return value
}

// Boolean is the truth value of a column. What is neither true nor false is refused and reads as false.
func (f *File) Boolean(column string) bool {
	value := f.Text(column)
	flag, ok := cells.ParseBoolean([]byte(value))
	if !ok {
		f.Refuse(column, value, "must be true or false")
	}
	return flag
}

// Date is the day of a column; the zero time when there is none.
func (f *File) Date(column string) time.Time {
	value := f.Text(column)
	if value == "" {
		return time.Time{}
	}
	date, ok := cells.ParseDate([]byte(value))
	if !ok {
		f.Refuse(column, value, "must be a day such as 2026-11-23")
		return time.Time{}
	}
	return date.ToTime()
}

// Moment is a day, taken as its beginning in UTC, or a time with its zone; the zero time when there is none.
func (f *File) Moment(column string) time.Time {
	value := f.Text(column)
	if value == "" {
		return time.Time{}
	}
	if date, ok := cells.ParseDate([]byte(value)); ok {
		return date.ToTime()
	}
	at, ok := cells.ParseTimestamp([]byte(value))
	if !ok {
		f.Refuse(column, value, "must be a day such as 2026-11-23 or a time such as 2026-11-23T08:15:00Z")
		return time.Time{}
	}
	return at.ToTime(arrow.Microsecond)
}

// Clean takes off blanks, also those that do not break, which spreadsheets leave.
func Clean(value string) string {
	return strings.TrimSpace(strings.ReplaceAll(value, "\u00a0", " "))
}

// Once refuses a value that an earlier line has.
func (f *File) Once(lines map[string]int, column, value string) {
	if value == "" {
		return
	}
	if earlier, again := lines[value]; again {
		f.Refuse(column, value, fmt.Sprintf("stands on line %d already; keep one line for each", earlier))
	}
	lines[value] = f.line
}

// Product reads how a line names a product: by id, by part number or by both. The same product
// must not come twice with the same variant, the rest of the line's key.
func (f *File) Product(lines map[string]int, variant string) (id, part string, err error) {
	if !f.Has("sku_id") && !f.Has("sku_part_number") {
		return "", "", errors.New(f.name + ":1: column sku_part_number or sku_id is missing; add one of them")
	}
	id, part = strings.ToLower(f.Text("sku_id")), f.Text("sku_part_number")
	switch {
	case id != "" && !ids.IsGUID(id):
		f.Refuse("sku_id", id, "is not a GUID; SELECT sku_id, sku_part_number FROM skus_current shows yours")
	case id != "":
		f.Once(lines, "sku_id", strings.TrimSpace(id+" "+variant))
	case part != "":
		f.Once(lines, "sku_part_number", strings.TrimSpace(strings.ToUpper(part)+" "+variant))
	default:
		f.Refuse("sku_part_number", "", "must not be empty where sku_id is; fill one in or remove the line")
	}
	return id, part, nil
}
