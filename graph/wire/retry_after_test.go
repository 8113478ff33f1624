package wire

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	const date = "Sun, 01 Mar 2026 10:00:00 GMT" // two hours behind our clock
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"10", "", 10 * time.Second},
		{" 10 ", "", 10 * time.Second},
		{"2.128", "", 2128 * time.Millisecond},
		{"0.05", "", 50 * time.Millisecond},
		{"0", "", 0},
		{"-5", "", 0},
		{"1e3", "", 0},
		{"0x10", "", 0},
		{"inf", "", 0},
		{"NaN", "", 0},
		{".", "", 0},
		{"1.2.3", "", 0},
		{"soon", "", 0},
		{"86400", "", 24 * time.Hour},
		{"86401", "", 24 * time.Hour},
		{strings.Repeat("9", 400), "", 24 * time.Hour},
		{"Sun, 01 Mar 2026 10:00:07 GMT", date, 7 * time.Second},
		{"Sunday, 01-Mar-26 10:00:07 GMT", date, 7 * time.Second},
		{"Sun Mar  1 10:00:07 2026", date, 7 * time.Second},
		{"Sun, 01 Mar 2026 09:00:00 GMT", date, 0},
		{"Sun, 01 Mar 2026 12:00:09 GMT", "", 9 * time.Second},
		{"Sun, 01 Mar 2026 12:00:09 GMT", "nonsense", 9 * time.Second},
		{"Fri, 31 Dec 9999 23:59:59 GMT", date, 24 * time.Hour},
	} {
		h := http.Header{"Retry-After": {c.value}, "Date": {c.date}}
		if got := RetryAfter(h, now); got != c.want {
			t.Errorf("%q at %q: %v, want %v", c.value, c.date, got, c.want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"1", "2.128", "", "-1", "1e9", "Sun, 01 Mar 2026 10:00:07 GMT", "99999999999999999999"} {
		f.Add(s, "Sun, 01 Mar 2026 10:00:00 GMT")
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value, date string) {
		got := RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, now)
		if got < 0 || got > longestRetryAfter {
			t.Fatalf("%q: %v", value, got)
		}
		if n, err := strconv.ParseUint(value, 10, 16); err == nil &&
			got != min(time.Duration(n)*time.Second, longestRetryAfter) {
			t.Fatalf("%q: %v", value, got)
		}
		until, err1 := http.ParseTime(value)
		from, err2 := http.ParseTime(date)
		if err1 == nil && err2 == nil && got != min(max(until.Sub(from), 0), longestRetryAfter) {
			t.Fatalf("%q from %q: %v", value, date, got)
		}
	})
}
