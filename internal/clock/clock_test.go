package clock

import (
	"context"
	"errors"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)

func TestMachineSleeps(t *testing.T) {
	c := Machine()
	before := c.Now()
	if err := c.Sleep(t.Context(), 5*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if took := c.Now().Sub(before); took < 5*time.Millisecond {
		t.Errorf("slept %v", took)
	}
	called := make(chan struct{})
	c.AfterFunc(time.Millisecond, func() { close(called) })
	<-called
}

func TestSleepEndsWithItsContext(t *testing.T) {
	cause := errors.New("the run was stopped")
	for name, c := range map[string]Clock{"machine": Machine(), "manual": NewManual(start)} {
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error)
		go func() { ended <- c.Sleep(ctx, time.Hour) }()
		if m, ok := c.(*Manual); ok {
			m.WaitForPlanned(1)
		}
		cancel(cause)
		if err := <-ended; !errors.Is(err, cause) {
			t.Errorf("%s: Sleep = %v, want %v", name, err, cause)
		}
		if err := c.Sleep(ctx, 0); !errors.Is(err, cause) {
			t.Errorf("%s: Sleep after the end = %v, want %v", name, err, cause)
		}
	}
}

func TestAdvanceEndsSleepsWhoseTimeHasCome(t *testing.T) {
	m := NewManual(start)
	short, long := make(chan error, 1), make(chan error, 1)
	go func() { short <- m.Sleep(t.Context(), time.Minute) }()
	go func() { long <- m.Sleep(t.Context(), time.Hour) }()
	m.WaitForPlanned(2)
	m.Advance(time.Minute)
	if err := <-short; err != nil {
		t.Fatal(err)
	}
	select {
	case <-long:
		t.Fatal("the long sleep ended with the short one")
	default:
	}
	m.Advance(time.Hour)
	if err := <-long; err != nil {
		t.Fatal(err)
	}
	if now := m.Now(); !now.Equal(start.Add(61 * time.Minute)) {
		t.Errorf("Now = %v", now)
	}
}

func TestSkippingSleepsMoveTheClock(t *testing.T) {
	m := NewSkipping(start)
	for _, d := range []time.Duration{time.Hour, 0, time.Minute} {
		if err := m.Sleep(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if now := m.Now(); !now.Equal(start.Add(61 * time.Minute)) {
		t.Errorf("Now = %v", now)
	}
	if slept := m.Slept(); len(slept) != 3 || slept[0] != time.Hour {
		t.Errorf("Slept = %v", slept)
	}
}

func TestPlannedCalls(t *testing.T) {
	m := NewManual(start)
	calls := make(chan time.Time, 2)
	timer := m.AfterFunc(time.Minute, func() { calls <- m.Now() })
	m.Advance(59 * time.Second)
	if !timer.Reset(time.Minute) {
		t.Error("Reset says that the call had begun")
	}
	m.Advance(59 * time.Second)
	if len(calls) != 0 {
		t.Fatal("called although it was planned anew")
	}
	m.Advance(time.Second)
	<-calls
	if timer.Stop() {
		t.Error("Stop says that it prevented a call that was made")
	}
	timer = m.AfterFunc(time.Minute, func() { calls <- m.Now() })
	if !timer.Stop() {
		t.Error("Stop prevented nothing")
	}
	m.Advance(time.Hour)
	if len(calls) != 0 {
		t.Error("a stopped call was made")
	}
}
