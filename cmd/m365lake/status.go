package main

import (
	"context"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/internal/duck"
	"m365lake/internal/quote"
	lakepkg "m365lake/load/lake"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
	sqlfiles "m365lake/sql"
)

func (p *program) statusCommand() *cobra.Command {
	var asJSON bool
	var runs int
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the last runs and how fresh each report is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := p.publishedFolder()
			if err != nil {
				return err
			}
			if err := p.status(cmd.Context(), data, runs, asJSON); err != nil {
				return usageError(err)
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&runs, "runs", 10, "how many of the last runs to show, 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) status(ctx context.Context, data datafolder.Folder, runs int, asJSON bool) error {
	screen := view.NewScreen(asJSON)
	return screen.Show(p.out, fillStatus(ctx, screen, data, runs))
}

func fillStatus(ctx context.Context, screen *view.Screen, data datafolder.Folder, runs int) error {
	if err := lastRuns(ctx, data, runs, screen.Table("last_runs")); err != nil {
		return err
	}
	if !datafolder.Exists(data.Warehouse()) {
		screen.Line("Nothing has been published yet.")
		return nil
	}
	db, err := warehouse.Open(data.Warehouse())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	return ask(ctx, db, sqlfiles.Text("screens/data_freshness.sql"), screen.Table("data_freshness"))
}

// lastRuns reads the runs from the lake: a run that published nothing stands only there.
func lastRuns(ctx context.Context, data datafolder.Folder, shown int, write view.Table) error {
	lake := lakepkg.Lake{Dir: data.Lake()}
	if tenants, err := lake.Tenants(&schemas.Runs); err != nil {
		return err
	} else if len(tenants) == 0 {
		return fmt.Errorf("there are no runs in %s; run m365lake sync or m365lake demo first, "+
			"or name the folder with --data", data.Root)
	}
	question, err := sqlfiles.Files.ReadFile("screens/last_runs.sql")
	if err != nil {
		return err
	}
	db, err := duck.OpenMemory()
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	pattern := lake.Pattern(&schemas.Runs)
	if shown <= 0 {
		shown = math.MaxInt32
	}
	for _, set := range []string{
		"SET VARIABLE runs = " + quote.Literal(pattern), fmt.Sprintf("SET VARIABLE shown = %d", shown),
	} {
		if _, err := db.ExecContext(ctx, set); err != nil {
			return err
		}
	}
	return ask(ctx, db, string(question), write)
}
