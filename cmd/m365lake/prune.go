package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/erase"
	"m365lake/internal/text"
	"m365lake/pipeline"
)

func (p *program) pruneCommand() *cobra.Command {
	var raw, lake, history, runDay string
	var yes bool
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Show what is kept longer than the configuration wants, and delete it with --yes",
		Long: `Show what is older than the retention of its layer, and delete it with --yes: the folders of raw files,
the dated files of the lake, and of the history the versions of people and licences that ended, the
names of people who were deleted, and old numbers. The newest day of every series stays in any case.`,
		Example: `  m365lake prune
  m365lake prune --raw 30d --lake 400d --history 3y --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			day, err := p.pastRunDay(runDay)
			if err != nil {
				return err
			}
			c, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			r := &c.Retention
			for _, layer := range []struct {
				flag, text string
				age        *config.Age
			}{{"raw", raw, &r.Raw}, {"lake", lake, &r.Lake}, {"history", history, &r.History}} {
				if layer.text == "" {
					continue
				}
				if *layer.age, err = config.ParseAge(layer.text); err != nil {
					return usageError(fmt.Errorf("--%s %w", layer.flag, err))
				}
			}
			if err := r.Check(); err != nil {
				return usageError(err)
			}
			if !r.Raw.IsSet() && !r.Lake.IsSet() && !r.History.IsSet() {
				return usageError(errors.New("no retention is given, so everything is kept: write " +
					"retention: {raw: 30d, lake: 400d, history: 3y} into the configuration, or use --raw, --lake and --history"))
			}
			return p.prune(cmd.Context(), c, day, yes)
		},
	}
	cmd.Flags().StringVar(&raw, "raw", "",
		"keep raw files for this `age`, such as 30d, 26w or 3y (default: retention of the configuration)")
	cmd.Flags().StringVar(&lake, "lake", "", "keep dated files of the lake for this `age`")
	cmd.Flags().StringVar(&history, "history", "", "keep history for this `age`")
	cmd.Flags().StringVar(&runDay, "run-day", "", "day from which the ages count, `YYYY-MM-DD` in UTC (default: today)")
	cmd.Flags().BoolVar(&yes, "yes", false, "delete it")
	return cmd
}

func (p *program) prune(ctx context.Context, c config.Config, day time.Time, yes bool) error {
	eraser := erase.Eraser{Folder: c.Folder(), Day: day}
	pruned, err := eraser.Prune(ctx, pipeline.RetentionOn(day, c.Retention), yes)
	var who *erase.WhoError
	if errors.As(err, &who) {
		return usageError(err)
	}
	lake, empty := showPruned(p.out, pruned)
	run := p.localRun(c)
	if err == nil && yes && !lake {
		// A pruning that was killed after it removed files left them in the warehouse.
		if lake, err = run.Behind(ctx); err != nil {
			return err
		}
	}
	switch {
	case err != nil && yes:
		return nothingError(fmt.Errorf("%w; what is listed is deleted, run prune again for the rest", err))
	case err != nil:
		return nothingError(err)
	case empty && lake:
		fmt.Fprintln(p.out, "nothing is older than its retention; the warehouse is behind the lake and is made anew")
		return p.rebuild(ctx, run)
	case empty:
		fmt.Fprintln(p.out, "nothing is older than its retention")
		return nil
	case !yes:
		fmt.Fprintln(p.out, "nothing was deleted; m365lake prune --yes does it")
		return nil
	case lake:
		return p.rebuild(ctx, run)
	}
	return nil
}

// showPruned lists what is past its retention, and says whether any of it is in the lake and whether
// there is nothing.
func showPruned(w io.Writer, pruned []erase.Pruned) (lake, empty bool) {
	empty = true
	for _, t := range pruned {
		if t.Empty() {
			continue
		}
		empty, lake = false, lake || len(t.Tables) > 0
		fmt.Fprintf(w, "tenant %s\n", t.TenantID)
		if raw := t.Raw; len(raw.Days) > 0 {
			fmt.Fprintf(w, "  raw: %d run days, %s to %s, %d files, %s\n",
				len(raw.Days), raw.First, raw.Last, raw.Files, text.Size(raw.Bytes))
		}
		for _, table := range t.Tables {
			if table.Files > 0 {
				fmt.Fprintf(w, "  %s: %s: %d files, %s to %s, %s\n",
					table.Layer, table.Table, table.Files, table.First, table.Last, text.Size(table.Bytes))
			} else {
				fmt.Fprintf(w, "  %s: %s: %d rows\n", table.Layer, table.Table, table.Rows)
			}
		}
	}
	return lake, empty
}
