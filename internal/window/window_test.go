package window

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"m365lake/internal/clock"
)

var start = time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)

func TestNeverMoreCallsInAnyWindow(t *testing.T) {
	const calls, per = 3, time.Minute
	c := clock.NewSkipping(start)
	w := New(c, calls, per)
	var made []time.Time
	for i := range 20 {
		if err := w.Wait(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		made = append(made, c.Now())
		c.Advance(time.Duration(i%4) * 7 * time.Second)
	}
	if made[2].Sub(made[0]) >= per {
		t.Error("the first calls were not allowed at once")
	}
	for i := calls; i < len(made); i++ {
		if gap := made[i].Sub(made[i-calls]); gap <= per {
			t.Errorf("call %d came %v after call %d", i, gap, i-calls)
		}
	}
	if longest := slices.Max(c.Slept()); longest > per+per/100 {
		t.Errorf("one call waited %v", longest)
	}
}

func TestTakeNowSaysHowLongItIs(t *testing.T) {
	c := clock.NewManual(start)
	w := New(c, 1, 100*time.Second)
	if d := w.TakeNow(); d != 0 {
		t.Fatalf("the first call has to wait %v", d)
	}
	c.Advance(time.Second)
	if d := w.TakeNow(); d != 100*time.Second {
		t.Errorf("TakeNow = %v", d)
	}
	c.Advance(100 * time.Second)
	if d := w.TakeNow(); d != 0 {
		t.Errorf("TakeNow = %v after the window", d)
	}
}

func TestACallThatIsGivenUpIsNotCounted(t *testing.T) {
	c := clock.NewManual(start)
	w := New(c, 1, 100*time.Second)
	w.TakeNow()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("stopped")
	ended := make(chan error)
	announced := make(chan time.Duration, 1)
	go func() { ended <- w.Wait(ctx, func(d time.Duration) { announced <- d }) }()
	if d := <-announced; d != 101*time.Second {
		t.Errorf("announced %v", d)
	}
	c.WaitForPlanned(1)
	cancel(cause)
	if err := <-ended; !errors.Is(err, cause) {
		t.Errorf("Wait = %v", err)
	}
	c.Advance(101 * time.Second)
	if d := w.TakeNow(); d != 0 {
		t.Errorf("TakeNow = %v", d)
	}
}
