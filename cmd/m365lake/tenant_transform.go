package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/extract"
	"m365lake/pipeline/verdict"
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
	_, err = t.lake().Write(ctx, t.tenant.TenantID, transform.ReportStatuses(who, t.record.ID, append(t.outcomes, t.schedule.Missing...)))
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
	for _, s := range slices.Concat(extract.ReportSources(t.config.Reports, t.config.Periods), t.schedule.Days) {
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
	evidence := verdict.Evidence{
		RunDay: t.day, Report: s.Report.Name, Period: coveredPeriod(result), Day: s.Day,
		Dispensable: activity.Dispensable(s.Report), PullErr: result.Err,
	}
	if result.Err == nil {
		least, err := t.listed.leastRows(s, evidence.Period, t.config.MaxShrinkPercent)
		if err != nil {
			return err
		}
		request := transform.ReportRequest{
			TenantID: t.tenant.TenantID, Report: s.Report, Period: evidence.Period, Day: s.Day, File: s.File(),
			LeastRows: least, Named: t.listed.namedDays(s),
		}
		started := t.now()
		var rows int64
		rows, evidence.Read, err = t.tryReport(ctx, activity, s, request)
		if err != nil && (ctx.Err() != nil || localFault(err)) {
			return err
		}
		t.note("transform", s.Name, started, rows, err)
		evidence.ReadErr = err
	}
	if !s.Day.IsZero() {
		evidence.Period = 1
	}
	if outcome := t.conclude(evidence); outcome.Dispensable && s.Day.IsZero() {
		activity.Without(s.Report, s.Period)
	}
	return nil
}

// coveredPeriod is the period that a pulled report is about.
func coveredPeriod(pulled extract.Result) schemas.Period {
	if pulled.FellBack() {
		return pulled.Source.Period // version 1 of a report knows no other
	}
	return pulled.Source.Report.Asked(pulled.Source.Period)
}

// tryReport is writeReport, with a panic as an error: a report that trips over a fault of the program
// must not take the others with it.
func (t *tenantTransform) tryReport(
	ctx context.Context, activity *transform.Activity, s extract.Source, request transform.ReportRequest,
) (rows int64, read transform.ReportSummary, err error) {
	if caught := panics.Try(func() { rows, read, err = t.writeReport(ctx, activity, s, request) }); caught != nil {
		return 0, read, caught.AsError()
	}
	return rows, read, err
}

// writeReport reads a report that was pulled into the lake.
func (t *tenantTransform) writeReport(
	ctx context.Context, activity *transform.Activity, s extract.Source, request transform.ReportRequest,
) (rows int64, read transform.ReportSummary, err error) {
	raw, err := t.openRaw(s)
	if err != nil {
		return 0, read, err
	}
	defer raw.Close()
	reader := transform.NewReportReader(raw, request, activity.Users, activity.Tenant.Mem)
	batches := activity.Report(reader, s.Report, s.Period)
	if !s.Day.IsZero() {
		batches = activity.Day(reader, s.Report, s.Day, t.schedule.Settled(s))
	}
	rows, err = t.writeBatches(ctx, batches)
	return rows, reader.Summary(), err
}

// conclude judges a report, keeps the outcome for report_status and returns it. A report that was read
// but moved no numbers is logged; why another was not read was logged with its step.
func (t *tenantTransform) conclude(e verdict.Evidence) transform.ReportOutcome {
	outcome, judged := verdict.Judge(e)
	if !judged {
		return outcome
	}
	t.keepOutcome(outcome)
	if e.PullErr == nil && e.ReadErr == nil && outcome.Gap() {
		t.log.Warn("report", "tenant", t.tenant.Name, "source", outcome.Source(), "status", outcome.Status, "detail", outcome.Detail)
	}
	return outcome
}

// keepOutcome keeps an outcome for report_status.
func (t *tenantTransform) keepOutcome(o transform.ReportOutcome) {
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
		t.keepOutcome(transform.ReportOutcome{Report: s.Report.Name, Period: s.Report.Asked(s.Period), Status: transform.StatusFailed, Detail: detail})
	}
}
