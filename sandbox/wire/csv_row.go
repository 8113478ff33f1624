package wire

import (
	"bytes"

	"m365lake/sandbox/calendar"
)

// A Row builds one CSV record. It remembers where the cells end, so that a fault can rearrange them afterwards.
type Row struct {
	Bytes []byte
	Ends  []int
}

// Reset begins a new record.
func (r *Row) Reset() { r.Bytes, r.Ends = r.Bytes[:0], r.Ends[:0] }

// End closes a cell. Only cells of free text can need quotes; see text.
func (r *Row) End() { r.Ends = append(r.Ends, len(r.Bytes)) }

// Plain writes a cell that needs no quotes.
func (r *Row) Plain(s string) { r.Bytes = append(r.Bytes, s...); r.End() }

// Int writes a number.
func (r *Row) Int(n int) { r.Bytes = AppendInt(r.Bytes, n); r.End() }

// Date writes a day, or nothing for calendar.NoDay.
func (r *Row) Date(d calendar.Day) {
	if d != calendar.NoDay {
		r.Bytes = calendar.AppendDate(r.Bytes, d)
	}
	r.End()
}

// TrueFalse writes True or False.
func (r *Row) TrueFalse(v bool) {
	if v {
		r.Plain("True")
	} else {
		r.Plain("False")
	}
}

// YesNo writes Yes or No.
func (r *Row) YesNo(v bool) {
	if v {
		r.Plain("Yes")
	} else {
		r.Plain("No")
	}
}

// Text writes a cell of free text, quoted as RFC 4180 wants it.
func (r *Row) Text(s []byte) {
	if bytes.ContainsAny(s, ",\"\r\n") {
		r.Bytes = append(append(append(r.Bytes, '"'), bytes.ReplaceAll(s, []byte(`"`), []byte(`""`))...), '"')
	} else {
		r.Bytes = append(r.Bytes, s...)
	}
	r.End()
}

// Cell is the ith cell written.
func (r *Row) Cell(i int) []byte {
	from := 0
	if i > 0 {
		from = r.Ends[i-1]
	}
	return r.Bytes[from:r.Ends[i]]
}

// AppendTo writes the record with its separators.
func (r *Row) AppendTo(b []byte) []byte {
	from := 0
	for i, to := range r.Ends {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, r.Bytes[from:to]...)
		from = to
	}
	return append(b, '\r', '\n')
}

// IntOrNothing writes a number, and an empty cell for 0: the service writes so what a group did not do in the period.
func (r *Row) IntOrNothing(n int) {
	if n == 0 {
		r.Plain("")
		return
	}
	r.Int(n)
}
