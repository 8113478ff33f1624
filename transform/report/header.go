package report

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"m365lake/schemas"
)

// PeriodHeader is Microsoft's echo of the request. It is no column of ours, because not every
// report has it (reference: graph-reports, 0.5); it only shows whether a file is what was asked for.
const PeriodHeader = "Report Period"

// A reportHeader says which field of a record goes where. Microsoft delivers columns in another
// order than documented and inserts new ones in the middle, so only names count.
type reportHeader struct {
	names   []string // of the fields, as tidyHeader leaves them
	columns []int    // for each column of the table its field, or -1
	period  int      // the field of periodHeader, or -1
	extra   []extraField
	missing []string // headers of the table that the file should have and lacks
}

// An extraField is one that goes into the column "extra".
type extraField struct {
	field int
	name  string
	key   []byte // name as the key of a JSON object, with the colon
}

// TidyHeader trims a header and collapses white space: Microsoft delivered "Used  Chrome OS".
func TidyHeader(name string) string { return strings.Join(strings.Fields(name), " ") }

// bindHeader finds the columns of the table among the names of the fields.
func bindHeader(table *schemas.Table, names []string) reportHeader {
	h := reportHeader{names: names, columns: make([]int, len(table.Columns)), period: -1}
	first := make(map[string]int, len(names)) // field of each header in small letters
	var again []int                           // fields whose header was there before
	for field, name := range names {
		lower := strings.ToLower(name)
		if _, ok := first[lower]; ok {
			again = append(again, field)
		} else {
			first[lower] = field
		}
	}

	bound := make([]bool, len(names))
	if field, ok := first[strings.ToLower(PeriodHeader)]; ok {
		h.period, bound[field] = field, true
	}
	missing := map[string]bool{}
	for i, column := range table.Columns {
		h.columns[i] = -1
		if column.Header == "" {
			continue
		}
		if field, ok := first[strings.ToLower(TidyHeader(column.Header))]; ok {
			h.columns[i], bound[field] = field, true
		} else if !column.Sometimes && !missing[column.Header] {
			missing[column.Header] = true
			h.missing = append(h.missing, column.Header)
		}
	}
	h.bindExtra(first, again, bound)
	return h
}

// bindExtra gives every field that is not bound its own name in "extra".
func (h *reportHeader) bindExtra(first map[string]int, again []int, bound []bool) {
	extraName := map[int]string{}
	for _, field := range again {
		name := ""
		for n := 2; ; n++ {
			name = fmt.Sprintf("%s (%d)", h.names[field], n)
			if _, taken := first[strings.ToLower(name)]; !taken {
				break
			}
		}
		first[strings.ToLower(name)] = field
		extraName[field] = name
	}
	for field, name := range h.names {
		if bound[field] {
			continue
		}
		if renamed, ok := extraName[field]; ok {
			name = renamed
		}
		key, _ := jsontext.AppendQuote(nil, name) // fails on invalid UTF-8 only, and there is none
		h.extra = append(h.extra, extraField{field, name, append(key, ':')})
	}
}

// unknown are the names of the fields that go into "extra".
func (h *reportHeader) unknown() []string {
	var names []string
	for _, extra := range h.extra {
		names = append(names, extra.name)
	}
	return names
}

// checkStart recognizes what is not a CSV file at all, before that is taken for an odd header.
func (r *Reader) checkStart() error {
	const enough = 64
	start, err := r.scanner.Peek(enough)
	if err != nil {
		return r.scanError(err)
	}
	text := strings.TrimSpace(string(start[:min(len(start), enough)]))
	if text != "" && strings.ContainsRune("<{[", rune(text[0])) {
		line, _, _ := strings.Cut(text, "\n")
		return r.fail(
			1,
			RemedyFresh,
			"the file begins with %s: a page or an error message, not a CSV report",
			quotedShort(strings.TrimSpace(line)),
		)
	}
	return nil
}

// readHeader reads the first record and binds it to the table.
func (r *Reader) readHeader() error {
	if err := r.checkStart(); err != nil {
		return err
	}
	if err := r.scanner.Scan(); errors.Is(err, io.EOF) {
		return r.fail(0, RemedyFresh, "the file is empty, without even a header")
	} else if err != nil {
		return r.scanError(err)
	}
	names := make([]string, r.scanner.Fields())
	for i := range names {
		if names[i] = TidyHeader(string(r.scanner.Field(i))); names[i] == "" {
			names[i] = fmt.Sprintf("Column %d", i+1)
		}
	}
	r.header = bindHeader(&r.req.Report.Table, names)

	if len(r.header.extra) == len(names) {
		return r.fail(r.scanner.Line, RemedyFresh, "the first line is not a header of report %s: none of %s is known",
			r.req.Report.Name, QuotedNames(names))
	}
	var lacking []string
	for i, column := range r.req.Report.Table.Columns {
		if column.Header != "" && column.Required && r.header.columns[i] < 0 {
			lacking = append(lacking, column.Header)
		}
	}
	if len(lacking) > 0 {
		return r.fail(r.scanner.Line, RemedyFormat, "the header of report %s lacks %s; it has %s",
			r.req.Report.Name, QuotedNames(lacking), QuotedNames(names))
	}
	r.summary.UnknownColumns, r.summary.MissingColumns = r.header.unknown(), r.header.missing
	return nil
}
