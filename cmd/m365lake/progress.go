package main

import (
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"m365lake/pipeline"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress shows how far a run is: bars on a terminal, a log line for each phase elsewhere. What each
// source came to is the log's, in detail.
type progress interface {
	pipeline.Progress
	close()
}

// isTerminal says whether somebody is looking.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// watchRun returns the progress display and the log that fit where the program writes.
func (p *program) watchRun() (progress, *slog.Logger) {
	if p.logFormat == logJSON || !isTerminal(p.err) {
		log := p.logger(p.err)
		return logProgress{log}, log
	}
	bars := &barProgress{container: mpb.New(mpb.WithOutput(p.err), mpb.WithRefreshRate(100*time.Millisecond)), bars: map[string]*mpb.Bar{}}
	return bars, p.terminalLogger(bars.container) // through the container, so that lines and bars do not mix
}

type logProgress struct{ log *slog.Logger }

func (p logProgress) PullBegins(tenant string, sources int) {
	p.log.Info("pulling", "tenant", tenant, "sources", sources)
}
func (p logProgress) SourceEnded(string)                     {}
func (p logProgress) StageBegins(text string)                { p.log.Info(text) }
func (p logProgress) PhaseEnded(phase string, counts ...any) { p.log.Info(phase, counts...) }
func (p logProgress) close()                                 {}

type barProgress struct {
	container *mpb.Progress
	mu        sync.Mutex
	bars      map[string]*mpb.Bar
	last      *mpb.Bar // the spinner of the stage under way
}

func (p *barProgress) PullBegins(tenant string, sources int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bars[tenant] = p.container.AddBar(int64(sources),
		mpb.PrependDecorators(decor.Name("pulling "+tenant+" ")),
		mpb.AppendDecorators(decor.CountersNoUnit("%d of %d")),
		mpb.BarRemoveOnComplete())
}

func (p *barProgress) PhaseEnded(string, ...any) {} // the summary comes right after

func (p *barProgress) SourceEnded(tenant string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bars[tenant].Increment()
}

func (p *barProgress) StageBegins(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endStage()
	p.last = p.container.New(1, mpb.SpinnerStyle().PositionLeft(), mpb.BarWidth(2), mpb.AppendDecorators(decor.Name(text)))
}

func (p *barProgress) endStage() {
	if p.last != nil {
		p.last.Abort(true)
		p.last = nil
	}
}

func (p *barProgress) close() {
	p.mu.Lock()
	p.endStage()
	for _, bar := range p.bars {
		bar.Abort(true) // a tenant that failed half-way
	}
	p.mu.Unlock()
	p.container.Wait()
}
