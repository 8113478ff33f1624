package main

import (
	"github.com/spf13/cobra"
)

func (p *program) backfillCommand() *cobra.Command {
	var runDay string
	var asJSON, acceptLoss bool
	cmd := &cobra.Command{
		Use:   "backfill",
		Short: "Sync, and get all of the last 28 days at once, however long Graph makes us wait",
		Long: `Like sync, but asks for every single day that Graph still gives and that is not in the lake yet.
Graph allows 14 calls of each report in 10 minutes, so this takes a while; how long is said at the
start. Interrupted, it goes on where it was when called again on the same day.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, day, err := p.whatToRun(runDay)
			if err != nil {
				return err
			}
			return p.sync(cmd.Context(), c, runRequest{day: day, backfill: true, acceptLoss: acceptLoss}, asJSON)
		},
	}
	cmd.Flags().StringVar(&runDay, "run-day", "", "day of the run, `YYYY-MM-DD` in UTC (default: today)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON")
	acceptLossFlag(cmd, &acceptLoss)
	return cmd
}
