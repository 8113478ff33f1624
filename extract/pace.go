package extract

import (
	"context"
	"time"

	"m365lake/internal/window"
)

// A Pace is how many pages of a source may be asked for in a window of time. It is for the few
// sources that Microsoft limits more than the directory as a whole. The zero Pace limits nothing.
type Pace struct {
	Calls  int
	Window time.Duration
}

// A pacer keeps the Pace of a source, also when a listing is begun anew.
type pacer struct {
	calls  *window.Window // nil limits nothing
	onWait func(time.Duration)
}

func (r Run) pacer(s Source) pacer {
	if s.Pace.Calls == 0 {
		return pacer{}
	}
	p := pacer{calls: window.New(r.Clock, s.Pace.Calls, s.Pace.Window)}
	if r.OnPace != nil {
		p.onWait = func(delay time.Duration) { r.OnPace(s, delay) }
	}
	return p
}

// waitForNext returns nil when the next page may be asked for, or the context's cause if ctx ends first.
func (p pacer) waitForNext(ctx context.Context) error {
	if p.calls == nil {
		return nil
	}
	return p.calls.Wait(ctx, p.onWait)
}
