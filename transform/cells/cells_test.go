package cells

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"
)

// FuzzCells holds the readers of cells to time.Parse and strconv, within the forms that reports use.
func FuzzCells(f *testing.F) {
	for _, seed := range []string{
		"", "2026-08-31", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "0000-02-29",
		"9999-12-31", "2026-13-01", "2026-00-10", "2026-01-00",
		"2021-10-25T00:00:00Z", "2021-10-25T00:00:01Z", "2021-10-25T00:00:00+00:00", "-026-01-01", "2026/01/01",
		"True", "FALSE", "yes", "No", "0", "1", "TRUe", "\x4e\x2f", "10",
		"12", "-7", "+7", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"-9223372036854775809", "000000000000000000000000001", "1_000", "1.0", "-", "12e3",
		"1e400", "0x1p-2", "inf", "NaN", ".5", "5.", "1.5e-3",
		"2026-08-31T10:11:12.345678Z", "2026-08-31T10:11:12+02:00", "2026-08-31 10:11:12Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		day, err := time.Parse(time.DateOnly, strings.TrimSuffix(cell, "T00:00:00Z"))
		if date, ok := ParseDate([]byte(cell)); ok != (err == nil) || ok && date != arrow.Date32FromTime(day) {
			t.Errorf("date %q: got %d, %t; time.Parse %v, %v", cell, date, ok, day, err)
		}

		flags := map[string]bool{"true": true, "yes": true, "1": true, "false": false, "no": false, "0": false}
		want, isFlag := flags[asciiLower(cell)]
		if flag, ok := ParseBoolean([]byte(cell)); ok != isFlag || ok && flag != want {
			t.Errorf("flag %q: got %t, %t; want %t, %t", cell, flag, ok, want, isFlag)
		}

		number, err := strconv.ParseInt(cell, 10, 64)
		if got, ok := ParseInteger([]byte(cell)); ok != (err == nil) || ok && got != number {
			t.Errorf("integer %q: got %d, %t; strconv %d, %v", cell, got, ok, number, err)
		}

		decimal, err := strconv.ParseFloat(cell, 64)
		isDecimal := err == nil && !math.IsInf(decimal, 0) && !math.IsNaN(decimal) &&
			!strings.ContainsAny(cell, "_xXpP")
		if got, ok := ParseNumber([]byte(cell)); ok != isDecimal || ok && got != decimal {
			t.Errorf("number %q: got %v, %t; strconv %v, %v", cell, got, ok, decimal, err)
		}

		if got, ok := ParseTimestamp([]byte(cell)); ok {
			at, err := time.Parse(time.RFC3339, cell)
			if err != nil || int64(got) != at.UnixMicro() {
				t.Errorf("time %q: got %d; time.Parse %v, %v", cell, got, at, err)
			}
		}
	})
}

func asciiLower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// TestParseDateEveryDay goes through more than two cycles of leap years.
func TestParseDateEveryDay(t *testing.T) {
	for day := time.Date(1599, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2500; day = day.AddDate(0, 0, 1) {
		if date, ok := ParseDate(day.AppendFormat(nil, time.DateOnly)); !ok || date != arrow.Date32FromTime(day) {
			t.Fatalf("%s: got %d, %t", day.Format(time.DateOnly), date, ok)
		}
	}
}

func splitProducts(text string) []string {
	var list []string
	name, rest, more := CutProduct([]byte(text))
	for {
		list = append(list, string(name))
		if !more {
			return list
		}
		name, rest, more = CutProduct(rest)
	}
}

func TestCutProduct(t *testing.T) {
	for text, want := range map[string][]string{
		"POWER BI (FREE)": {"POWER BI (FREE)"},
		"A+B":             {"A", "B"},
		"MICROSOFT INTUNE SUITE+ENTERPRISE MOBILITY + SECURITY E5+WINDOWS 10/11 ENTERPRISE E3": {"MICROSOFT INTUNE SUITE",
			"ENTERPRISE MOBILITY + SECURITY E5", "WINDOWS 10/11 ENTERPRISE E3"},
		"A +B":  {"A +B"},
		"A+ B":  {"A+ B"},
		"A++B":  {"A", "", "B"},
		"+A+":   {"", "A", ""},
		" + ":   {" + "},
		"A + ":  {"A + "},
		"A+B+ ": {"A", "B+ "},
	} {
		if diff := cmp.Diff(want, splitProducts(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// FuzzProducts holds cutProduct to the rule in its plainest form.
func FuzzProducts(f *testing.F) {
	f.Add("MICROSOFT 365 E5+ENTERPRISE MOBILITY + SECURITY E5")
	f.Add("+ + ++a")
	f.Fuzz(func(t *testing.T, text string) {
		want := []string{""}
		for i := range len(text) {
			if text[i] == '+' && (i == 0 || text[i-1] != ' ') && (i+1 == len(text) || text[i+1] != ' ') {
				want = append(want, "")
			} else {
				want[len(want)-1] += text[i : i+1]
			}
		}
		if diff := cmp.Diff(want, splitProducts(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	})
}
