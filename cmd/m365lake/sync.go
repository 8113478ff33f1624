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
)

func (p *program) syncCommand() *cobra.Command {
	var runDay string
	var asJSON, fresh bool
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
			return p.sync(cmd.Context(), c, runOptions{day: day, fresh: fresh}, asJSON)
		},
	}
	cmd.Flags().StringVar(&runDay, "run-day", "", "day of the run, `YYYY-MM-DD` in UTC (default: today)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON")
	cmd.Flags().BoolVar(&fresh, "fresh", false, "ask Graph for everything again, even if an interrupted run left raw files")
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
	day, err := p.runDay(runDay)
	return c, day, err
}

// runDay is the day of the run: as given, else today in UTC.
func (p *program) runDay(text string) (time.Time, error) {
	if text == "" {
		return p.now().UTC().Truncate(24 * time.Hour), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, usageError(fmt.Errorf("--run-day %q must be a day such as 2026-11-23", text))
	}
	return day, nil
}

// sync runs the pipeline and tells how it went.
func (p *program) sync(ctx context.Context, c config.Config, o runOptions, asJSON bool) error {
	summary, err := p.runPipeline(ctx, c, o)
	if ctx.Err() == nil && asJSON && len(summary.Tenants) > 0 {
		err = errors.Join(err, summary.writeJSON(p.out))
	} else if err == nil {
		summary.write(p.out)
	}
	if err != nil {
		return err
	}
	if c.Provisioning.Enabled && !o.backfill {
		report := p.out
		if asJSON {
			report = p.err // standard output is the summary alone
		}
		if err := p.applyDue(ctx, c, report); err != nil {
			return err
		}
	}
	if code := summary.exit(); code != exitGood {
		return &exitError{code: code}
	}
	return nil
}

// runPipeline runs the pipeline, and tells whoever wants to know: the log, notifications, the
// health check, the metrics file and traces. None of them can make a run fail.
func (p *program) runPipeline(ctx context.Context, c config.Config, o runOptions) (runSummary, error) {
	id, err := uuid.NewV7() // sorts by time
	if err != nil {
		return runSummary{}, err
	}
	log := p.logger(p.err)
	started, reporter := p.now(), reporterOf(c, log)
	reporter.Begin(ctx, id.String())
	traced, endTrace := notify.Tracer{Getenv: os.Getenv, Version: version(), Log: log}.Start(ctx, id.String(), o.day)
	watch, runLog := p.watchRun()
	run := &pipeline{config: c, folder: c.Folder(), day: o.day, runID: id.String(), fresh: o.fresh, backfill: o.backfill, now: p.now, log: runLog, watch: watch}
	summary, err := run.sync(traced)
	watch.close()
	told := notifiedRun(id.String(), summary, runCode(ctx, summary, err))
	told.Day, told.Started, told.Ended = o.day, started, p.now()
	endTrace(told.ExitCode, told.Outcome == notify.Failed || told.Outcome == notify.Interrupted)
	if reporter.Reports() {
		ctx := context.WithoutCancel(ctx) // also when the run was interrupted
		addPublishedNumbers(ctx, c, &told, log)
		reporter.End(ctx, told)
	}
	return summary, err
}

// runCode is the exit code of a run.
func runCode(ctx context.Context, summary runSummary, err error) int {
	switch {
	case ctx.Err() != nil && err != nil:
		return exitInterrupted
	case err != nil:
		return codeOf(err)
	}
	return summary.exit()
}
