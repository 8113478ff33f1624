package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/config"
	"m365lake/extract"
	"m365lake/internal/clock"
	"m365lake/internal/span"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/pipeline/productnames"
	"m365lake/transform/products"
)

// tenantsAtOnce bounds how many tenants are pulled at the same time.
const tenantsAtOnce = 4

// A Run is what a run needs to know. Sync takes the lock of the data folder, so that runs of several
// processes do not meet; Rebuild expects the caller to hold it.
type Run struct {
	Config   config.Config
	ID       string    // a UUID; by it the rows of runs and run_steps belong together
	Day      time.Time // the day of the run, as midnight in UTC
	Fresh    bool      // ask Graph for everything again, also for what an interrupted run left
	Backfill bool      // ask for every single day that Graph gives, and wait for Graph's budget
	// AcceptLoss publishes what there is also when lake files, or the list of who was forgotten, got lost.
	AcceptLoss bool
	Version    string // of the program
	Clock      clock.Clock
	Log        *slog.Logger
	Progress   Progress
}

// Progress is told how far a run is. Its methods are called by several tenants at the same time.
type Progress interface {
	PullBegins(tenant string, sources int)
	SourceEnded(tenant string) // whatever became of it
	StageBegins(text string)
	PhaseEnded(phase string, counts ...any) // keys and values, as slog takes them
}

// A run is a Run under way.
type run struct {
	Run
	folder   datafolder.Folder
	products *products.Products
	privacy  *warehouse.Privacy // of the exports

	// transforming is held by the tenant whose files are being transformed: tenants are pulled
	// concurrently, but the memory of a run stays that of one.
	transforming sync.Mutex
}

// Sync pulls all tenants and publishes the warehouse. A source that Graph refuses, and a tenant that fails
// beside others that do not, are in the Result and no error. With an error that is ErrNothingPublished or
// ErrAfterPublishing the Result holds what was done until then. When ctx ends, Sync returns its error; what
// was pulled stays, and the next run of the day goes on from it.
func (r Run) Sync(ctx context.Context) (Result, error) {
	started := r.Clock.Now()
	p := &run{Run: r, folder: r.Config.Folder()}
	unlock, err := p.folder.Lock()
	if err != nil {
		return Result{}, nothingPublished(err)
	}
	defer unlock()
	if err := p.prepare(ctx); err != nil {
		return Result{}, err
	}
	result := Result{RunID: r.ID, Day: r.Day, Tenants: p.syncTenants(ctx)}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if !slices.ContainsFunc(result.Tenants, func(t TenantResult) bool { return t.Err == nil }) {
		return result, nothingPublished(tenantErrors(result.Tenants))
	}
	p.logFailedTenants(result.Tenants)
	if err := r.keepOut(ctx); err != nil {
		return result, nothingPublished(err)
	}
	if err := prune(ctx, r.Config, r.Day, r.Log); err != nil {
		return result, nothingPublished(err)
	}
	if err := p.publish(ctx, &result); err != nil {
		return result, err
	}
	result.Took = r.Clock.Now().Sub(started)
	return result, nil
}

// prepare reads what the whole run needs, and refuses a run that would do harm.
// With lost files in the lake it must not write there: keys would be given anew, and what is restored would meet
// what the run wrote.
func (p *run) prepare(ctx context.Context) error {
	if err := p.refuseEarlierDay(); err != nil {
		return err
	}
	var err error
	if p.products, err = productnames.Read(p.folder, p.Config.ProductNames); err != nil {
		return configurationError(err)
	}
	if p.privacy, err = ExportPrivacy(p.Config.Privacy); err != nil {
		return configurationError(err)
	}
	return p.refuseLoss(ctx, p.privacy)
}

// syncTenants pulls and transforms all tenants. Every fault, a panic included, is in its tenant's result.
func (p *run) syncTenants(ctx context.Context) []TenantResult {
	tenants := make([]TenantResult, len(p.Config.Tenants))
	work := pool.New().WithContext(ctx).WithMaxGoroutines(tenantsAtOnce)
	for i, t := range p.Config.Tenants {
		work.Go(func(ctx context.Context) error {
			tenant := tenantRun{run: p, tenant: t}
			if caught := panics.Try(func() { tenants[i] = tenant.pullAndRecord(ctx) }); caught != nil {
				tenants[i] = TenantResult{Name: t.Name, ID: t.TenantID, Err: caught.AsError()}
			}
			return nil
		})
	}
	_ = work.Wait() // no work returns an error
	return tenants
}

// publish builds the warehouse and marks the raw files as published, after which the next run asks Graph
// again.
func (p *run) publish(ctx context.Context, result *Result) error {
	p.Progress.StageBegins("building the warehouse")
	debug.FreeOSMemory() // DuckDB takes its own; the two must not add up
	started := p.Clock.Now()
	traced, building := span.Start(ctx, "build")
	built, err := p.build(p.privacy).Run(traced)
	building.End(err != nil)
	if err != nil {
		return nothingPublished(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
	}
	p.logHealed(built)
	result.Warehouse, result.Rebuilt = p.folder.Warehouse(), built.Rebuilt
	result.Build = p.Clock.Now().Sub(started)
	p.Progress.PhaseEnded("built", "warehouse", result.Warehouse,
		"rebuilt", result.Rebuilt, "took", result.Build.Round(time.Millisecond))
	for _, t := range result.Tenants {
		if t.Err != nil {
			continue
		}
		if err := extract.MarkPublished(p.folder.Raw(t.ID, p.Day)); err != nil {
			return afterPublishing(fmt.Errorf("the warehouse was published, but not noted as such: %w", err))
		}
	}
	return nil
}

// tenantErrors joins what went wrong with each tenant.
func tenantErrors(tenants []TenantResult) error {
	var errs []error
	for _, t := range tenants {
		if t.Err != nil {
			errs = append(errs, fmt.Errorf("tenant %s: %w", t.Name, t.Err))
		}
	}
	return errors.Join(errs...)
}

// refuseEarlierDay stops a run for a day before one that was already run: Graph tells how things
// are now, and writing that over a later state would be wrong.
func (p *run) refuseEarlierDay() error {
	for _, t := range p.Config.Tenants {
		days, err := p.folder.RawDays(t.TenantID)
		if err != nil {
			return nothingPublished(err)
		}
		for _, day := range days {
			if !day.After(p.Day) {
				continue
			}
			if manifest, err := extract.ReadManifest(p.folder.Raw(t.TenantID, day)); err == nil && manifest.Published {
				return configurationError(fmt.Errorf(
					"--run-day %s is before %s, which was already run for tenant %s; Graph only knows the present; "+
						"leave --run-day out, or, if %[2]s was a mistake of the clock, restore the data folder from a backup "+
						"made before that run",
					p.Day.Format(time.DateOnly), day.Format(time.DateOnly), t.Name))
			}
		}
	}
	return nil
}
