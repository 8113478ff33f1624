package reports

import (
	"math"
	"strconv"
	"sync"
	"time"

	"m365lake/sandbox/clock"
)

// Throttle is how many calls one report allows in a window. Negative Calls switch throttling off.
type Throttle struct {
	Calls  int
	Window time.Duration
}

// callWindows counts the calls of each report. Calls that are refused count too, as Microsoft says they do, so a client
// that does not wait stays locked out. It is safe for concurrent use.
// Source: https://learn.microsoft.com/graph/throttling-limits
type callWindows struct {
	limit Throttle
	clock clock.Clock

	mu       sync.Mutex
	elapsed  time.Duration // the clock of the windows
	machine  time.Time
	tenant   time.Time
	calls    map[string][]time.Duration
	called   map[string]bool // reports that were called at least once
	refusals int
}

// newCallWindows returns the windows of a limit; its zero values mean Microsoft's, 14 calls in ten minutes.
func newCallWindows(limit Throttle, at clock.Clock) *callWindows {
	if limit.Calls == 0 {
		limit.Calls = 14
	}
	if limit.Window <= 0 {
		limit.Window = 10 * time.Minute
	}
	return &callWindows{limit: limit, clock: at, machine: at.Machine(), tenant: at.Tenant(),
		calls: map[string][]time.Duration{}, called: map[string]bool{}}
}

// tick moves the clock of the windows on by the real time that went by, or by the tenant's if that moved further: a
// test may stop the tenant's clock or make it jump a day, and neither may leave a window closed for good. The caller
// holds the lock.
func (l *callWindows) tick() {
	machine, tenant := l.clock.Machine(), l.clock.Tenant()
	l.elapsed += max(machine.Sub(l.machine), tenant.Sub(l.tenant), 0)
	l.machine, l.tenant = machine, tenant
}

// count counts one call of a report. When it is one too many, wait is the value for Retry-After.
func (l *callWindows) count(function string) (wait string) {
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
func (l *callWindows) first(function string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.called[function]
	l.called[function] = true
	return !before
}
