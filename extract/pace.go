package extract

import (
	"context"
	"time"
)

// A Pace is how many pages of a source may be asked for in a window of time. It is for the few
// sources that Microsoft limits more than the directory as a whole.
type Pace struct {
	Calls  int
	Window time.Duration
}

// A pacer keeps a Pace, also when a listing is begun anew.
type pacer struct {
	pace   Pace
	sent   []time.Time         // the last requests, as many as the pace allows
	onWait func(time.Duration) // called before a wait; may be nil
}

// wait returns when the next page may be asked for.
func (p *pacer) wait(ctx context.Context) error {
	if p.pace.Calls == 0 {
		return nil
	}
	if len(p.sent) == p.pace.Calls {
		// A hundredth longer than the window: requests are counted when they arrive, and the later
		// one may have the shorter way.
		delay := time.Until(p.sent[0].Add(p.pace.Window + p.pace.Window/100))
		if p.onWait != nil && delay > 0 {
			p.onWait(delay)
		}
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		p.sent = p.sent[1:]
	}
	p.sent = append(p.sent, time.Now())
	return nil
}
