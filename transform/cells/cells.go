// Package cells reads the values of CSV cells as Microsoft writes them.
package cells

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// ParseDate reads 2026-08-31 and 2026-08-31T00:00:00Z, into which Microsoft changed the refresh
// date of some reports for a while (docs-contrib #570). time.Parse takes ten times as long.
func ParseDate(cell []byte) (arrow.Date32, bool) {
	if len(cell) == 20 && string(cell[10:]) == "T00:00:00Z" {
		cell = cell[:10]
	}
	if len(cell) != 10 || cell[4] != '-' || cell[7] != '-' {
		return 0, false
	}
	century, ok1 := twoDigits(cell[0:])
	year, ok2 := twoDigits(cell[2:])
	month, ok3 := twoDigits(cell[5:])
	day, ok4 := twoDigits(cell[8:])
	if !(ok1 && ok2 && ok3 && ok4) {
		return 0, false
	}
	at := time.Date(century*100+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Month() != time.Month(month) || at.Day() != day {
		return 0, false // a day such as February 30, which time.Date moves on to March
	}
	return arrow.Date32(at.Unix() / (24 * 60 * 60)), true
}

func twoDigits(text []byte) (int, bool) {
	tens, ones := text[0]-'0', text[1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// ParseBoolean reads True and False, as in Is Deleted, and Yes and No, as in Is Licensed
// (reference: graph-reports, 0.3), in any case, and 1 and 0.
func ParseBoolean(cell []byte) (value, ok bool) {
	switch len(cell) {
	case 1:
		return cell[0] == '1', cell[0] == '0' || cell[0] == '1'
	case 2:
		return false, foldsTo(cell, "no")
	case 3:
		return true, foldsTo(cell, "yes")
	case 4:
		return true, foldsTo(cell, "true")
	case 5:
		return false, foldsTo(cell, "false")
	}
	return false, false
}

// foldsTo tells whether the text is the word, which has only small letters, in any case.
func foldsTo(text []byte, word string) bool {
	for i, c := range text {
		if c|0x20 != word[i] {
			return false
		}
	}
	return true
}

// ParseInteger reads digits with an optional sign. Whatever does not fit 64 bits is refused.
func ParseInteger(cell []byte) (int64, bool) {
	digits := cell
	if len(cell) > 0 && (cell[0] == '-' || cell[0] == '+') {
		digits = cell[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return parseLongInteger(cell)
	}
	var value int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + int64(c-'0')
	}
	if cell[0] == '-' {
		value = -value
	}
	return value, true
}

// parseLongInteger is for the numbers that may overflow.
func parseLongInteger(cell []byte) (int64, bool) {
	value, err := strconv.ParseInt(string(cell), 10, 64)
	return value, err == nil
}

// ParseNumber reads a decimal number. The names and hexadecimal forms that strconv knows besides
// are not numbers in a report.
func ParseNumber(cell []byte) (float64, bool) {
	for _, c := range cell {
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	value, err := strconv.ParseFloat(string(cell), 64)
	return value, err == nil && !math.IsInf(value, 0)
}

// ParseTimestamp reads RFC 3339.
func ParseTimestamp(cell []byte) (arrow.Timestamp, bool) {
	var t time.Time
	if t.UnmarshalText(cell) != nil {
		return 0, false
	}
	return arrow.Timestamp(t.UnixMicro()), true
}

// CutProduct cuts the first product off a text of Assigned Products. Microsoft joins products with
// a plus sign without blanks; one with a blank beside it belongs to a name, as in ENTERPRISE
// MOBILITY + SECURITY E5.
func CutProduct(products []byte) (first, rest []byte, more bool) {
	for from := 0; ; {
		i := bytes.IndexByte(products[from:], '+')
		if i < 0 {
			return products, nil, false
		}
		i += from
		if (i == 0 || products[i-1] != ' ') && (i+1 == len(products) || products[i+1] != ' ') {
			return products[:i], products[i+1:], true
		}
		from = i + 1
	}
}
