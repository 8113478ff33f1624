package view

import (
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// IsTerminal says whether somebody is looking at what is written to w.
func IsTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// LogProgress shows how far a run is as a line of the log for each phase. What each source came to is the log's,
// in detail. It implements pipeline.Progress.
type LogProgress struct{ Log *slog.Logger }

// PullBegins implements pipeline.Progress.
func (p LogProgress) PullBegins(tenant string, sources int) {
	p.Log.Info("pulling", "tenant", tenant, "sources", sources)
}

// SourceEnded implements pipeline.Progress.
func (p LogProgress) SourceEnded(string) {}

// StageBegins implements pipeline.Progress.
func (p LogProgress) StageBegins(text string) { p.Log.Info(text) }

// PhaseEnded implements pipeline.Progress.
func (p LogProgress) PhaseEnded(phase string, counts ...any) { p.Log.Info(phase, counts...) }

// Close implements io.Closer, as Bars do.
func (p LogProgress) Close() error { return nil }

// Bars show how far a run is on a terminal: a bar for each tenant, then a spinner for each stage. They implement
// pipeline.Progress, and are safe for concurrent use.
type Bars struct {
	container *mpb.Progress
	mu        sync.Mutex
	bars      map[string]*mpb.Bar // by tenant
	spinner   *mpb.Bar            // of the stage under way, or nil
}

// NewBars returns bars on a terminal, to be closed when the run has ended.
func NewBars(terminal io.Writer) *Bars {
	container := mpb.New(mpb.WithOutput(terminal), mpb.WithRefreshRate(100*time.Millisecond))
	return &Bars{container: container, bars: map[string]*mpb.Bar{}}
}

// Write writes lines above the bars, so that the two do not mix.
func (b *Bars) Write(lines []byte) (int, error) { return b.container.Write(lines) }

// PullBegins implements pipeline.Progress.
func (b *Bars) PullBegins(tenant string, sources int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bars[tenant] = b.container.AddBar(int64(sources),
		mpb.PrependDecorators(decor.Name("pulling "+tenant+" ")),
		mpb.AppendDecorators(decor.CountersNoUnit("%d of %d")),
		mpb.BarRemoveOnComplete())
}

// SourceEnded implements pipeline.Progress.
func (b *Bars) SourceEnded(tenant string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bars[tenant].Increment()
}

// StageBegins implements pipeline.Progress.
func (b *Bars) StageBegins(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.endStage()
	b.spinner = b.container.New(1, mpb.SpinnerStyle().PositionLeft(),
		mpb.BarWidth(2), mpb.AppendDecorators(decor.Name(text)))
}

// PhaseEnded implements pipeline.Progress. It shows nothing: the summary comes right after.
func (b *Bars) PhaseEnded(string, ...any) {}

// endStage is called with mu held.
func (b *Bars) endStage() {
	if b.spinner != nil {
		b.spinner.Abort(true)
		b.spinner = nil
	}
}

// Close removes the bars, those of tenants that failed half-way as well, and returns when the terminal is clean.
func (b *Bars) Close() error {
	b.mu.Lock()
	b.endStage()
	for _, bar := range b.bars {
		bar.Abort(true)
	}
	b.mu.Unlock()
	b.container.Wait()
	return nil
}
