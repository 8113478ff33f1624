package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/notify"
	"m365lake/pipeline"
)

func (p *program) syncCommand() *cobra.Command {
	var runDay string
	var asJSON, fresh, acceptLoss bool
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Pull all tenants and publish the warehouse: what cron runs every day",
		Long: `Pull all tenants of the configuration from Microsoft Graph and publish the warehouse.

A run that was interrupted goes on from the raw files it already has. Only when a run was published
does the next one ask Graph again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, day, err := p.whatToRun(runDay)
			if err != nil {
				return err
			}
			return p.sync(cmd.Context(), c, runRequest{day: day, fresh: fresh, acceptLoss: acceptLoss}, asJSON)
		},
	}
	cmd.Flags().StringVar(&runDay, "run-day", "", "day of the run, `YYYY-MM-DD` in UTC (default: today)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON")
	cmd.Flags().BoolVar(
		&fresh, "fresh", false, "ask Graph for everything again, even if an interrupted run left raw files")
	acceptLossFlag(cmd, &acceptLoss)
	return cmd
}

// whatToRun is the configuration of a run, the flags applied, and its day.
func (p *program) whatToRun(runDay string) (config.Config, time.Time, error) {
	c, err := config.Read(p.config)
	if err != nil {
		return config.Config{}, time.Time{}, usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	day, err := p.pastRunDay(runDay)
	return c, day, err
}

// today is the day by the clock, in UTC.
func (p *program) today() time.Time { return p.now().UTC().Truncate(24 * time.Hour) }

// runDay is the day of the run: as given, else today in UTC.
func (p *program) runDay(text string) (time.Time, error) {
	if text == "" {
		return p.today(), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, usageError(fmt.Errorf("--run-day %q must be a day such as 2026-11-23", text))
	}
	return day, nil
}

// pastRunDay is runDay, and refuses days to come, but for tomorrow: it may have begun where the clock is ahead. What a
// run stores under a day to come would stand before all real days until then.
func (p *program) pastRunDay(text string) (time.Time, error) {
	day, err := p.runDay(text)
	if latest := p.today().AddDate(0, 0, 1); err == nil && day.After(latest) && !p.anyRunDay {
		return time.Time{}, usageError(fmt.Errorf("--run-day %s is in the future: today is %s in UTC by this machine's clock",
			day.Format(time.DateOnly), p.today().Format(time.DateOnly)))
	}
	return day, err
}

// A runRequest is what the commands that run the pipeline differ in.
type runRequest struct {
	day        time.Time
	fresh      bool
	backfill   bool
	acceptLoss bool
}

// sync runs the pipeline, prints how it went, and applies the plans that are approved.
func (p *program) sync(ctx context.Context, c config.Config, q runRequest, asJSON bool) error {
	result, err := p.runPipeline(ctx, c, q)
	if ctx.Err() == nil && asJSON && len(result.Tenants) > 0 {
		err = errors.Join(err, writeSummaryJSON(p.out, result))
	} else if err == nil {
		writeSummary(p.out, result)
	}
	if err != nil {
		return err
	}
	if c.Provisioning.Enabled && !q.backfill {
		report := p.out
		if asJSON {
			report = p.err // standard output is the summary alone
		}
		if err := p.applyDue(ctx, c, report); err != nil {
			return err
		}
	}
	if code := resultCode(result); code != exitGood {
		return &exitError{code: code}
	}
	return nil
}

// runPipeline runs the pipeline, and reports it to the log, to notifications, the health check, the
// metrics file and traces, as far as they are configured. None of these can make a run fail.
func (p *program) runPipeline(ctx context.Context, c config.Config, q runRequest) (pipeline.Result, error) {
	id, err := uuid.NewV7() // sorts by time
	if err != nil {
		return pipeline.Result{}, err
	}
	log := p.logger(p.err)
	started, reporter := p.now(), reporterOf(c, log)
	reporter.Begin(ctx, id.String())
	traced, endTrace := notify.Tracer{Getenv: os.Getenv, Version: version(), Log: log}.Start(ctx, id.String(), q.day)
	watch, runLog := p.watchRun()
	result, err := pipeline.Run{
		Config: c, ID: id.String(), Day: q.day, Fresh: q.fresh, Backfill: q.backfill,
		AcceptLoss: q.acceptLoss, Version: version(), Clock: p.clock, Log: runLog, Progress: watch,
	}.Sync(traced)
	_ = watch.Close() // it only cleans the terminal
	told := notifiedRun(id.String(), result, runCode(ctx, result, err))
	told.Day, told.Started, told.Ended = q.day, started, p.now()
	endTrace(told.ExitCode, told.Outcome == notify.Failed || told.Outcome == notify.Interrupted)
	if reporter.Reports() {
		ctx := context.WithoutCancel(ctx) // also when the run was interrupted
		addPublishedNumbers(ctx, c, &told, log)
		reporter.End(ctx, told)
	}
	return result, err
}
