package pipeline

import (
	"context"

	"go.opentelemetry.io/otel/attribute"

	"m365lake/config"
	"m365lake/config/signin"
	"m365lake/graph"
	"m365lake/internal/span"
	"m365lake/load/lake"
	"m365lake/pipeline/schedule"
	"m365lake/transform/runrecord"
)

// A tenantRun is one tenant's part of a run, up to its files in the lake.
type tenantRun struct {
	*run
	tenant   config.Tenant
	record   runrecord.Record
	listed   storedFiles       // in the lake before the run
	schedule schedule.Schedule // of the single days
	span     *span.Span        // of the tenant

	holdersUnknown error // why it is not known which groups hold roles
}

// pullAndRecord pulls and transforms the tenant, and writes its run record. A source that fails is a failure of
// the result; what stops the whole tenant is the result's Err.
func (t *tenantRun) pullAndRecord(ctx context.Context) TenantResult {
	ctx, t.span = span.Start(ctx, "tenant", attribute.String("m365lake.tenant", t.tenant.Name))
	defer func() { t.span.End(t.record.Status != "complete" && t.record.Status != "gaps") }()
	t.record = runrecord.Record{ID: t.ID, Started: t.Clock.Now(), Version: t.Version}
	result := TenantResult{Name: t.tenant.Name, ID: t.tenant.TenantID}
	client, err := t.connect(ctx)
	if err == nil {
		err = t.pullAndTransform(ctx, client, &result)
		stats := client.Stats()
		t.record.Requests, t.record.Retries, t.record.Waited = stats.Requests, stats.Retries, stats.Waited
	}
	result.Err = err
	if ctx.Err() != nil {
		return result // interrupted: the run that goes on from here writes the record
	}
	result.Requests = t.record.Requests
	result.addFailures(t.record)
	t.record.Finished = t.Clock.Now()
	t.record.Status = "complete"
	switch {
	case err != nil:
		t.record.Status, t.record.Error = "failed", err.Error()
	case len(result.Failures) > 0:
		t.record.Status = "gaps"
	}
	_, writeErr := t.lake().Write(ctx, t.tenant.TenantID, runrecord.Rows(t.batchOwner(), t.record))
	if writeErr != nil && result.Err == nil {
		result.Err = writeErr
	}
	return result
}

func (t *tenantRun) lake() lake.Lake { return lake.Lake{Dir: t.folder.Lake()} }

// connect signs in. A wrong secret costs exactly one token request and none to Graph.
func (t *tenantRun) connect(ctx context.Context) (*graph.Client, error) {
	credentials, err := signin.Credentials(t.tenant)
	if err != nil {
		return nil, err
	}
	client, err := graph.New(graph.Options{
		Cloud: t.tenant.Cloud, Credentials: credentials, UserAgent: "m365lake/" + t.Version,
		ReportCalls: t.Config.Limits.ReportCalls, ReportWindow: t.Config.Limits.ReportWindow,
		OnWait: t.logWait, Clock: t.Clock,
	})
	if err != nil {
		return nil, err
	}
	return client, client.Authenticate(ctx)
}

// pullAndTransform brings the tenant into the lake. Pulling goes on beside other tenants; transforming waits
// until no other tenant does.
func (t *tenantRun) pullAndTransform(ctx context.Context, client *graph.Client, result *TenantResult) error {
	pulled, err := t.pull(ctx, client)
	if err != nil {
		return err
	}
	t.Progress.PhaseEnded("pulled", t.pullCounts()...)
	t.transforming.Lock()
	defer t.transforming.Unlock()
	t.Progress.StageBegins("computing " + t.tenant.Name)
	made := newTenantTransform(t, pulled)
	if err := made.makeTables(ctx); err != nil {
		return err
	}
	result.Users, result.Reports = made.users, made.outcomes
	t.Progress.PhaseEnded("computed", "tenant", t.tenant.Name,
		"users", made.users, "reports", len(made.outcomes), "rows", t.record.Rows)
	return nil
}
