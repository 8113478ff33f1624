package sandbox

import (
	"bytes"
)

// A row builds one CSV record. It remembers where the cells end, so that a
// fault can rearrange them afterwards.
type row struct {
	b    []byte
	ends []int
}

func (r *row) reset() { r.b, r.ends = r.b[:0], r.ends[:0] }

// end closes a cell. Only cells of free text can need quotes; see text.
func (r *row) end() { r.ends = append(r.ends, len(r.b)) }

func (r *row) plain(s string) { r.b = append(r.b, s...); r.end() }

func (r *row) int(n int) { r.b = appendInt(r.b, n); r.end() }

// date writes a day, or nothing for noDay.
func (r *row) date(d day) {
	if d != noDay {
		r.b = appendDate(r.b, d)
	}
	r.end()
}

func (r *row) truth(v bool) {
	if v {
		r.plain("True")
	} else {
		r.plain("False")
	}
}

func (r *row) yes(v bool) {
	if v {
		r.plain("Yes")
	} else {
		r.plain("No")
	}
}

// text writes a cell of free text, quoted as RFC 4180 wants it.
func (r *row) text(s []byte) {
	if bytes.ContainsAny(s, ",\"\r\n") {
		r.b = append(append(append(r.b, '"'), bytes.ReplaceAll(s, []byte(`"`), []byte(`""`))...), '"')
	} else {
		r.b = append(r.b, s...)
	}
	r.end()
}

func (r *row) cell(i int) []byte {
	from := 0
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.b[from:r.ends[i]]
}

// appendTo writes the record with its separators.
func (r *row) appendTo(b []byte) []byte {
	from := 0
	for i, to := range r.ends {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, r.b[from:to]...)
		from = to
	}
	return append(b, '\r', '\n')
}

// some writes a number, or nothing for none: so the service delivers what a group
// did not do in the period.
func (r *row) some(n int) {
	if n == 0 {
		r.plain("")
		return
	}
	r.int(n)
}
