package pipeline

import (
	"context"
	"log/slog"
	"time"

	"m365lake/graph/wire"

	"go.opentelemetry.io/otel/attribute"

	"m365lake/extract"
	"m365lake/internal/span"
	"m365lake/load/warehouse"
	"m365lake/transform/report"
	"m365lake/transform/runrecord"
)

// Only this file logs what a run does. An error that a function returns is not logged as well.

// noticeable is how long a wait is when it is worth a line in the log.
const noticeable = 5 * time.Second

// logFailedTenants logs the tenants that failed beside others that did not. Where all failed, the run returns why.
func (p *run) logFailedTenants(tenants []TenantResult) {
	for _, t := range tenants {
		if t.Err != nil {
			p.Log.Error("the tenant failed, nothing of it was loaded", "tenant", t.Name, "error", t.Err)
		}
	}
}

// logWait logs that Graph makes the run wait.
func (t *tenantRun) logWait(w wire.Wait) {
	level := slog.LevelDebug
	if w.Delay >= noticeable {
		level = slog.LevelInfo
	}
	t.Log.Log(context.Background(), level, "waiting for Graph", "tenant", t.tenant.Name, "path", w.Path,
		"status", w.Status, "delay", w.Delay.Round(time.Millisecond), "reason", w.Reason)
}

// logPace logs that the run waits by itself, so that Graph need not refuse. Ten pages go out at once, and
// then comes one long wait; the short ones are not worth a line.
func (t *tenantRun) logPace(s extract.Source, delay time.Duration) {
	if delay >= noticeable {
		t.Log.Info("keeping the pace Microsoft allows", "tenant", t.tenant.Name, "source", s.Name,
			"delay", delay.Round(time.Second))
	}
}

// logBackfill logs how long a backfill will take: the reports are asked side by side, each within its own
// budget.
func (t *tenantRun) logBackfill() {
	windows := (t.schedule.Calls - 1) / t.Config.Limits.ReportCalls
	wait := time.Duration(windows) * t.Config.Limits.ReportWindow
	t.Log.Info("backfill", "tenant", t.tenant.Name, "days", len(t.schedule.Days),
		"calls_of_a_report", t.schedule.Calls, "about", wait.String())
}

// logManifest logs that what an interrupted run left cannot be used.
func (t *tenantRun) logManifest(err error) {
	t.Log.Warn("beginning anew", "tenant", t.tenant.Name, "error", err)
}

// logHealed logs that a warehouse could not be gone on with.
func (p *run) logHealed(built warehouse.BuildResult) {
	if built.Healed() {
		p.Log.Warn("the warehouse was made anew from the lake", "reason", built.Reason)
	}
}

// logStep logs a step and records its span: what failed as a warning, the rest as detail.
func (t *tenantRun) logStep(step runrecord.Step) {
	t.span.Record(span.Step{
		Name: step.Stage + " " + withoutPeriod(step.Source), Started: step.Started, Took: step.Took,
		Failed: step.Status == "failed",
		Attributes: []attribute.KeyValue{
			attribute.String("m365lake.source", step.Source), attribute.String("m365lake.status", step.Status),
			attribute.Int64("m365lake.rows", step.Rows), attribute.Int64("m365lake.bytes", step.Bytes),
		},
	})
	level, attributes := slog.LevelDebug, []any{"tenant", t.tenant.Name, "source", step.Source, "status", step.Status}
	if step.Status == "failed" {
		level = slog.LevelWarn
	} else {
		attributes = append(attributes, "rows", step.Rows, "bytes", step.Bytes, "took", step.Took.Round(time.Millisecond))
	}
	if step.Error != "" {
		attributes = append(attributes, "error", step.Error)
	}
	t.Log.Log(context.Background(), level, step.Stage, attributes...)
}

// logGap logs a report that was read and moved no numbers.
func (t *tenantRun) logGap(o report.Outcome) {
	t.Log.Warn("report", "tenant", t.tenant.Name, "source", o.Source(), "status", o.Status, "detail", o.Detail)
}
