package pipeline

import (
	"context"
	"runtime"
	"slices"

	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"m365lake/extract"
	"m365lake/pipeline/verdict"
	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform/report"
	"m365lake/transform/usage"
)

// reports transforms the usage reports and what needs all of them.
func (t *tenantTransform) reports(ctx context.Context) error {
	activity := &usage.Activity{Tenant: t.owner, Users: t.index}
	work := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().
		WithMaxGoroutines(min(runtime.GOMAXPROCS(0), 4))
	for _, s := range slices.Concat(extract.ReportSources(t.Config.Reports, t.Config.Periods), t.schedule.Days) {
		work.Go(func(ctx context.Context) error { return t.report(ctx, activity, s) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	wanted := 0
	for _, r := range t.Config.Reports {
		if r.DecidesApps() {
			wanted++
		}
	}
	for _, period := range t.Config.Periods {
		started := t.Clock.Now()
		rows, err := t.writeBatches(ctx, activity.Cumulative(period, wanted))
		if err != nil {
			return err
		}
		t.addStep("transform", reports.Cumulative+period.Suffix(), started, rows, nil)
	}
	return nil
}

// report transforms one usage report and records what it is worth.
func (t *tenantTransform) report(ctx context.Context, activity *usage.Activity, s extract.Source) error {
	result := t.pulled[s.Name]
	evidence := verdict.Evidence{
		RunDay: t.Day, Report: s.Report.Name, Period: coveredPeriod(result), Day: s.Day,
		Dispensable: activity.Dispensable(s.Report), PullErr: result.Err,
	}
	if result.Err == nil {
		least, err := t.listed.leastRows(s, evidence.Period, t.Config.MaxShrinkPercent)
		if err != nil {
			return err
		}
		request := report.Request{
			TenantID: t.tenant.TenantID, Report: s.Report, Period: evidence.Period, Day: s.Day, RunDay: t.Day, File: s.File(),
			LeastRows: least, Named: t.listed.namedDays(s),
		}
		started := t.Clock.Now()
		var rows int64
		rows, evidence.Read, err = t.tryReport(ctx, activity, s, request)
		if err != nil && (ctx.Err() != nil || localFault(err)) {
			return err
		}
		t.addStep("transform", s.Name, started, rows, err)
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
	ctx context.Context, activity *usage.Activity, s extract.Source, request report.Request,
) (rows int64, read report.Summary, err error) {
	if caught := panics.Try(func() { rows, read, err = t.writeReport(ctx, activity, s, request) }); caught != nil {
		return 0, read, caught.AsError()
	}
	return rows, read, err
}

// writeReport reads a report that was pulled into the lake.
func (t *tenantTransform) writeReport(
	ctx context.Context, activity *usage.Activity, s extract.Source, request report.Request,
) (rows int64, read report.Summary, err error) {
	raw, err := t.openRaw(s)
	if err != nil {
		return 0, read, err
	}
	defer raw.Close()
	reader := report.NewReader(raw, request, activity.Users, activity.Tenant.Mem)
	batches := activity.Report(reader, s.Period)
	if !s.Day.IsZero() {
		batches = activity.Day(reader, t.schedule.Settled(s))
	}
	rows, err = t.writeBatches(ctx, batches)
	return rows, reader.Summary(), err
}

// conclude judges a report, keeps the outcome for report_status and returns it. A report that was read
// but moved no numbers is logged; why another was not read was logged with its step.
func (t *tenantTransform) conclude(e verdict.Evidence) report.Outcome {
	outcome, judged := verdict.Judge(e)
	if !judged {
		return outcome
	}
	t.keepOutcome(outcome)
	if e.PullErr == nil && e.ReadErr == nil && outcome.Gap() {
		t.logGap(outcome)
	}
	return outcome
}

// keepOutcome keeps an outcome for report_status.
func (t *tenantTransform) keepOutcome(o report.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outcomes = append(t.outcomes, o)
}

// reportsWithoutDirectory records why no report could be used.
func (t *tenantTransform) reportsWithoutDirectory() {
	for _, s := range extract.ReportSources(t.Config.Reports, t.Config.Periods) {
		detail := "the users or products could not be read, and without them nobody's activity can be told; " +
			"earlier data is kept"
		if err := t.pulled[s.Name].Err; err != nil {
			detail = err.Error()
		}
		t.keepOutcome(report.Outcome{
			Report: s.Report.Name, Period: s.Report.Asked(s.Period), Status: report.StatusFailed, Detail: detail,
		})
	}
}
