package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// Seal keeps what is asked of the database from reading or writing any file but the one that Open attached, and
// from taking that back. The database has one connection afterwards, which was opened before. It returns an error
// if DuckDB does not know the settings.
func Seal(ctx context.Context, db *sql.DB) error {
	db.SetMaxOpenConns(1) // another connection would begin with ATTACH, which is forbidden from now on
	for _, set := range []string{"SET enable_external_access = false", "SET lock_configuration = true"} {
		if _, err := db.ExecContext(ctx, set); err != nil {
			return err
		}
	}
	return nil
}

// reachesOut finds the words without which there is no statement of a kind that RefuseReachingOut refuses.
var reachesOut = regexp.MustCompile(`(?i)attach|detach|load|install|prepare|execute`)

// RefuseReachingOut returns an error if the one statement attaches or detaches a database, or loads an extension:
// READ_ONLY holds for the file that Open attached, and a file that is detached could be attached again for
// writing. The kind of the statement is told by DuckDB, and nothing is executed. A statement that DuckDB cannot
// prepare is an error too.
func RefuseReachingOut(ctx context.Context, connection *sql.Conn, statement string) error {
	if !reachesOut.MatchString(statement) {
		return nil
	}
	return connection.Raw(func(raw any) error {
		opened, ok := raw.(driver.Conn)
		if !ok {
			return errors.New("the connection is not one of DuckDB")
		}
		prepared, err := opened.Prepare(statement) // with a context the driver would execute all but the last of several
		if err != nil {
			return err
		}
		defer prepared.Close() //nolint:errcheck // nothing was executed
		kind, err := prepared.(*duckdb.Stmt).StatementType()
		if err != nil {
			return err
		}
		refused := []duckdb.StmtType{
			duckdb.STATEMENT_TYPE_ATTACH, duckdb.STATEMENT_TYPE_DETACH, duckdb.STATEMENT_TYPE_LOAD,
			duckdb.STATEMENT_TYPE_PREPARE, duckdb.STATEMENT_TYPE_EXECUTE,
		}
		if slices.Contains(refused, kind) {
			word := strings.ToUpper(reachesOut.FindString(statement))
			return fmt.Errorf("%s is not allowed here: only the warehouse can be asked, and only for reading; "+
				"use a DuckDB client for more", word)
		}
		return nil
	})
}

// sqlPart is what a statement consists of: a comment, a text in quotes of some kind, or another character. What is
// not closed goes to the end of the text.
var sqlPart = regexp.MustCompile(
	`(?s)--[^\n]*|/\*.*?(?:\*/|$)|[eE]'(?:\\.|''|[^'\\])*'?|'(?:''|[^'])*'?|"(?:""|[^"])*"?|` +
		`\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$|.`,
)

// Statements splits a text at the semicolons that end its statements, and leaves out those of comments and white
// space alone. DuckDB finds what is wrong with them.
func Statements(text string) []string {
	var statements []string
	begin, empty := 0, true
	end := func(at int) {
		if !empty {
			statements = append(statements, strings.TrimSpace(text[begin:at]))
		}
		begin, empty = at+1, true
	}
	for at := 0; at < len(text); {
		part := sqlPart.FindString(text[at:])
		switch {
		case part == ";":
			end(at)
		case strings.HasPrefix(part, "--"), strings.HasPrefix(part, "/*"), strings.TrimSpace(part) == "":
		case len(part) > 1 && part[0] == '$':
			empty = false
			if length := strings.Index(text[at+len(part):], part); length >= 0 {
				part = text[at : at+len(part)+length+len(part)]
			}
		default:
			empty = false
		}
		at += max(len(part), 1)
	}
	end(len(text))
	return statements
}
