package wire

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestRetryAfter bounds what a Retry-After header is believed to say.
const longestRetryAfter = 24 * time.Hour

// RetryAfter reads how long a server asks to wait. It returns 0 when it asks for nothing that can
// be understood; a negative or past time is 0 too.
//
// RFC 9110 section 10.2.3 allows whole seconds or a date. Microsoft's own sample has a fraction,
// "2.128" (https://learn.microsoft.com/graph/throttling). A date is compared with the answer's own
// Date header, so that a wrong clock on this machine does not matter; now serves when there is none.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if strings.Trim(value, "0123456789.") == "" { // ParseFloat alone would take "inf" and "0x1p3"
		seconds, err := strconv.ParseFloat(value, 64)
		if err != nil && seconds == 0 { // out of range is +Inf with an error: a long time
			return 0
		}
		if seconds >= longestRetryAfter.Seconds() {
			return longestRetryAfter
		}
		return time.Duration(seconds * float64(time.Second))
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), longestRetryAfter)
}
