package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"m365lake/config"
	"m365lake/config/signin"
	"m365lake/extract"
	"m365lake/graph"
	"m365lake/internal/disk"
	"m365lake/internal/span"
	"m365lake/load/lake"
	"m365lake/pipeline/schedule"
	"m365lake/pipeline/verdict"
	"m365lake/transform"
)

// noticeable is how long a wait is when it is worth a line in the log.
const noticeable = 5 * time.Second

// A tenantRun is one tenant's part of a run, up to its files in the lake.
type tenantRun struct {
	*pipeline
	tenant   config.Tenant
	record   transform.RunRecord
	listed   storedFiles       // in the lake before the run
	schedule schedule.Schedule // of the single days
	span     *span.Span        // of the tenant
}

// do pulls and transforms the tenant. A source that fails is a gap; what stops the whole tenant is
// the summary's Err.
func (r *tenantRun) do(ctx context.Context) tenantSummary {
	ctx, r.span = span.Start(ctx, "tenant", attribute.String("m365lake.tenant", r.tenant.Name))
	defer func() { r.span.End(r.record.Status != "complete" && r.record.Status != "gaps") }()
	r.record = transform.RunRecord{ID: r.runID, Started: r.now(), Version: version()}
	summary := tenantSummary{Tenant: r.tenant.Name, TenantID: r.tenant.TenantID}
	client, err := r.connect(ctx)
	if err == nil {
		err = r.pullAndTransform(ctx, client, &summary)
		stats := client.Stats()
		r.record.Requests, r.record.Retries, r.record.Waited = stats.Requests, stats.Retries, stats.Waited
	}
	summary.Err = err
	if ctx.Err() != nil {
		return summary // interrupted: the next run goes on, and tells the story
	}
	summary.fill(r.record)
	r.record.Finished = r.now()
	r.record.Status = "complete"
	switch {
	case err != nil:
		r.record.Status, r.record.Error = "failed", err.Error()
	case summary.gaps() > 0:
		r.record.Status = "gaps"
	}
	if _, writeErr := r.lake().Write(ctx, r.tenant.TenantID, transform.RunRecords(r.who(), r.record)); writeErr != nil && summary.Err == nil {
		summary.Err = writeErr
	}
	return summary
}

func (r *tenantRun) lake() lake.Lake { return lake.Lake{Dir: r.folder.Lake()} }

// connect signs in. A wrong secret costs exactly one token request and none to Graph.
func (r *tenantRun) connect(ctx context.Context) (*graph.Client, error) {
	credentials, err := signin.Credentials(r.tenant)
	if err != nil {
		return nil, err
	}
	client, err := graph.New(graph.Options{
		Cloud: r.tenant.Cloud, Credentials: credentials, UserAgent: "m365lake/" + version(),
		ReportCalls: r.config.Limits.ReportCalls, ReportWindow: r.config.Limits.ReportWindow,
		OnWait: func(w graph.Wait) {
			level := slog.LevelDebug
			if w.Delay >= noticeable {
				level = slog.LevelInfo
			}
			r.log.Log(ctx, level, "waiting for Graph", "tenant", r.tenant.Name, "path", w.Path, "status", w.Status, "delay", w.Delay.Round(time.Millisecond), "reason", w.Reason)
		},
	})
	if err != nil {
		return nil, err
	}
	return client, client.Authenticate(ctx)
}

func (r *tenantRun) pullAndTransform(ctx context.Context, client *graph.Client, summary *tenantSummary) error {
	dir := r.folder.Raw(r.tenant.TenantID, r.day)
	before, err := extract.ReadManifest(dir)
	if err != nil {
		r.log.Warn("beginning anew", "tenant", r.tenant.Name, "error", err)
	}
	if err := r.planDays(ctx); err != nil {
		return err
	}
	if before.Interrupted() && !r.fresh {
		r.record.ID = before.RunID // the same run, gone on with
	}
	if (before.Interrupted() || before.ReportsPulledWithin(r.now(), r.config.Limits.ReportWindow)) && !r.fresh && !r.backfill {
		r.schedule.Days = schedule.Resumed(r.config.Reports, before.Planned)
	}
	if r.backfill {
		r.announce()
	}
	sources := sourcesOf(r.config)
	r.watch.begin(r.tenant.Name, len(sources)+len(r.schedule.Days))
	results, err := extract.Run{
		Client: client, Dir: dir, TenantID: r.tenant.TenantID, Day: r.day, ID: r.record.ID,
		Sources: sources, Days: r.schedule.Days, WaitForDays: r.backfill,
		ReuseReportsFor: r.config.Limits.ReportWindow, Jobs: r.config.Limits.Jobs, Fresh: r.fresh, Now: r.now,
		OnResult: func(result extract.Result) { r.pulled(result) }, Follow: r.roleMembers,
		OnPace: func(s extract.Source, delay time.Duration) {
			if delay >= noticeable { // ten pages go out at once, and then comes one long wait
				r.log.Info("keeping the pace Microsoft allows", "tenant", r.tenant.Name, "source", s.Name, "delay", delay.Round(time.Second))
			}
		},
	}.Do(ctx)
	if err != nil {
		return disk.WithRemedy(err)
	}
	r.watch.ended("pulled", r.pullCounts()...)
	r.transforming.Lock()
	defer r.transforming.Unlock()
	r.watch.stage("computing " + r.tenant.Name)
	t := &tenantTransform{tenantRun: r, pulled: map[string]extract.Result{}}
	for _, result := range results {
		t.pulled[result.Source.Name] = result
	}
	if err := t.do(ctx); err != nil {
		return err
	}
	summary.Users, summary.Reports = t.users, t.outcomes
	r.watch.ended("computed", "tenant", r.tenant.Name, "users", t.users, "reports", len(t.outcomes), "rows", r.record.Rows)
	return nil
}

// planDays makes the schedule from what the lake has.
func (r *tenantRun) planDays(ctx context.Context) (err error) {
	if r.listed, err = r.listLake(ctx); err != nil {
		return err
	}
	days, err := r.listed.days()
	if err != nil {
		return err
	}
	first, err := r.listed.firstRun(r.day)
	if err != nil {
		return err
	}
	r.schedule = schedule.Make(schedule.Request{
		RunDay: r.day, FirstRun: first, Reports: r.config.Reports, Periods: r.config.Periods,
		ReportCalls: r.config.Limits.ReportCalls, EveryDay: r.backfill, Stored: days,
	})
	return nil
}

// sources is what a run asks of each tenant, apart from single days.
func sourcesOf(c config.Config) []extract.Source {
	sources := slices.Concat(extract.Directory(), extract.ReportSources(c.Reports, c.Periods), extract.CountSources(c.Counts, c.Periods))
	if c.SignInActivity {
		sources = append(sources, extract.SignInActivity(extract.Pace{Calls: c.Limits.SignInCalls, Window: extract.SignInPace().Window}))
	}
	return sources
}

// pullCounts are how many sources ended how, as keys and values for the log.
func (r *tenantRun) pullCounts() []any {
	ended := map[string]int{}
	for _, step := range r.record.Steps {
		ended[step.Status]++
	}
	counts := []any{"tenant", r.tenant.Name, "sources", r.record.Sources}
	for _, status := range []string{"done", "resumed", "skipped", "postponed", "failed"} {
		if ended[status] > 0 {
			counts = append(counts, status, ended[status])
		}
	}
	return counts
}

// pulled notes how a source ended. A failure is said at once, since a backfill may go on for hours.
func (r *tenantRun) pulled(result extract.Result) {
	step := transform.StepRecord{
		Stage: "extract", Source: result.Source.Name, Status: "done",
		Started: result.Started, Took: result.Took, Rows: result.Entry.Rows, Bytes: result.Entry.Bytes, Error: result.Entry.Error,
	}
	switch {
	case result.Err != nil && !result.Source.Day.IsZero() && verdict.Throttled(result.Err):
		step.Status = "postponed"
	case result.Entry.Status == extract.Skipped:
		step.Status = "skipped"
	case result.Err != nil:
		step.Status = "failed"
	case result.Resumed:
		step.Status = "resumed"
	}
	r.record.Sources++
	if step.Status == "failed" {
		r.record.FailedSources++
	}
	r.record.Steps = append(r.record.Steps, step)
	r.logStep(step)
	r.watch.done(r.tenant.Name)
}

// logStep logs a step: what went wrong for everybody, the rest for who wants the detail.
func (r *tenantRun) logStep(step transform.StepRecord) {
	r.span.Record(span.Step{
		Name: step.Stage + " " + withoutPeriod(step.Source), Started: step.Started, Took: step.Took, Failed: step.Status == "failed",
		Attributes: []attribute.KeyValue{
			attribute.String("m365lake.source", step.Source), attribute.String("m365lake.status", step.Status),
			attribute.Int64("m365lake.rows", step.Rows), attribute.Int64("m365lake.bytes", step.Bytes),
		},
	})
	level, attributes := slog.LevelDebug, []any{"tenant", r.tenant.Name, "source", step.Source, "status", step.Status}
	if step.Status == "failed" {
		level = slog.LevelWarn
	} else {
		attributes = append(attributes, "rows", step.Rows, "bytes", step.Bytes, "took", step.Took.Round(time.Millisecond))
	}
	if step.Error != "" {
		attributes = append(attributes, "error", step.Error)
	}
	r.log.Log(context.Background(), level, step.Stage, attributes...)
}

// openRaw opens the raw file of a source.
func (r *tenantRun) openRaw(s extract.Source) (io.ReadCloser, error) {
	return extract.Open(filepath.Join(r.folder.Raw(r.tenant.TenantID, r.day), s.File()))
}

// localFault says that this machine failed, which no other source will survive either.
func localFault(err error) bool {
	for _, fault := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EMFILE, fs.ErrPermission} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return false
}
