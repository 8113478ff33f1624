package pipeline

import (
	"context"
	"io"
	"path/filepath"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/internal/disk"
	"m365lake/pipeline/schedule"
	"m365lake/pipeline/verdict"
	"m365lake/transform/runrecord"
)

// pull brings all that is asked of the tenant into raw files. It goes on from what an interrupted run of the
// day left, with the same days and under the same id, so that the two end as if they were one.
func (t *tenantRun) pull(ctx context.Context, client *graph.Client) ([]extract.Result, error) {
	dir := t.folder.Raw(t.tenant.TenantID, t.Day)
	before, err := extract.ReadManifest(dir)
	if err != nil {
		t.logManifest(err)
	}
	if err := t.makeSchedule(ctx); err != nil {
		return nil, err
	}
	if before.Interrupted() && !t.Fresh {
		t.record.ID = before.RunID
	}
	recent := before.ReportsPulledWithin(t.Clock.Now(), t.Config.Limits.ReportWindow)
	if (before.Interrupted() || recent) && !t.Fresh && !t.Backfill {
		t.schedule.Days = schedule.Resumed(t.Config.Reports, before.Planned)
	}
	if t.Backfill {
		t.logBackfill()
	}
	sources := schedule.Sources(t.Config)
	t.Progress.PullBegins(t.tenant.Name, len(sources)+len(t.schedule.Days))
	results, err := extract.Run{
		Client: client, Dir: dir, TenantID: t.tenant.TenantID, Day: t.Day, ID: t.record.ID,
		Sources: sources, Days: t.schedule.Days, WaitForDays: t.Backfill,
		ReuseReportsFor: t.Config.Limits.ReportWindow,
		Jobs:            t.Config.Limits.Jobs, Fresh: t.Fresh, Clock: t.Clock,
		OnResult: t.addPulled, Follow: t.roleMembers, OnPace: t.logPace,
	}.Do(ctx)
	return results, disk.WithRemedy(err)
}

// makeSchedule decides from what the lake has which single days are asked for.
func (t *tenantRun) makeSchedule(ctx context.Context) (err error) {
	if t.listed, err = t.listLake(ctx); err != nil {
		return err
	}
	days, err := t.listed.days()
	if err != nil {
		return err
	}
	first, err := t.listed.firstRun(t.Day)
	if err != nil {
		return err
	}
	t.schedule = schedule.Make(schedule.Request{
		RunDay: t.Day, FirstRun: first, Reports: t.Config.Reports, Periods: t.Config.Periods,
		ReportCalls: t.Config.Limits.ReportCalls, EveryDay: t.Backfill, Stored: days,
	})
	return nil
}

// addPulled adds to the run's record how a source ended. It is logged at once, since a backfill may go on for
// hours. extract calls it for one source at a time.
func (t *tenantRun) addPulled(result extract.Result) {
	step := runrecord.Step{
		Stage: "extract", Source: result.Source.Name, Status: "done", Started: result.Started, Took: result.Took,
		Rows: result.Entry.Rows, Bytes: result.Entry.Bytes, Error: result.Entry.Error,
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
	t.record.Sources++
	if step.Status == "failed" {
		t.record.FailedSources++
	}
	t.record.Steps = append(t.record.Steps, step)
	t.logStep(step)
	t.Progress.SourceEnded(t.tenant.Name)
}

// pullCounts are how many sources ended how, as keys and values for the log.
func (t *tenantRun) pullCounts() []any {
	ended := map[string]int{}
	for _, step := range t.record.Steps {
		ended[step.Status]++
	}
	counts := []any{"tenant", t.tenant.Name, "sources", t.record.Sources}
	for _, status := range []string{"done", "resumed", "skipped", "postponed", "failed"} {
		if ended[status] > 0 {
			counts = append(counts, status, ended[status])
		}
	}
	return counts
}

// openRaw opens the raw file of a source. The caller closes it.
func (t *tenantRun) openRaw(s extract.Source) (io.ReadCloser, error) {
	return extract.Open(filepath.Join(t.folder.Raw(t.tenant.TenantID, t.Day), s.File()))
}
