package warehouse

import (
	sqlfiles "m365lake/sql"

	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"m365lake/internal/quote"
	"m365lake/schemas"
)

// A column that a view takes over unchanged has the meaning that it has in its source, so its comment is written
// only there. The second line of a view's file names those tables and earlier views:
//
//	-- Columns from: organizations, apps, apps.label AS app_label, activity_metrics.
//
// A column without a comment of its own gets that of the first source that has a column of its name.

const sourcesPrefix = "-- Columns from: "

var createsView = regexp.MustCompile(`(?m)^CREATE OR REPLACE VIEW (\w+) AS$`)

// columnComments are comments by table or view, and by column.
type columnComments map[string]map[string]string

// commentsOfTables are those that the schemas give.
func commentsOfTables(tables []*schemas.Table) columnComments {
	comments := columnComments{}
	for _, t := range tables {
		comments[t.Name] = map[string]string{}
		for _, c := range t.Columns {
			comments[t.Name][c.Name] = c.Doc
		}
	}
	return comments
}

// passThrough returns the statements that copy comments from the sources to columns of the views in the files.
// own are the comments that the files gave by themselves, "" where they gave none. The
// comments of the views are added to comments, each before those of the files after it.
func (comments columnComments) passThrough(files []sqlFile, own columnComments) (statements []string, err error) {
	for _, f := range files {
		sources := sourcesOf(f.text)
		for _, created := range createsView.FindAllStringSubmatch(f.text, -1) {
			view := created[1]
			comments[view] = own[view]
			for _, column := range slices.Sorted(maps.Keys(own[view])) {
				if own[view][column] != "" {
					continue
				}
				comment, err := comments.find(sources, column)
				if err != nil {
					return nil, fmt.Errorf("sql/%s: %w", f.path, err)
				}
				if comment == "" {
					continue
				}
				own[view][column] = comment
				statements = append(statements, fmt.Sprintf("COMMENT ON COLUMN %s.%s IS %s",
					quote.Identifier(view), quote.Identifier(column), quote.Literal(comment)))
			}
		}
	}
	return statements, nil
}

// sourcesOf are the sources that a file of views names, in their order.
func sourcesOf(text string) []string {
	for line := range strings.Lines(text) {
		if list, ok := strings.CutPrefix(line, sourcesPrefix); ok {
			return strings.Split(strings.TrimSuffix(strings.TrimSpace(list), "."), ", ")
		}
	}
	return nil
}

// find is the comment of a column in the first source that has it, or "".
func (comments columnComments) find(sources []string, column string) (string, error) {
	for _, source := range sources {
		from, renamed, isOne := strings.Cut(source, " AS ")
		name := column
		if isOne { // one column, under another name
			from, name, _ = strings.Cut(from, ".")
		}
		known, exists := comments[from]
		if !exists {
			return "", fmt.Errorf("there is no table or earlier view %s, from which columns are said to come", from)
		}
		if comment, has := known[name]; has && (!isOne || renamed == column) {
			return comment, nil
		}
	}
	return "", nil
}

// commentsOfViews are the comments that the columns of all views have, "" where they have none.
func commentsOfViews(ctx context.Context, conn executor) (columnComments, error) {
	rows, err := conn.QueryContext(ctx, sqlfiles.Text("warehouse/view_comments.sql"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	comments := columnComments{}
	for rows.Next() {
		var view, column, comment string
		if err := rows.Scan(&view, &column, &comment); err != nil {
			return nil, err
		}
		if comments[view] == nil {
			comments[view] = map[string]string{}
		}
		comments[view][column] = comment
	}
	return comments, rows.Err()
}

// executor is a connection, its transaction, or a database of one connection.
type executor interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}
