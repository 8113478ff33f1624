package runrecord

import (
	"iter"
	"time"

	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/column"
)

// A RunRecord is a row of runs with its rows of run_steps.
type Record struct {
	ID                     string
	Status                 string
	Started, Finished      time.Time
	Sources, FailedSources int64
	Rows                   int64
	Requests, Retries      int64
	Waited                 time.Duration
	Error                  string
	Version                string
	Steps                  []Step
}

// A StepRecord is a row of run_steps.
type Step struct {
	Stage, Source, Status string
	Started               time.Time
	Took                  time.Duration
	Rows, Bytes           int64
	Error                 string
}

// RunRecords makes the rows of runs and run_steps of one run.
func Rows(t transform.Tenant, run Record) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		runs := column.NewRowBuilder(&schemas.Runs, t.Mem, t.DayText(), run.ID)
		defer runs.Release()
		runs.Add(t.ID, t.Day, run.ID, t.Name, run.Status, run.Started, run.Finished, run.Sources, run.FailedSources, run.Rows,
			run.Requests, run.Retries, run.Waited.Seconds(), column.TextOrNull(run.Error), run.Version)
		if !column.YieldRest(yield, runs) {
			return
		}
		steps := column.NewRowBuilder(&schemas.RunSteps, t.Mem, t.DayText(), run.ID)
		defer steps.Release()
		for _, s := range run.Steps {
			steps.Add(t.ID, t.Day, run.ID, s.Stage, s.Source, s.Status, s.Started, s.Took.Seconds(), s.Rows, s.Bytes, column.TextOrNull(s.Error))
		}
		column.YieldRest(yield, steps)
	}
}
