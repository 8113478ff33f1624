package transform

import (
	"iter"
	"time"

	"m365lake/schemas"
)

// A RunRecord is a row of runs with its rows of run_steps.
type RunRecord struct {
	ID                     string
	Status                 string
	Started, Finished      time.Time
	Sources, FailedSources int64
	Rows                   int64
	Requests, Retries      int64
	Waited                 time.Duration
	Error                  string
	Version                string
	Steps                  []StepRecord
}

// A StepRecord is a row of run_steps.
type StepRecord struct {
	Stage, Source, Status string
	Started               time.Time
	Took                  time.Duration
	Rows, Bytes           int64
	Error                 string
}

// RunRecords makes the rows of runs and run_steps of one run.
func RunRecords(t Tenant, run RunRecord) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		runs := newRowBuilder(&schemas.Runs, t.Mem, t.day(), run.ID)
		defer runs.release()
		runs.add(t.ID, t.Day, run.ID, t.Name, run.Status, run.Started, run.Finished, run.Sources, run.FailedSources, run.Rows,
			run.Requests, run.Retries, run.Waited.Seconds(), textOrNull(run.Error), run.Version)
		if !yieldRest(yield, runs) {
			return
		}
		steps := newRowBuilder(&schemas.RunSteps, t.Mem, t.day(), run.ID)
		defer steps.release()
		for _, s := range run.Steps {
			steps.add(t.ID, t.Day, run.ID, s.Stage, s.Source, s.Status, s.Started, s.Took.Seconds(), s.Rows, s.Bytes, textOrNull(s.Error))
		}
		yieldRest(yield, steps)
	}
}
