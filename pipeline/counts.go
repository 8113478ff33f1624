package pipeline

import (
	"context"

	"m365lake/extract"
	"m365lake/pipeline/verdict"
	"m365lake/transform/counts"
)

// counts transforms Microsoft's count reports.
func (t *tenantTransform) counts(ctx context.Context) error {
	for _, s := range extract.CountSources(t.Config.Counts, t.Config.Periods) {
		if err := t.countReport(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// countReport transforms one of Microsoft's count reports and records what it is worth. It needs no
// directory, since it names nobody.
func (t *tenantTransform) countReport(ctx context.Context, s extract.Source) error {
	evidence := verdict.Evidence{
		RunDay: t.Day, Report: s.Counts.Name, Period: s.Period,
		Dispensable: s.Counts.Optional, PullErr: t.pulled[s.Name].Err,
	}
	if evidence.PullErr == nil {
		started := t.Clock.Now()
		reader := counts.Reader{Tenant: t.owner, Report: s.Counts, Period: s.Period, File: s.File()}
		rows, err := t.write(ctx, s, reader.Batches)
		if err != nil && (ctx.Err() != nil || localFault(err)) {
			return err
		}
		t.addStep("transform", s.Name, started, rows, err)
		evidence.ReadErr, evidence.Read = err, reader.Summary
	}
	t.conclude(evidence)
	return nil
}
