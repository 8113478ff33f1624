package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"m365lake/graph/wire"
	"m365lake/internal/clock"
)

// timeouts ends a request whose server is silent: before the answer's header, or in the middle of
// its body. A body may take as long as it likes as long as it keeps coming, and only time spent
// waiting in Read counts, not the time a reader takes between two reads.
type timeouts struct {
	next   http.RoundTripper
	clock  clock.Clock
	header time.Duration
	stall  time.Duration
}

func (t *timeouts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	timer := t.clock.AfterFunc(t.header, func() { cancel(wire.ErrNoAnswer) })
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	timer.Stop()
	late := errors.Is(context.Cause(ctx), wire.ErrNoAnswer)
	if err == nil && !late {
		body := &watchedBody{ReadCloser: resp.Body, ctx: ctx, cancel: cancel, stall: t.stall}
		body.timer = t.clock.AfterFunc(t.stall, func() { cancel(wire.ErrStalled) })
		body.timer.Stop()
		resp.Body = body
		return resp, nil
	}
	if err == nil {
		wire.Discard(resp)
	}
	if late {
		err = wire.ErrNoAnswer
	}
	cancel(err)
	return nil, err
}

type watchedBody struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  clock.Timer
	stall  time.Duration
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.timer.Reset(b.stall)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if err != nil && err != io.EOF && errors.Is(context.Cause(b.ctx), wire.ErrStalled) {
		err = wire.ErrStalled
	}
	return n, err
}

func (b *watchedBody) Close() error {
	b.timer.Stop()
	err := b.ReadCloser.Close()
	b.cancel(context.Canceled)
	return err
}
