package clock

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Manual clock stands still until a test moves it. Its zero value is not usable: see NewManual and
// NewSkipping.
type Manual struct {
	skips bool // Sleep moves the clock by itself

	mu      sync.Mutex
	changed *sync.Cond // a sleeper or a timer was added or went
	now     time.Time
	planned []*planned
	slept   []time.Duration
}

// planned is a sleeper, or a call that AfterFunc has planned.
type planned struct {
	clock *Manual
	at    time.Time
	call  func() // under the clock's lock, so that it must not use the clock itself
}

// NewManual returns a clock that only Advance moves.
func NewManual(start time.Time) *Manual {
	m := &Manual{now: start}
	m.changed = sync.NewCond(&m.mu)
	return m
}

// NewSkipping returns a clock that moves by itself to the end of each Sleep, which so returns at
// once. Advance moves it too.
func NewSkipping(start time.Time) *Manual {
	m := NewManual(start)
	m.skips = true
	return m
}

// Now is part of Clock.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock forward by d and ends, in their order, the sleeps and starts the calls
// whose time has come.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moveTo(m.now.Add(d))
}

// Sleep is part of Clock.
func (m *Manual) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	m.slept = append(m.slept, d)
	if d <= 0 {
		m.mu.Unlock()
		return nil
	}
	if m.skips {
		m.moveTo(m.now.Add(d))
		m.mu.Unlock()
		return nil
	}
	over := make(chan struct{})
	sleeper := &planned{clock: m, at: m.now.Add(d), call: func() { close(over) }}
	m.plan(sleeper)
	m.mu.Unlock()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		m.mu.Lock()
		defer m.mu.Unlock()
		m.cancel(sleeper)
		return context.Cause(ctx)
	}
}

// AfterFunc is part of Clock.
func (m *Manual) AfterFunc(d time.Duration, f func()) Timer {
	timer := &planned{clock: m, call: func() { go f() }}
	timer.Reset(d)
	return timer
}

// WaitForPlanned returns when at least n sleeps and planned calls wait for the clock to move, so that
// a test does not advance it too early.
func (m *Manual) WaitForPlanned(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.planned) < n {
		m.changed.Wait()
	}
}

// Slept returns how long each Sleep so far was asked to last, in the order of the calls.
func (m *Manual) Slept() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.slept)
}

// moveTo needs the lock.
func (m *Manual) moveTo(end time.Time) {
	for {
		var next *planned
		for _, p := range m.planned {
			if !p.at.After(end) && (next == nil || p.at.Before(next.at)) {
				next = p
			}
		}
		if next == nil {
			break
		}
		if next.at.After(m.now) {
			m.now = next.at
		}
		m.cancel(next)
		next.call()
	}
	m.now = end
}

// plan needs the lock.
func (m *Manual) plan(p *planned) {
	m.planned = append(m.planned, p)
	m.changed.Broadcast()
}

// cancel needs the lock. It returns false if p was not planned any more.
func (m *Manual) cancel(p *planned) bool {
	i := slices.Index(m.planned, p)
	if i < 0 {
		return false
	}
	m.planned = slices.Delete(m.planned, i, i+1)
	m.changed.Broadcast()
	return true
}

// Stop is part of Timer.
func (p *planned) Stop() bool {
	p.clock.mu.Lock()
	defer p.clock.mu.Unlock()
	return p.clock.cancel(p)
}

// Reset is part of Timer.
func (p *planned) Reset(d time.Duration) bool {
	p.clock.mu.Lock()
	defer p.clock.mu.Unlock()
	was := p.clock.cancel(p)
	p.at = p.clock.now.Add(d)
	if d <= 0 {
		p.call()
		return was
	}
	p.clock.plan(p)
	return was
}
