package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/extract"
	"m365lake/internal/text"
	"m365lake/load/lake"
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
			day, err := p.runDay(runDay)
			if err != nil {
				return err
			}
			run, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			r := &run.config.Retention
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
				return usageError(errors.New("no retention is given, so everything is kept: write retention: {raw: 30d, lake: 400d, history: 3y} into the configuration, or use --raw, --lake and --history"))
			}
			return p.prune(cmd.Context(), run, day, yes)
		},
	}
	cmd.Flags().StringVar(&raw, "raw", "", "keep raw files for this `age`, such as 30d, 26w or 3y (default: retention of the configuration)")
	cmd.Flags().StringVar(&lake, "lake", "", "keep dated files of the lake for this `age`")
	cmd.Flags().StringVar(&history, "history", "", "keep history for this `age`")
	cmd.Flags().StringVar(&runDay, "run-day", "", "day from which the ages count, `YYYY-MM-DD` in UTC (default: today)")
	cmd.Flags().BoolVar(&yes, "yes", false, "delete it")
	return cmd
}

func (p *program) prune(ctx context.Context, run *dataWork, day time.Time, yes bool) error {
	pruned, err := run.prune(ctx, day, yes)
	pruned.write(p.out)
	switch {
	case err != nil && yes:
		return nothingError(fmt.Errorf("%w; what is listed is deleted, run prune again for the rest", err))
	case err != nil:
		return nothingError(err)
	case pruned.empty():
		fmt.Fprintln(p.out, "nothing is older than its retention")
		return nil
	case !yes:
		fmt.Fprintln(p.out, "nothing was deleted; m365lake prune --yes does it")
		return nil
	case pruned.lake():
		return p.rebuild(ctx, run.config)
	}
	return nil
}

// prunedTenant is what is past its retention of one tenant.
type prunedTenant struct {
	tenantID string
	raw      extract.OldRaw
	tables   []lake.Pruned
}

type prunedData []prunedTenant

// prune finds what is past its retention in all tenants of the data folder, and removes it if remove is
// set. The warehouse follows with the next build.
func (p *dataWork) prune(ctx context.Context, day time.Time, remove bool) (all prunedData, err error) {
	tenants, err := p.dataTenants("")
	if err != nil {
		return nil, err
	}
	r := p.config.Retention
	retention := lake.Retention{Day: day}
	if r.Lake.IsSet() {
		retention.Lake = r.Lake.Before(day)
	}
	if r.History.IsSet() {
		retention.History = r.History.Before(day)
	}
	for _, id := range tenants {
		t := prunedTenant{tenantID: id}
		if r.Raw.IsSet() {
			t.raw, err = extract.Prune(p.folder.RawTenant(id), r.Raw.Before(day), remove)
		}
		if err == nil {
			t.tables, err = lake.Lake{Dir: p.folder.Lake()}.Prune(ctx, id, retention, remove)
		}
		all = append(all, t)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func (d prunedData) lake() bool {
	for _, t := range d {
		if len(t.tables) > 0 {
			return true
		}
	}
	return false
}

func (d prunedData) empty() bool {
	for _, t := range d {
		if len(t.raw.Days) > 0 {
			return false
		}
	}
	return !d.lake()
}

func (d prunedData) write(w io.Writer) {
	for _, t := range d {
		if len(t.raw.Days)+len(t.tables) == 0 {
			continue
		}
		fmt.Fprintf(w, "tenant %s\n", t.tenantID)
		if len(t.raw.Days) > 0 {
			fmt.Fprintf(w, "  raw: %d run days, %s to %s, %d files, %s\n", len(t.raw.Days), t.raw.First, t.raw.Last, t.raw.Files, text.Size(t.raw.Bytes))
		}
		for _, table := range t.tables {
			if table.Files > 0 {
				fmt.Fprintf(w, "  %s: %s: %d files, %s to %s, %s\n", table.Layer, table.Table, table.Files, table.First, table.Last, text.Size(table.Bytes))
			} else {
				fmt.Fprintf(w, "  %s: %s: %d rows\n", table.Layer, table.Table, table.Rows)
			}
		}
	}
}
