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
	"m365lake/internal/duck"
	"m365lake/load/warehouse"
)

func (p *program) queryCommand() *cobra.Command {
	var format string
	var maxRows int
	var files bool
	cmd := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Ask the published warehouse a question in SQL",
		Long: `Ask the published warehouse a question in SQL. Without SQL, or with -, the question is read from
standard input. Of several statements each answer is shown, as a table.

The warehouse is open for reading only, no other database can be attached, and no file is read or
written, unless --allow-files is given. Any DuckDB client can open the file as well.`,
		Example: `  m365lake query "FROM app_usage"
  m365lake query --format csv "SELECT * FROM inactive_users WHERE days_without_use >= 90" > idle.csv
  m365lake query --allow-files "FROM 'data/exports/inactive_users.parquet' LIMIT 5"`,
		Args: oneSQLText,
		RunE: func(cmd *cobra.Command, args []string) error {
			// A wrong format is found before anybody is asked for SQL.
			if _, err := view.NewTable(format, maxRows, p.out); err != nil {
				return usageError(err)
			}
			text, err := p.sqlText(cmd.Context(), args)
			if err != nil {
				return usageError(err)
			}
			statements := duck.Statements(text)
			if err := countStatements(statements, format); err != nil {
				return usageError(err)
			}
			db, err := p.openWarehouse()
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // only read
			if !files {
				if err := duck.Seal(cmd.Context(), db); err != nil {
					return err
				}
			}
			answers := 0
			err = askEach(cmd.Context(), db, statements, func() (view.Table, error) {
				if answers++; answers > 1 {
					fmt.Fprintln(p.out)
				}
				return view.NewTable(format, maxRows, p.out)
			})
			if err != nil {
				return usageError(explainSealed(err))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().IntVar(&maxRows, "max-rows", 1000,
		"rows a table shows at most, 0 for all (csv and json always give all)")
	cmd.Flags().BoolVar(&files, "allow-files", false,
		"let the SQL read and write files, such as read_csv and COPY TO, with the rights of this user")
	return cmd
}

// oneSQLText takes no argument or one.
func oneSQLText(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("query takes one SQL text, and got %d; put the whole text in quotes: %s \"FROM app_usage\"",
			len(args), cmd.CommandPath())
	}
	return nil
}

// sqlText is the SQL of the command line, or of standard input. On a terminal people are told that it is waited for.
func (p *program) sqlText(ctx context.Context, args []string) (string, error) {
	if len(args) == 1 && args[0] != "-" {
		return args[0], nil
	}
	if inputIsTerminal(p.in) {
		fmt.Fprintln(p.err, "m365lake: write SQL; Ctrl-D on a line of its own ends it, Ctrl-C gives up")
	}
	text, err := io.ReadAll(p.input(ctx))
	return string(text), err
}

// countStatements refuses to ask nothing, and to put several answers where one is expected.
func countStatements(statements []string, format string) error {
	switch {
	case len(statements) == 0:
		return errors.New(`no SQL given; try: m365lake query "FROM app_usage"`)
	case len(statements) > 1 && format != "table":
		return fmt.Errorf("--format %s takes one statement, and got %d; ask one after the other", format, len(statements))
	}
	return nil
}

// askEach asks one statement after the other on one connection, and writes each answer as a table of its own.
func askEach(ctx context.Context, db *sql.DB, statements []string, newTable func() (view.Table, error)) error {
	connection, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer connection.Close() //nolint:errcheck // only read
	for _, statement := range statements {
		if err := duck.RefuseReachingOut(ctx, connection, statement); err != nil {
			return err
		}
		table, err := newTable()
		if err != nil {
			return err
		}
		if err := ask(ctx, connection, statement, table); err != nil {
			return err
		}
	}
	return nil
}

// explainSealed adds how files can be had to DuckDB's refusal of them.
func explainSealed(err error) error {
	if strings.Contains(err.Error(), "disabled by configuration") {
		return fmt.Errorf("%w\nquery reads and writes no files unless --allow-files is given", err)
	}
	return err
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
