package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/load/warehouse"
)

func (p *program) queryCommand() *cobra.Command {
	var format string
	var maxRows int
	cmd := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Ask the published warehouse a question in SQL",
		Long: `Ask the published warehouse a question in SQL, read-only. Without SQL, or with -, the question is
read from standard input. Any DuckDB client can open the file as well.`,
		Example: `  m365lake query "FROM app_usage"
  m365lake query --format csv "SELECT * FROM inactive_users WHERE days_without_use >= 90" > idle.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			table, err := view.NewTable(format, maxRows, p.out)
			if err != nil {
				return usageError(err)
			}
			question := "-"
			if len(args) == 1 {
				question = args[0]
			}
			if question == "-" {
				text, err := io.ReadAll(p.in)
				if err != nil {
					return usageError(err)
				}
				question = string(text)
			}
			if strings.TrimSpace(question) == "" {
				return usageError(errors.New(`no SQL given; try: m365lake query "FROM app_usage"`))
			}
			db, err := p.openWarehouse()
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // only read
			if err := ask(cmd.Context(), db, question, table); err != nil {
				return usageError(err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().IntVar(&maxRows, "max-rows", 1000,
		"rows a table shows at most, 0 for all (csv and json always give all)")
	return cmd
}

// openWarehouse opens the published warehouse read-only.
func (p *program) openWarehouse() (*sql.DB, error) {
	data, err := p.publishedFolder()
	if err != nil {
		return nil, err
	}
	path := data.Warehouse()
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, usageError(fmt.Errorf("there is no warehouse at %s; run m365lake sync or m365lake demo first, "+
			"or name the folder with --data", path))
	}
	db, err := warehouse.Open(path)
	if err != nil {
		return nil, usageError(err)
	}
	return db, nil
}

// asked is a database that answers questions.
type asked interface {
	QueryContext(ctx context.Context, question string, args ...any) (*sql.Rows, error)
}

// ask runs one question and writes the answer.
func ask(ctx context.Context, db asked, question string, table view.Table, args ...any) error {
	rows, err := db.QueryContext(ctx, question, args...) //nolint:rowserrcheck // view.Rows returns it
	if err != nil {
		return err
	}
	return view.Rows(rows, table)
}
