package main

import (
	"context"
	"errors"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/transform"
)

// counts transforms one of Microsoft's count reports and records what it is worth. It needs no
// directory, since it names nobody.
func (t *tenantTransform) counts(ctx context.Context, s extract.Source) error {
	outcome := transform.ReportOutcome{Report: s.Counts.Name, Period: s.Period, Status: transform.StatusFailed}
	defer func() { t.outcome(outcome) }()
	if err := t.pulled[s.Name].Err; err != nil {
		outcome.Detail = err.Error()
		if refused := new(graph.Error); s.Counts.Optional && errors.As(err, &refused) && refused.Absent() {
			outcome.Status, outcome.Detail, outcome.Dispensable = transform.StatusEmpty, transform.DispensableDetail, true
		}
		return nil // it becomes a row of report_status
	}
	started := t.now()
	reader := transform.CountReader{Tenant: t.who(), Report: s.Counts, Period: s.Period, File: s.File()}
	rows, err := t.write(ctx, s, reader.Batches)
	if err != nil && (ctx.Err() != nil || localFault(err)) {
		return err
	}
	t.note("transform", s.Name, started, rows, err)
	if err != nil {
		outcome.Detail = err.Error()
		return nil
	}
	outcome.Rows, outcome.Date = reader.Summary.Rows, reader.Summary.ReportDate
	outcome.Status, outcome.Detail = reader.Summary.Judge(t.day)
	if outcome.Rows == 0 && s.Counts.Optional {
		outcome.Detail, outcome.Dispensable = transform.DispensableDetail, true
	}
	outcome.Detail += missingColumns(outcome.Detail, reader.Summary)
	t.logGap(outcome)
	return nil
}
