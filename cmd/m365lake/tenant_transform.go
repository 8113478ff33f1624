package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/schemas"
	"m365lake/schemas/reports"
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
	concealed, err := t.concealed(ctx)
	if err != nil {
		return err
	}
	if err := t.step(ctx, extract.Organization, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return transform.Organization(r, who, concealed)
	}); err != nil {
		return err
	}
	if err := t.step(ctx, extract.Subscriptions, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return transform.Subscriptions(r, who) }); err != nil {
		return err
	}
	if err := t.step(ctx, extract.LicenseGroups, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return transform.LicenseGroups(r, who, t.pulled[extract.LicenseGroups].FellBack())
	}); err != nil {
		return err
	}
	grants := transform.NewGrants(t.products)
	if err := t.step(ctx, extract.SubscribedSKUs, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return transform.SKUs(r, who, grants) }); err != nil {
		return err
	}
	index := &transform.UserIndex{}
	previous := t.stored(ctx, &schemas.Users)
	// Without the products nobody would be licensed for anything, so the users wait for them.
	if t.fit(extract.SubscribedSKUs) {
		if err := t.refuseLostKeys(); err != nil {
			return err
		}
		deleted, err := t.deletedUsers(ctx)
		if err != nil {
			return err
		}
		if err := t.step(ctx, extract.Users, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
			return transform.Users(r, who, grants, deleted, previous, index)
		}); err != nil {
			return err
		}
	}
	if t.fit(extract.SubscribedSKUs) && t.fit(extract.Users) {
		t.users = index.Listed()
		if err := t.aboutUsers(ctx, who, index); err != nil {
			return err
		}
		if err := t.rosters(ctx, index, previous); err != nil {
			return err
		}
		if err := t.reports(ctx, &transform.Activity{Tenant: who, Users: index}); err != nil {
			return err
		}
	} else {
		t.reportsWithoutDirectory()
	}
	for _, s := range extract.CountSources(t.config.Counts, t.config.Periods) {
		if err := t.counts(ctx, s); err != nil {
			return err
		}
	}
	if err := t.prices(ctx); err != nil {
		return err
	}
	if err := t.provisioning(ctx); err != nil {
		return err
	}
	slices.SortFunc(t.outcomes, func(a, b transform.ReportOutcome) int {
		return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Period, b.Period), a.Day.Compare(b.Day))
	})
	_, err = t.lake().Write(ctx, t.tenant.TenantID, transform.ReportStatuses(who, t.record.ID, append(t.outcomes, t.plan.missing...)))
	return err
}

// refuseLostKeys stops the tenant when the table users, which remembers every user_key, is gone
// while facts with those keys are there: giving the keys anew would hand people each other's past.
func (t *tenantTransform) refuseLostKeys() error {
	users, err := t.lake().Has(&schemas.Users, t.tenant.TenantID)
	if err != nil {
		return err
	}
	facts, err := t.lake().Has(&schemas.AppActivity, t.tenant.TenantID)
	if err != nil {
		return err
	}
	if facts && !users {
		return fmt.Errorf("%s is missing, but there are facts that need its user keys; restore it from a backup, or move the folder lake aside to begin a new history", t.lake().TenantFile(&schemas.Users, t.tenant.TenantID))
	}
	return nil
}

// fit says whether a source was pulled and transformed.
func (t *tenantTransform) fit(source string) bool { return t.pulled[source].Err == nil }

// step transforms one source of the directory into the lake. A fault of the source is noted and
// its earlier tables stay; only a fault of this machine is an error.
func (t *tenantTransform) step(ctx context.Context, source string, read func(io.Reader) iter.Seq2[schemas.Batch, error]) error {
	return t.use(ctx, source, func(r io.Reader) (int64, error) { return t.writeBatches(ctx, read(r)) })
}

// use reads the raw file of a source that was pulled, as a step.
func (t *tenantTransform) use(ctx context.Context, source string, do func(io.Reader) (rows int64, err error)) error {
	result, asked := t.pulled[source]
	if !asked || result.Err != nil {
		return nil //nolint:nilerr // already noted when it was pulled
	}
	started := t.now()
	rows, err := t.open(result.Source, do)
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
	return t.open(s, func(r io.Reader) (int64, error) { return t.writeBatches(ctx, read(r)) })
}

func (t *tenantTransform) open(s extract.Source, do func(io.Reader) (int64, error)) (int64, error) {
	raw, err := t.openRaw(s)
	if err != nil {
		return 0, err
	}
	defer raw.Close()
	return do(raw)
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
	t.logStep(step)
}

// reports transforms the usage reports and what needs all of them.
func (t *tenantTransform) reports(ctx context.Context, activity *transform.Activity) error {
	work := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(min(runtime.GOMAXPROCS(0), 4))
	for _, s := range slices.Concat(extract.ReportSources(t.config.Reports, t.config.Periods), t.plan.sources) {
		work.Go(func(ctx context.Context) error { return t.report(ctx, activity, s) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	wanted := 0
	for _, r := range t.config.Reports {
		if r.DecidesApps() {
			wanted++
		}
	}
	for _, period := range t.config.Periods {
		started := t.now()
		rows, err := t.writeBatches(ctx, activity.Cumulative(period, wanted))
		if err != nil {
			return err
		}
		t.note("transform", reports.Cumulative+period.Suffix(), started, rows, nil)
	}
	return nil
}

// report transforms one usage report and records what it is worth.
func (t *tenantTransform) report(ctx context.Context, activity *transform.Activity, s extract.Source) error {
	result := t.pulled[s.Name]
	period := s.Report.Asked(s.Period)
	if result.FellBack() {
		period = s.Period // version 1 knows no other
	}
	outcome := transform.ReportOutcome{Report: s.Report.Name, Period: period, Day: s.Day, Status: transform.StatusFailed}
	if !s.Day.IsZero() {
		outcome.Period = 1
	}
	if result.Err != nil {
		outcome.Detail = result.Err.Error()
		switch refused := new(graph.Error); {
		case !s.Day.IsZero() && throttled(result.Err):
			return nil // not asked for, so to speak: the next run does
		case !s.Day.IsZero() && notOffered(result.Err):
			outcome.Status, outcome.Detail = transform.StatusEmpty, "Microsoft does not give this day yet, or no longer"
		case errors.As(result.Err, &refused) && refused.Absent() && activity.Dispensable(s.Report):
			outcome.Status, outcome.Detail, outcome.Dispensable = transform.StatusEmpty, transform.DispensableDetail, true
			if s.Day.IsZero() {
				activity.Without(s.Report, s.Period)
			}
		}
		t.outcome(outcome)
		return nil // it becomes a row of report_status
	}
	started := t.now()
	least, err := t.leastRows(ctx, s, period)
	if err != nil {
		return err
	}
	named, err := t.namedDays(ctx, s)
	if err != nil {
		return err
	}
	var reader *transform.ReportReader
	var rows int64
	if caught := panics.Try(func() {
		rows, err = t.write(ctx, s, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
			request := transform.ReportRequest{TenantID: t.tenant.TenantID, Report: s.Report, Period: period, Day: s.Day, File: s.File(), LeastRows: least, Named: named}
			reader = transform.NewReportReader(r, request, activity.Users, activity.Tenant.Mem)
			if !s.Day.IsZero() {
				return activity.Day(reader, s.Report, s.Day, t.plan.settled(t.day, s))
			}
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
		switch {
		case errors.Is(err, transform.ErrPartial):
			outcome.Status = transform.StatusPartial
		case errors.Is(err, transform.ErrConcealed):
			outcome.Status, outcome.Detail = transform.StatusConcealed, transform.ConcealedDetail
		}
		t.outcome(outcome)
		return nil
	}
	read := reader.Summary()
	outcome.Rows, outcome.Unmatched, outcome.Date = read.Rows, read.Unmatched, read.ReportDate
	outcome.Status, outcome.Detail = read.Judge(t.day)
	if !s.Day.IsZero() {
		outcome.Date = arrow.Date32FromTime(s.Day)
		if outcome.Status == transform.StatusLate { // a single day is as old as it is
			outcome.Status, outcome.Detail = transform.StatusGood, ""
		}
	} else if read.Rows == 0 && activity.Dispensable(s.Report) {
		outcome.Detail, outcome.Dispensable = transform.DispensableDetail, true
		activity.Without(s.Report, s.Period)
	}
	outcome.Detail += missingColumns(outcome.Detail, read)
	t.outcome(outcome)
	t.logGap(outcome)
	return nil
}

// notOffered says whether Graph refused a single day as too recent or too old.
// Source: the service's answer, 400 InvalidArgument "Only support data for the past 28 days".
func notOffered(err error) bool {
	var refused *graph.Error
	return errors.As(err, &refused) && refused.Status == http.StatusBadRequest && refused.Code == "InvalidArgument"
}

// throttled says whether Graph's budget was used up.
func throttled(err error) bool {
	var refused *graph.Error
	return errors.As(err, &refused) && refused.Throttled() || errors.As(err, new(*graph.BudgetError))
}

// leastRows is how many rows a period report must have to be believed: fewer than a share of the
// newest one in the lake, and it is partial.
func (t *tenantTransform) leastRows(ctx context.Context, s extract.Source, period schemas.Period) (int64, error) {
	if !s.Day.IsZero() {
		return 0, nil // fewer people work on some days
	}
	files, err := t.lake().Files(ctx, &s.Report.Table, t.tenant.TenantID)
	if err != nil {
		return 0, err
	}
	for _, f := range slices.Backward(files) {
		if f.Partition[1] != period.Days() {
			continue
		}
		rows, err := f.Rows()
		if err != nil || rows < smallReport {
			return 0, err
		}
		return rows * int64(100-t.config.MaxShrinkPercent) / 100, nil
	}
	return 0, nil
}

// smallReport is how many rows a report may lose without being doubted: small tenants change fast.
const smallReport = 20

// missingColumns is what to add to the detail about columns that Microsoft left out.
func missingColumns(detail string, read transform.ReportSummary) string {
	if len(read.MissingColumns) == 0 {
		return ""
	}
	text := fmt.Sprintf("columns missing from Microsoft's file: %q", read.MissingColumns)
	if detail != "" {
		return "; " + text
	}
	return text
}

// logGap logs a report that could be read, but moved no numbers.
func (t *tenantTransform) logGap(o transform.ReportOutcome) {
	if o.Gap() {
		t.log.Warn("report", "tenant", t.tenant.Name, "source", o.Source(), "status", o.Status, "detail", o.Detail)
	}
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
		t.outcome(transform.ReportOutcome{Report: s.Report.Name, Period: s.Report.Asked(s.Period), Status: transform.StatusFailed, Detail: detail})
	}
}
