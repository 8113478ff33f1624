package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"

	"m365lake/internal/quote"
	"m365lake/internal/text"
	"m365lake/schemas"
)

// replaceViews makes views and macros anew from views/*.sql, and with them drops those whose file is
// gone. It returns the number of views.
func (b Build) replaceViews(ctx context.Context, conn *sql.Conn) (int, error) {
	if err := dropViews(ctx, conn); err != nil {
		return 0, err
	}
	if err := CreateViews(ctx, conn, b.SQL, b.tables); err != nil {
		return 0, err
	}
	views, err := listNames(ctx, conn, viewNames)
	return len(views), err
}

// CreateViews makes views and macros from views/*.sql, in the order of the file names, upon tables that
// are there, and gives their columns their comments. Its error names the file that is wrong.
func CreateViews(ctx context.Context, conn executor, files fs.FS, tables []*schemas.Table) error {
	views, err := sqlFiles(files, "views")
	if err != nil {
		return err
	}
	for i, f := range views {
		if views[i].text, err = renderView(f); err == nil {
			_, err = conn.ExecContext(ctx, views[i].text)
		}
		if err != nil {
			return fmt.Errorf("sql/%s: %w", f.path, text.OneLineError(err))
		}
	}
	own, err := commentsOfViews(ctx, conn)
	if err != nil {
		return err
	}
	statements, err := commentsOfTables(tables).passThrough(views, own)
	if err != nil || len(statements) == 0 {
		return err
	}
	_, err = conn.ExecContext(ctx, strings.Join(statements, ";\n"))
	return err
}

const (
	viewNames = `SELECT view_name FROM duckdb_views()
		WHERE NOT internal AND NOT temporary AND database_name = current_database() AND schema_name = 'main' ORDER BY ALL`
	// A macro of several arities has several rows.
	macroNames = `SELECT DISTINCT function_name FROM duckdb_functions()
		WHERE NOT internal AND database_name = current_database() AND schema_name = 'main' AND function_type = '%s' ORDER BY ALL`
)

func dropViews(ctx context.Context, conn *sql.Conn) error {
	for _, kind := range []struct{ names, drop string }{
		{viewNames, "DROP VIEW "},
		{fmt.Sprintf(macroNames, "macro"), "DROP MACRO "},
		{fmt.Sprintf(macroNames, "table_macro"), "DROP MACRO TABLE "},
	} {
		names, err := listNames(ctx, conn, kind.names)
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := conn.ExecContext(ctx, kind.drop+quote.Identifier(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ViewNames are the views of an open warehouse, by name.
func ViewNames(ctx context.Context, db *sql.DB) ([]string, error) {
	return listNames(ctx, db, viewNames)
}

func listNames(ctx context.Context, from executor, query string) (names []string, err error) {
	rows, err := from.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

type sqlFile struct{ path, text string }

// sqlFiles reads the SQL files of a folder in the order of their names.
func sqlFiles(root fs.FS, folder string) ([]sqlFile, error) {
	if root == nil {
		return nil, nil
	}
	paths, err := fs.Glob(root, folder+"/*.sql")
	if err != nil {
		return nil, err
	}
	files := make([]sqlFile, len(paths))
	for i, path := range paths {
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return nil, err
		}
		files[i] = sqlFile{path, string(text)}
	}
	return files, nil
}
