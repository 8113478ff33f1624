// Package runrecord makes the rows of runs and run_steps: what each run of ours did.
package runrecord

import (
	"iter"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
)

// A Record is a row of runs with its rows of run_steps.
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

// A Step is a row of run_steps.
type Step struct {
	Stage, Source, Status string
	Started               time.Time
	Took                  time.Duration
	Rows, Bytes           int64
	Error                 string
}

// Rows makes the rows of runs and run_steps of one run.
func Rows(t transform.Tenant, run Record) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		runs := newRunRows(t.NewWriter(&schemas.Runs, t.DayText(), run.ID))
		runs.runDay.AppendDay(t.Day)
		runs.runID.Append(run.ID)
		runs.tenantName.Append(t.Name)
		runs.status.Append(run.Status)
		runs.startedAt.AppendTime(run.Started)
		runs.finishedAt.AppendTime(run.Finished)
		runs.sources.Append(run.Sources)
		runs.failedSources.Append(run.FailedSources)
		runs.rows.Append(run.Rows)
		runs.requests.Append(run.Requests)
		runs.retries.Append(run.Retries)
		runs.waitedSeconds.Append(run.Waited.Seconds())
		runs.error.AppendFilled(run.Error)
		runs.version.Append(run.Version)
		runs.EndRow()
		if !runs.Flush(yield) {
			return
		}
		steps := newStepRows(t.NewWriter(&schemas.RunSteps, t.DayText(), run.ID))
		steps.runDay.Fill(arrow.Date32FromTime(t.Day))
		steps.runID.Fill(run.ID)
		for _, s := range run.Steps {
			steps.stage.Append(s.Stage)
			steps.source.Append(s.Source)
			steps.status.Append(s.Status)
			steps.startedAt.AppendTime(s.Started)
			steps.seconds.Append(s.Took.Seconds())
			steps.rows.Append(s.Rows)
			steps.bytes.Append(s.Bytes)
			steps.error.AppendFilled(s.Error)
			steps.EndRow()
		}
		steps.Flush(yield)
	}
}

// runRows are the rows of runs.
type runRows struct {
	*column.Writer
	runDay                                          *column.Date
	runID, tenantName, status, error, version       *column.Text
	startedAt, finishedAt                           *column.Timestamp
	sources, failedSources, rows, requests, retries *column.Integer
	waitedSeconds                                   *column.Number
}

func newRunRows(w *column.Writer) runRows {
	return runRows{
		Writer:        w,
		runDay:        w.Date("run_day"),
		runID:         w.Text("run_id"),
		tenantName:    w.Text("tenant_name"),
		status:        w.Text("status"),
		startedAt:     w.Timestamp("started_at"),
		finishedAt:    w.Timestamp("finished_at"),
		sources:       w.Integer("sources"),
		failedSources: w.Integer("failed_sources"),
		rows:          w.Integer("rows"),
		requests:      w.Integer("requests"),
		retries:       w.Integer("retries"),
		waitedSeconds: w.Number("waited_seconds"),
		error:         w.Text("error"),
		version:       w.Text("version"),
	}
}

// stepRows are the rows of run_steps.
type stepRows struct {
	*column.Writer
	runDay                              *column.Date
	runID, stage, source, status, error *column.Text
	startedAt                           *column.Timestamp
	seconds                             *column.Number
	rows, bytes                         *column.Integer
}

func newStepRows(w *column.Writer) stepRows {
	return stepRows{
		Writer:    w,
		runDay:    w.Date("run_day"),
		runID:     w.Text("run_id"),
		stage:     w.Text("stage"),
		source:    w.Text("source"),
		status:    w.Text("status"),
		startedAt: w.Timestamp("started_at"),
		seconds:   w.Number("seconds"),
		rows:      w.Integer("rows"),
		bytes:     w.Integer("bytes"),
		error:     w.Text("error"),
	}
}
