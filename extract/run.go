package extract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/graph"
	"m365lake/internal/clock"
	"m365lake/schemas/reports"
)

// A Run pulls the sources of one tenant into one folder of raw files.
type Run struct {
	Client   *graph.Client
	Dir      string // data/raw/<tenant>/<run day>
	TenantID string
	Day      time.Time
	ID       string
	Sources  []Source
	Days     []Source // reports of single days; asked for after Sources, so that they use up none of Graph's calls

	// WaitForDays makes the run wait where Graph allows no more calls for Days now. Else these
	// sources fail, for the next run to ask again.
	WaitForDays bool

	Jobs  int  // sources asked for at once
	Fresh bool // ask for everything again

	// ReuseReportsFor is for how long the reports of a published run serve the next run of the day:
	// Graph counts calls over that time, and nothing changes faster than daily.
	ReuseReportsFor time.Duration

	Clock    clock.Clock  // nil is the machine's
	OnResult func(Result) // called as each source ends, one at a time; may be nil

	// OnPace is called before a source waits to keep its Pace, by several at a time; nil is allowed.
	OnPace func(Source, time.Duration)

	// Follow names the sources that the answers to Sources lead to; nil is none.
	Follow func([]Result) []Source
}

// A Result is how one source ended.
type Result struct {
	Source  Source
	Entry   Entry
	Resumed bool  // the answer of an interrupted or recent run was used again
	Err     error // why there is no raw file
	Started time.Time
	Took    time.Duration
}

// FellBack reports whether the raw file is the answer to Source.Fallback, because Graph refused Source.Path.
func (r Result) FellBack() bool {
	return r.Source.Fallback != "" && r.Entry.Path == r.Source.Fallback
}

// Do pulls all sources. A source that Graph refuses is a failed Result and does not stop the
// others; only a fault of this machine's disk, or the end of ctx, is an error. After it the manifest still
// lists what is complete, so that a Run of the same Dir goes on from there. The results of an error are
// those until then. Only one Run may use a Dir at a time.
func (r Run) Do(ctx context.Context) ([]Result, error) {
	if r.Clock == nil {
		r.Clock = clock.Machine()
	}
	if err := os.MkdirAll(r.Dir, 0o700); err != nil {
		return nil, err
	}
	before, err := ReadManifest(r.Dir)
	if err != nil || r.Fresh {
		before = Manifest{} // unreadable: ask for everything again
	}
	w := &work{Run: r, before: before, refused: map[*reports.Report]error{}}
	w.manifest = Manifest{TenantID: r.TenantID, RunDay: r.Day.Format(time.DateOnly), RunID: r.ID}
	for _, s := range slices.Concat(r.Sources, r.Days) {
		w.manifest.Planned = append(w.manifest.Planned, s.Name)
		if entry, ok := before.Entry(s.Name); ok && r.serves(before, entry, s) {
			w.manifest.putEntry(entry) // not lost if this run is interrupted too
		}
	}
	w.keepFollowed()
	if err := w.manifest.Write(r.Dir); err != nil {
		return nil, err
	}
	if err := w.pullAll(ctx, r.Sources); err != nil {
		return w.results, err
	}
	if r.Follow != nil {
		if err := w.pullAll(ctx, r.Follow(w.results)); err != nil {
			return w.results, err
		}
	}
	if !r.WaitForDays {
		ctx = graph.WithoutWaiting(ctx)
	}
	if err := w.pullAll(ctx, r.Days); err != nil {
		return w.results, err
	}
	return w.results, nil
}

// serves says whether a raw file of an earlier run of the day can be used again.
func (r Run) serves(before Manifest, entry Entry, s Source) bool {
	if !entry.reusable(r.Dir, s) {
		return false
	}
	return !before.Published || s.csv() && before.pulledWithin(entry, r.Clock.Now(), r.ReuseReportsFor)
}

// work is a Run under way.
type work struct {
	Run
	before   Manifest
	mu       sync.Mutex // guards what follows
	manifest Manifest
	results  []Result
	refused  map[*reports.Report]error // reports that are not permitted: asking on would only cost calls
}

// keepFollowed takes over what an interrupted run had of the sources that Follow will name: should this
// run be interrupted before it comes to them, they are not lost either.
func (w *work) keepFollowed() {
	if w.Follow == nil || w.before.Published {
		return
	}
	for _, entry := range w.before.Entries {
		if !slices.Contains(w.before.Planned, entry.Source) && !slices.Contains(w.manifest.Planned, entry.Source) &&
			entry.Status != Failed {
			w.manifest.putEntry(entry)
		}
	}
}

func (w *work) pullAll(ctx context.Context, sources []Source) error {
	jobs := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(max(w.Jobs, 1))
	for _, s := range sources {
		jobs.Go(func(ctx context.Context) error { return w.pullOrReuse(ctx, s) })
	}
	return jobs.Wait()
}

// pullOrReuse pulls one source, unless there is a raw file that serves.
func (w *work) pullOrReuse(ctx context.Context, s Source) error {
	started := w.Clock.Now()
	w.mu.Lock()
	err := w.refused[s.Report]
	w.mu.Unlock()
	entry, ok := w.before.Entry(s.Name)
	if ok && w.serves(w.before, entry, s) {
		resumed := Result{Source: s, Entry: entry, Resumed: true, Started: started}
		if entry.Status == Skipped {
			resumed.Err = errors.New(entry.Error)
		}
		return w.record(resumed)
	}
	if err == nil {
		if caught := panics.Try(func() { entry, err = w.pull(ctx, s) }); caught != nil {
			err = caught.AsError()
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var local *localError
	if errors.As(err, &local) {
		return fmt.Errorf("%s: %w", s.Name, local.err)
	}
	if err != nil {
		entry, err = w.explain(s, err)
	} else {
		entry.PulledAt = w.Clock.Now().UTC()
	}
	return w.record(Result{Source: s, Entry: entry, Err: err, Started: started, Took: w.Clock.Now().Sub(started)})
}

// explain is the entry of a source that Graph refused, and its error for people: completed by the
// permission that is missing, which is kept for the rest of the report.
func (w *work) explain(s Source, err error) (Entry, error) {
	entry := Entry{Source: s.Name, Status: Failed, Path: s.Path}
	refused := new(graph.Error)
	if why := s.skipped(err); why != "" {
		entry.Status, err = Skipped, errors.New(why)
	} else if errors.As(err, &refused) && refused.Permission() {
		err = w.refuse(s, err)
	}
	entry.Error = err.Error()
	return entry, err
}

func (w *work) refuse(s Source, err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if before := w.refused[s.Report]; s.Report != nil && before != nil {
		return before
	}
	err = fmt.Errorf("%w (this source needs the application permission %s)", err, s.permission())
	if s.Report != nil {
		w.refused[s.Report] = err
	}
	return err
}

func (w *work) record(result Result) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.results = append(w.results, result)
	w.manifest.putEntry(result.Entry)
	if w.OnResult != nil {
		w.OnResult(result)
	}
	return w.manifest.Write(w.Dir)
}

// MarkPublished notes that the warehouse was published from the raw files in dir.
func MarkPublished(dir string) error {
	m, err := ReadManifest(dir)
	if err != nil {
		return err
	}
	m.Published = true
	return m.Write(dir)
}
