package sandbox

import (
	"math"
	"strconv"
	"sync"
	"time"
)

// throttles counts the calls of each report. Calls that are refused count too,
// as Microsoft says they do, so a client that does not wait stays locked out.
type throttles struct {
	limit Throttle
	now   func() time.Time

	mu       sync.Mutex
	elapsed  time.Duration // the clock of the windows
	real     time.Time
	tenant   time.Time
	calls    map[string][]time.Duration
	called   map[string]bool // reports that were called at least once
	refusals int
}

func newThrottles(limit Throttle, now func() time.Time) *throttles {
	return &throttles{limit: limit, now: now, real: time.Now(), tenant: now(),
		calls: map[string][]time.Duration{}, called: map[string]bool{}}
}

// tick moves the clock of the windows on by the real time that went by, or by
// the tenant's if that moved further: a test may stop the tenant's clock or make
// it jump a day, and neither may leave a window closed for ever.
func (l *throttles) tick() {
	real, tenant := time.Now(), l.now()
	l.elapsed += max(real.Sub(l.real), tenant.Sub(l.tenant), 0)
	l.real, l.tenant = real, tenant
}

// call counts one call of a report. When it is one too many, wait is the value
// for Retry-After.
func (l *throttles) call(function string) (wait string) {
	if l.limit.Calls < 0 {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick()
	calls := l.calls[function]
	for len(calls) > 0 && calls[0] <= l.elapsed-l.limit.Window {
		calls = calls[1:]
	}
	full := len(calls) >= l.limit.Calls
	calls = append(calls, l.elapsed)
	l.calls[function] = calls
	if !full {
		return ""
	}
	left := calls[len(calls)-l.limit.Calls] + l.limit.Window - l.elapsed
	l.refusals++
	if l.refusals%2 == 1 {
		return strconv.Itoa(int(math.Ceil(left.Seconds())))
	}
	return strconv.FormatFloat(math.Ceil(left.Seconds()*1000)/1000, 'f', 3, 64)
}

// first is true for the first call of a report.
func (l *throttles) first(function string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.called[function]
	l.called[function] = true
	return !before
}
