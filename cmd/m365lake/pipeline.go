package main

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
	"m365lake/internal/span"
	"m365lake/load/lake"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/sql"
	"m365lake/transform"
)

// tenantsAtOnce bounds how many tenants are pulled at the same time.
const tenantsAtOnce = 4

// A pipeline is one run over all tenants: extract, transform and load, then one build of the
// warehouse.
type pipeline struct {
	config   config.Config
	folder   datafolder.Folder
	day      time.Time
	runID    string
	fresh    bool
	backfill bool // ask for all days that can be had, and wait for Graph's budget
	now      func() time.Time
	log      *slog.Logger
	watch    progress

	products *transform.Products // read when the run begins
	privacy  *warehouse.Privacy  // of the exports; read when the run begins

	// transforming is held by the tenant whose files are being transformed: tenants are pulled
	// concurrently, but the memory of a run stays that of one.
	transforming sync.Mutex
}

// sync runs the pipeline. Its error has an exit code; a runSummary with gaps is no error.
func (p *pipeline) sync(ctx context.Context) (runSummary, error) {
	started := p.now()
	unlock, err := p.folder.Lock()
	if err != nil {
		return runSummary{}, nothingError(err)
	}
	defer unlock()
	if err := p.refuseEarlierDay(); err != nil {
		return runSummary{}, err
	}
	if p.products, err = readProducts(p.folder, p.config.ProductNames); err != nil {
		return runSummary{}, usageError(err)
	}
	if p.privacy, err = exportPrivacy(p.config.Privacy); err != nil {
		return runSummary{}, usageError(err)
	}

	tenants := make([]tenantSummary, len(p.config.Tenants))
	work := pool.New().WithContext(ctx).WithMaxGoroutines(tenantsAtOnce)
	for i, t := range p.config.Tenants {
		work.Go(func(ctx context.Context) error {
			run := tenantRun{pipeline: p, tenant: t}
			if caught := panics.Try(func() { tenants[i] = run.do(ctx) }); caught != nil {
				tenants[i] = tenantSummary{Tenant: t.Name, TenantID: t.TenantID, Err: caught.AsError()}
			}
			return nil
		})
	}
	_ = work.Wait() // every fault is in its tenant's summary
	if err := ctx.Err(); err != nil {
		return runSummary{}, err
	}
	summary := runSummary{RunID: p.runID, RunDay: p.day.Format(time.DateOnly), Tenants: tenants}
	if !slices.ContainsFunc(tenants, func(t tenantSummary) bool { return t.Err == nil }) {
		return summary, nothingError(tenantErrors(tenants))
	}

	if err := p.forgetAgain(ctx, tenants, started); err != nil {
		return summary, nothingError(fmt.Errorf("people who were forgotten could not be kept out, so nothing was published: %w", err))
	}
	if p.config.Retention.Prune {
		pruned, err := p.prune(ctx, p.day, true)
		if err != nil {
			return summary, nothingError(fmt.Errorf("what is past its retention could not be removed, so nothing was published: %w", err))
		}
		for _, t := range pruned {
			if len(t.raw.Days)+len(t.tables) > 0 {
				p.log.Info("pruned", "tenant_id", t.tenantID, "raw_days", len(t.raw.Days), "tables", len(t.tables))
			}
		}
	}
	p.watch.stage("building the warehouse")
	debug.FreeOSMemory() // DuckDB takes its own; the two must not add up
	buildStarted := p.now()
	traced, building := span.Start(ctx, "build")
	result, err := p.build().Run(traced)
	building.End(err != nil)
	if err != nil {
		return summary, nothingError(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
	}
	summary.Warehouse, summary.Rebuilt = p.folder.Warehouse(), result.Rebuilt
	summary.Build = p.now().Sub(buildStarted)
	p.watch.ended("built", "warehouse", summary.Warehouse, "rebuilt", summary.Rebuilt, "took", summary.Build.Round(time.Millisecond))
	for _, t := range tenants {
		if t.Err != nil {
			continue
		}
		if err := extract.MarkPublished(p.folder.Raw(t.TenantID, p.day)); err != nil {
			return summary, &exitError{exitGaps, fmt.Errorf("the warehouse was published, but not noted as such: %w", err)}
		}
	}
	summary.Took = p.now().Sub(started)
	return summary, nil
}

func (p *pipeline) build() warehouse.Build {
	return warehouse.Build{
		Lake: lake.Lake{Dir: p.folder.Lake()}, Path: p.folder.Warehouse(), SQL: sql.Files, Exports: p.folder.Exports(), Privacy: p.privacy,
		MemoryLimit: p.config.DuckDB.Memory, Threads: p.config.DuckDB.Threads, Version: version(),
	}
}

// tenantErrors joins what went wrong with each tenant.
func tenantErrors(tenants []tenantSummary) error {
	var errs []error
	for _, t := range tenants {
		if t.Err != nil {
			errs = append(errs, fmt.Errorf("tenant %s: %w", t.Tenant, t.Err))
		}
	}
	return errors.Join(errs...)
}

// refuseEarlierDay stops a run for a day before one that was already run: Graph tells how things
// are now, and writing that over a later state would be wrong.
func (p *pipeline) refuseEarlierDay() error {
	for _, t := range p.config.Tenants {
		days, err := p.folder.RawDays(t.TenantID)
		if err != nil {
			return nothingError(err)
		}
		for _, day := range days {
			if !day.After(p.day) {
				continue
			}
			if manifest, err := extract.ReadManifest(p.folder.Raw(t.TenantID, day)); err == nil && manifest.Published {
				return usageError(fmt.Errorf("--run-day %s is before %s, which was already run for tenant %s; Graph only knows the present", p.day.Format(time.DateOnly), day.Format(time.DateOnly), t.Name))
			}
		}
	}
	return nil
}
