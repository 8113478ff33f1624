package warehouse

import (
	sqlfiles "m365lake/sql"

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
	err := inOneTransaction(ctx, conn, func(tx executor) error {
		if err := dropViews(ctx, tx); err != nil {
			return err
		}
		return CreateViews(ctx, tx, b.SQL, b.tables)
	})
	if err != nil {
		return 0, err
	}
	views, err := listNames(ctx, conn, sqlfiles.Text("warehouse/view_names.sql"))
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

// dropViews drops all views and macros.
func dropViews(ctx context.Context, conn executor) error {
	views, macros := sqlfiles.Text("warehouse/view_names.sql"), sqlfiles.Text("warehouse/macro_names.sql")
	for _, kind := range []struct {
		names string
		bound []any
		drop  string
	}{
		{views, nil, "DROP VIEW "},
		{macros, []any{"macro"}, "DROP MACRO "},
		{macros, []any{"table_macro"}, "DROP MACRO TABLE "},
	} {
		names, err := listNames(ctx, conn, kind.names, kind.bound...)
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
	return listNames(ctx, db, sqlfiles.Text("warehouse/view_names.sql"))
}

func listNames(ctx context.Context, from executor, query string, bound ...any) (names []string, err error) {
	rows, err := from.QueryContext(ctx, query, bound...)
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
