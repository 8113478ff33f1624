package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/transform"
)

// A tenantTransform turns one tenant's raw files into lake files: first the directory, which says
// who everybody is, then the reports, two at a time, then what needs all of them.
type tenantTransform struct {
	*tenantRun
	pulled map[string]extract.Result
	users  int

	mu       sync.Mutex // guards outcomes and the run's record
	outcomes []transform.ReportOutcome
}

func (r *tenantRun) who() transform.Tenant {
	return transform.Tenant{ID: r.tenant.TenantID, Name: r.tenant.Name, Day: r.day, Mem: memory.DefaultAllocator}
}

func (t *tenantTransform) do(ctx context.Context) error {
	who := t.who()
	if err := t.step(ctx, extract.Organization, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return transform.Organization(r, who) }); err != nil {
		return err
	}
	if err := t.step(ctx, extract.Subscriptions, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return transform.Subscriptions(r, who) }); err != nil {
		return err
	}
	grants := transform.NewGrants(t.products)
	if err := t.step(ctx, extract.SubscribedSKUs, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return transform.SKUs(r, who, grants) }); err != nil {
		return err
	}
	index := &transform.UserIndex{}
	previous := func() iter.Seq2[arrow.RecordBatch, error] {
		return t.lake().Read(ctx, &schemas.Users, t.tenant.TenantID)
	}
	// Without the products nobody would be licensed for anything, so the users wait for them.
	if t.fit(extract.SubscribedSKUs) {
		if err := t.refuseLostKeys(); err != nil {
			return err
		}
		if err := t.step(ctx, extract.Users, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
			return transform.Users(r, who, grants, previous, index)
		}); err != nil {
			return err
		}
	}
	if t.fit(extract.SubscribedSKUs) && t.fit(extract.Users) {
		t.users = index.Listed()
		if err := t.rosters(ctx, index, previous); err != nil {
			return err
		}
		if err := t.reports(ctx, &transform.Activity{Tenant: who, Users: index}); err != nil {
			return err
		}
	} else {
		t.reportsWithoutDirectory()
	}
	if err := t.prices(ctx); err != nil {
		return err
	}
	slices.SortFunc(t.outcomes, func(a, b transform.ReportOutcome) int {
		return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Period, b.Period))
	})
	_, err := t.lake().Write(ctx, t.tenant.TenantID, transform.ReportStatuses(who, t.runID, t.outcomes))
	return err
}

// refuseLostKeys stops the tenant when the table users, which remembers every user_key, is gone
// while facts with those keys are there: giving the keys anew would hand people each other's past.
func (t *tenantTransform) refuseLostKeys() error {
	folder := func(table string) string {
		return filepath.Join(lakePath(t.data), table, "tenant_id="+t.tenant.TenantID)
	}
	users := filepath.Join(folder(schemas.Users.Name), "part.parquet")
	_, noUsers := os.Stat(users)
	_, noFacts := os.Stat(folder(schemas.AppActivity.Name))
	if errors.Is(noUsers, fs.ErrNotExist) && noFacts == nil {
		return fmt.Errorf("%s is missing, but there are facts that need its user keys; restore it from a backup, or move the folder lake aside to begin a new history", users)
	}
	return nil
}

// fit says whether a source was pulled and transformed.
func (t *tenantTransform) fit(source string) bool { return t.pulled[source].Err == nil }

// step transforms one source of the directory into the lake. A fault of the source is noted and
// its earlier tables stay; only a fault of this machine is an error.
func (t *tenantTransform) step(ctx context.Context, source string, read func(io.Reader) iter.Seq2[schemas.Batch, error]) error {
	result := t.pulled[source]
	if result.Err != nil {
		return nil //nolint:nilerr // already noted when it was pulled
	}
	started := t.now()
	rows, err := t.write(ctx, result.Source, read)
	if err != nil {
		if ctx.Err() != nil || localFault(err) {
			return err
		}
		result.Err = err
		t.pulled[source] = result
	}
	t.note("transform", source, started, rows, err)
	return nil
}

// write streams a raw file through a transform into the lake.
func (t *tenantTransform) write(ctx context.Context, s extract.Source, read func(io.Reader) iter.Seq2[schemas.Batch, error]) (int64, error) {
	raw, err := extract.Open(filepath.Join(rawPath(t.data, t.tenant.TenantID, t.day), s.File()))
	if err != nil {
		return 0, err
	}
	defer raw.Close()
	return t.writeBatches(ctx, read(raw))
}

func (t *tenantTransform) writeBatches(ctx context.Context, batches iter.Seq2[schemas.Batch, error]) (int64, error) {
	byTable, err := t.lake().Write(ctx, t.tenant.TenantID, batches)
	var rows int64
	for _, n := range byTable {
		rows += n
	}
	return rows, err
}

// note adds a step to the run's record.
func (t *tenantTransform) note(stage, source string, started time.Time, rows int64, err error) {
	step := transform.StepRecord{Stage: stage, Source: source, Status: "done", Started: started, Took: t.now().Sub(started), Rows: rows}
	if err != nil {
		step.Status, step.Error = "failed", err.Error()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record.Steps = append(t.record.Steps, step)
	t.record.Rows += rows
}

// reports transforms the usage reports and what needs all of them.
func (t *tenantTransform) reports(ctx context.Context, activity *transform.Activity) error {
	work := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(min(runtime.GOMAXPROCS(0), 4))
	for _, s := range extract.ReportSources(t.config.Reports, t.config.Periods) {
		work.Go(func(ctx context.Context) error { return t.report(ctx, activity, s) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for _, period := range t.config.Periods {
		started := t.now()
		rows, err := t.writeBatches(ctx, activity.Cumulative(period, len(t.config.Reports)))
		if err != nil {
			return err
		}
		t.note("transform", "cumulative_"+period.String(), started, rows, nil)
	}
	return nil
}

// report transforms one usage report and records what it is worth.
func (t *tenantTransform) report(ctx context.Context, activity *transform.Activity, s extract.Source) error {
	result := t.pulled[s.Name]
	outcome := transform.ReportOutcome{Report: s.Report.Name, Period: s.Period, Status: transform.StatusFailed}
	if result.Err != nil {
		outcome.Detail = result.Err.Error()
		t.outcome(outcome)
		return nil //nolint:nilerr // it becomes a row of report_status
	}
	started := t.now()
	var reader *transform.ReportReader
	var rows int64
	var err error
	if caught := panics.Try(func() {
		rows, err = t.write(ctx, s, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
			request := transform.ReportRequest{TenantID: t.tenant.TenantID, Report: s.Report, Period: s.Period, File: s.File()}
			reader = transform.NewReportReader(r, request, activity.Users, activity.Tenant.Mem)
			return activity.Report(reader, s.Report, s.Period)
		})
	}); caught != nil {
		err = caught.AsError()
	}
	if err != nil && (ctx.Err() != nil || localFault(err)) {
		return err
	}
	t.note("transform", s.Name, started, rows, err)
	if err != nil {
		outcome.Detail = err.Error()
		if errors.Is(err, transform.ErrPartial) {
			outcome.Status = transform.StatusPartial
		}
		t.outcome(outcome)
		return nil
	}
	read := reader.Summary()
	outcome.Rows, outcome.Unmatched, outcome.Date = read.Rows, read.Unmatched, read.ReportDate
	outcome.Status, outcome.Detail = read.Judge(t.day)
	if len(read.MissingColumns) > 0 {
		outcome.Detail = fmt.Sprintf("%scolumns missing from Microsoft's file: %q", separated(outcome.Detail), read.MissingColumns)
	}
	t.outcome(outcome)
	return nil
}

func separated(detail string) string {
	if detail == "" {
		return ""
	}
	return detail + "; "
}

func (t *tenantTransform) outcome(o transform.ReportOutcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outcomes = append(t.outcomes, o)
}

// reportsWithoutDirectory records why no report could be used.
func (t *tenantTransform) reportsWithoutDirectory() {
	for _, s := range extract.ReportSources(t.config.Reports, t.config.Periods) {
		detail := "the users or products could not be read, and without them nobody's activity can be told; earlier data is kept"
		if err := t.pulled[s.Name].Err; err != nil {
			detail = err.Error()
		}
		t.outcome(transform.ReportOutcome{Report: s.Report.Name, Period: s.Period, Status: transform.StatusFailed, Detail: detail})
	}
}
