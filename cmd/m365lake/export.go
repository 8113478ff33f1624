package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/internal/disk"
	"m365lake/internal/text"
	"m365lake/load/warehouse"
	"m365lake/pipeline"
)

func (p *program) exportCommand() *cobra.Command {
	var format, folder string
	cmd := &cobra.Command{
		Use:   "export [VIEW...]",
		Short: "Write views of the published warehouse as CSV or JSON files",
		Long: `Write views of the published warehouse, all of them unless some are named, as CSV or JSON files, each
whole or not at all. As Parquet they are in the folder exports of the data folder after every run.
Where the configuration has privacy, people are under pseudonyms in both.`,
		Example: `  m365lake export --to reports
  m365lake export reclaimable_licenses renewals --to reports --format json`,
		RunE: func(cmd *cobra.Command, views []string) error {
			if format != "csv" && format != "json" {
				return usageError(fmt.Errorf("--format %q: it is csv or json; Parquet files are written by every run", format))
			}
			privacy, err := p.exportPrivacy()
			if err != nil {
				return err
			}
			db, err := p.openWarehouse()
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // only read
			known, err := warehouse.ViewNames(cmd.Context(), db)
			if err != nil {
				return usageError(err)
			}
			if len(known) == 0 {
				return usageError(errors.New("the warehouse has no views, so that nothing can be exported; " +
					"run m365lake sync, or m365lake rebuild if there was a sync"))
			}
			if len(views) == 0 {
				views = known
			}
			for _, view := range views {
				if !slices.Contains(known, view) {
					return usageError(fmt.Errorf("there is no view %q%s", view, text.Suggest(view, known)))
				}
			}
			if info, err := os.Stat(folder); err == nil && !info.IsDir() {
				return usageError(fmt.Errorf("--to %s is a file; name a folder, which gets a file for each view", folder))
			}
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return nothingError(disk.WithRemedy(err))
			}
			for _, view := range views {
				path := filepath.Join(folder, view+"."+format)
				if err := exportView(cmd.Context(), db, view, path, format, privacy); err != nil {
					return nothingError(fmt.Errorf("%s: %w", path, disk.WithRemedy(err)))
				}
				fmt.Fprintln(p.out, path)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "csv", "csv or json")
	cmd.Flags().StringVar(&folder, "to", ".", "`folder` to write to; its files are readable by their owner alone")
	return cmd
}

// exportPrivacy is what the configuration says of exports.
func (p *program) exportPrivacy() (*warehouse.Privacy, error) {
	c, err := config.ReadIfAny(p.config)
	if err != nil {
		return nil, usageError(err)
	}
	privacy, err := pipeline.ExportPrivacy(c.Privacy)
	if err != nil {
		return nil, usageError(err)
	}
	return privacy, nil
}

func exportView(ctx context.Context, db *sql.DB, name, path, format string, privacy *warehouse.Privacy) error {
	query, err := warehouse.ViewQuery(ctx, db, name, privacy)
	if err != nil {
		return err
	}
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o600), renameio.WithTempDir(filepath.Dir(path)))
	if err != nil {
		return err
	}
	defer file.Cleanup() //nolint:errcheck // does nothing once the file is published
	table, err := view.NewTable(format, 0, file)
	if err != nil {
		return err
	}
	if err := ask(ctx, db, query, table); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}
