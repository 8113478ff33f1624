package erase

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// reportHeaders says of each CSV header of the usage reports whether its values point at one person.
var reportHeaders = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, r := range reports.All() {
		for _, c := range r.Table.Columns {
			header := strings.ToLower(c.Header)
			known[header] = known[header] || c.Disclosure().PointsAtOne()
		}
	}
	return known
})

// headerIsCompared says whether the values of a CSV column are compared with the names of the people: all
// except those that are known to identify no person.
func headerIsCompared(header string) bool {
	header = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(header, "\ufeff")))
	points, known := reportHeaders()[header]
	return points || !known
}

// propertyIsCompared says the same of a property of an object of Graph.
func propertyIsCompared(name string) bool {
	d := schemas.DisclosureOfProperty(name)
	return d.PointsAtOne() || d == schemas.Undecided
}

// linesWithout copies a CSV file byte for byte but for the lines of the people.
func linesWithout(from io.Reader, to io.Writer, matches func(string) bool) (removed int64, err error) {
	var seen recorder
	reader := csv.NewReader(io.TeeReader(from, &seen))
	reader.FieldsPerRecord, reader.LazyQuotes, reader.ReuseRecord = -1, true, true
	var compared []int
	for first := true; ; first = false {
		record, err := reader.Read()
		if err != nil && !errors.Is(err, io.EOF) {
			return removed, err
		}
		line := seen.upTo(reader.InputOffset())
		if errors.Is(err, io.EOF) {
			_, err = to.Write(line) // empty lines at the end
			return removed, err
		}
		if first {
			for i, header := range record {
				if headerIsCompared(header) {
					compared = append(compared, i)
				}
			}
		} else if slices.ContainsFunc(compared, func(i int) bool { return i < len(record) && matches(record[i]) }) {
			removed++
			continue
		}
		if _, err := to.Write(line); err != nil {
			return removed, err
		}
	}
}

// A recorder keeps what was read ahead.
type recorder struct {
	bytes []byte
	from  int64 // offset of bytes[0]
}

func (r *recorder) Write(p []byte) (int, error) {
	r.bytes = append(r.bytes, p...)
	return len(p), nil
}

// upTo gives the bytes before an offset that it has not given yet.
func (r *recorder) upTo(offset int64) []byte {
	line := r.bytes[:offset-r.from]
	r.bytes, r.from = r.bytes[len(line):], offset
	return line
}

// newDecoder reads JSON as forgivingly as Graph may write it.
func newDecoder(from io.Reader) *jsontext.Decoder {
	return jsontext.NewDecoder(from, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// pagesWithout copies pages but for the objects of the people.
func pagesWithout(from io.Reader, to io.Writer, matches func(string) bool) (removed int64, err error) {
	decoder := newDecoder(from)
	for {
		page, err := decoder.ReadValue()
		if errors.Is(err, io.EOF) {
			return removed, nil
		}
		if err != nil {
			return removed, err
		}
		kept, n, err := valueWithout(page, true, matches)
		if err != nil {
			return removed, err
		}
		removed += n
		if kept == nil {
			kept = []byte("{}")
		}
		if _, err := to.Write(append(slices.Clip(kept), '\n')); err != nil {
			return removed, err
		}
	}
}

// valueWithout is a JSON value without the objects that have a text of the people, and without such
// texts in lists; nil is that it is such an object itself. Texts of a list are compared if compared says
// so, those of an object if propertyIsCompared does.
func valueWithout(
	value jsontext.Value, compared bool, matches func(string) bool,
) (kept jsontext.Value, removed int64, err error) {
	if kind := value.Kind(); kind != '{' && kind != '[' {
		return value, 0, nil
	}
	decoder := newDecoder(bytes.NewReader(value))
	open, err := decoder.ReadToken()
	if err != nil {
		return nil, 0, err
	}
	object := open.Kind() == '{'
	out := []byte{value[0]}
	for decoder.PeekKind() != '}' && decoder.PeekKind() != ']' {
		var name jsontext.Value
		if object {
			read, err := decoder.ReadValue()
			if err != nil {
				return nil, 0, err
			}
			text, err := jsontext.AppendUnquote(nil, read)
			if err != nil {
				return nil, 0, err
			}
			compared = propertyIsCompared(string(text))
			name = append(read.Clone(), ':')
		}
		read, err := decoder.ReadValue()
		if err != nil {
			return nil, 0, err
		}
		if compared && read.Kind() == '"' {
			text, err := jsontext.AppendUnquote(nil, read)
			if err != nil {
				return nil, 0, err
			}
			switch theirs := matches(string(text)); {
			case theirs && object:
				return nil, 1, nil
			case theirs: // such as one of several addresses to write to
				removed++
				continue
			}
		}
		inner, n, err := valueWithout(read.Clone(), compared, matches)
		if err != nil {
			return nil, 0, err
		}
		removed += n
		if inner == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(out, name...), inner...)
	}
	if removed == 0 {
		return value, 0, nil
	}
	return append(out, value[0]+2), removed, nil // } and ] come two after { and [
}
