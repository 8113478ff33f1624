package extract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/graph"
)

// A Run pulls the sources of one tenant into one folder of raw files.
type Run struct {
	Client   *graph.Client
	Dir      string // data/raw/<tenant>/<run day>
	TenantID string
	Day      time.Time
	ID       string
	Sources  []Source
	Jobs     int              // sources asked for at once
	Fresh    bool             // do not go on from an interrupted run
	Now      func() time.Time // to measure how long each source takes
	OnResult func(Result)     // called as each source ends, one at a time; may be nil

	// OnPace is called before a source waits to keep its Pace, by several at a time; nil is allowed.
	OnPace func(Source, time.Duration)

	// Follow names the sources that the answers to the first ones lead to; nil is none.
	Follow func([]Result) []Source
}

// A Result is how one source ended.
type Result struct {
	Source  Source
	Entry   Entry
	Resumed bool  // the answer of an interrupted run was used again
	Err     error // why there is no raw file
	Started time.Time
	Took    time.Duration
}

// Do pulls all sources. A source that Graph refuses is a failed Result and does not stop the
// others; only a local fault (disk, cancelled context) is an error, after which the manifest still
// tells what is complete.
func (r Run) Do(ctx context.Context) ([]Result, error) {
	if err := os.MkdirAll(r.Dir, 0o700); err != nil {
		return nil, err
	}
	before, err := ReadManifest(r.Dir)
	if err != nil {
		before = Manifest{} // unreadable: ask for everything again
	}
	if before.Published || r.Fresh {
		before = Manifest{}
	}
	manifest := Manifest{TenantID: r.TenantID, RunDay: r.Day.Format(time.DateOnly), RunID: r.ID}
	var mu sync.Mutex // guards manifest and results
	results := make([]Result, 0, len(r.Sources))
	record := func(result Result) error {
		mu.Lock()
		defer mu.Unlock()
		results = append(results, result)
		manifest.set(result.Entry)
		if r.OnResult != nil {
			r.OnResult(result)
		}
		return manifest.Write(r.Dir)
	}

	if err := r.pullAll(ctx, r.Sources, before, record); err != nil || r.Follow == nil {
		return results, err
	}
	err = r.pullAll(ctx, r.Follow(results), before, record)
	return results, err
}

// pullAll pulls sources, several at once.
func (r Run) pullAll(ctx context.Context, sources []Source, before Manifest, record func(Result) error) error {
	work := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(max(r.Jobs, 1))
	for _, s := range sources {
		if entry, ok := before.Entry(s.Name); ok && entry.reusable(r.Dir, s) {
			resumed := Result{Source: s, Entry: entry, Resumed: true, Started: r.Now()}
			if entry.Status == Skipped {
				resumed.Err = errors.New(entry.Error)
			}
			work.Go(func(context.Context) error { return record(resumed) })
			continue
		}
		work.Go(func(ctx context.Context) error {
			started := r.Now()
			var entry Entry
			var err error
			if caught := panics.Try(func() { entry, err = r.pull(ctx, s) }); caught != nil {
				err = caught.AsError()
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			var local *localError
			if errors.As(err, &local) {
				return fmt.Errorf("%s: %w", s.Name, local.err)
			}
			if err != nil {
				entry, err = s.refused(err)
			}
			return record(Result{Source: s, Entry: entry, Err: err, Started: started, Took: r.Now().Sub(started)})
		})
	}
	return work.Wait()
}

// refused is the entry of a source that Graph refused, and its error for people.
func (s Source) refused(err error) (Entry, error) {
	entry := Entry{Source: s.Name, Status: Failed, Path: s.Path}
	if why := s.skipped(err); why != "" {
		entry.Status, err = Skipped, errors.New(why)
	} else if refused := new(graph.Error); errors.As(err, &refused) && refused.Permission() {
		err = fmt.Errorf("%w (this source needs the application permission %s)", err, s.Permission)
	}
	entry.Error = err.Error()
	return entry, err
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
