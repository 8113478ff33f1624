package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

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
	format := "table"
	if asJSON {
		format = "json"
	}
	section := func(name string, show func(view.Table) error) error {
		write, err := view.NewTable(format, 0, p.out)
		if err != nil {
			return err
		}
		if asJSON {
			fmt.Fprintf(p.out, "%q: ", name)
		}
		return show(write)
	}
	if asJSON {
		fmt.Fprint(p.out, "{")
	}
	if err := section("last_runs", func(w view.Table) error { return lastRuns(ctx, data, runs, w) }); err != nil {
		return err
	}
	if _, err := os.Stat(data.Warehouse()); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(p.out, map[bool]string{true: "}", false: "\nNothing has been published yet."}[asJSON])
		return nil
	}
	fmt.Fprint(p.out, map[bool]string{true: ", ", false: "\n"}[asJSON])
	db, err := warehouse.Open(data.Warehouse())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	if err := section("data_freshness", func(w view.Table) error {
		return ask(ctx, db, "SELECT * EXCLUDE (tenant_id) FROM data_freshness", w)
	}); err != nil {
		return err
	}
	if asJSON {
		fmt.Fprintln(p.out, "}")
	}
	return nil
}

// lastRuns reads the runs from the lake: a run that published nothing stands only there.
func lastRuns(ctx context.Context, data datafolder.Folder, shown int, write view.Table) error {
	lake := lakepkg.Lake{Dir: data.Lake()}
	if tenants, err := lake.Tenants(&schemas.Runs); err != nil {
		return err
	} else if len(tenants) == 0 {
		return fmt.Errorf("there are no runs in %s; run m365lake sync or m365lake demo first, or name the folder with --data", data.Root)
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
	for _, set := range []string{"SET VARIABLE runs = " + quote.Literal(pattern), fmt.Sprintf("SET VARIABLE shown = %d", shown)} {
		if _, err := db.ExecContext(ctx, set); err != nil {
			return err
		}
	}
	return ask(ctx, db, string(question), write)
}
