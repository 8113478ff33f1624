// Package duck opens DuckDB in the one way in which the program uses it: an instance of its own in
// memory that loads no extension by itself, with a file attached or none.
package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/quote"
)

// A File is a DuckDB file to attach.
type File struct {
	Path    string
	Name    string   // of the attached database; always the same for one file, whose views may name it
	Options []string // of ATTACH, such as READ_ONLY
}

// Settings are of the instance, such as memory_limit or threads.
type Settings map[string]string

// lockdown keeps the instance from loading code: what is in a file, or what somebody asks, must not
// make DuckDB fetch and run an extension.
var lockdown = [...]string{"autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"}

// Open attaches a file and makes it the current database; times are in UTC. The error of a file that
// cannot be opened comes with the first use of the result, which the caller closes.
//
// The file is attached to an instance of its own instead of being opened, because the driver shares
// opened files by path within the process. Otherwise a reader that opens a warehouse after a new one was
// published in its place would get the old one for as long as another reader has it open.
func Open(file File, settings Settings) (*sql.DB, error) {
	options := strings.Join(append([]string{"TYPE duckdb"}, file.Options...), ", ")
	return connect(
		settings,
		fmt.Sprintf("ATTACH IF NOT EXISTS %s AS %s (%s)",
			quote.Literal(file.Path), quote.Identifier(file.Name), options),
		"USE "+quote.Identifier(file.Name),
	)
}

// OpenMemory opens an instance without a file, which the caller closes. Times are in UTC. The instance
// has one connection, so that variables and temporary tables are there for every statement.
func OpenMemory() (*sql.DB, error) {
	db, err := connect(nil)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// connect prepares an instance whose connections all begin with the statements.
func connect(settings Settings, statements ...string) (*sql.DB, error) {
	query := url.Values{}
	for _, name := range lockdown {
		query.Set(name, "false")
	}
	for name, value := range settings {
		query.Set(name, value)
	}
	statements = append(statements, "SET TimeZone = 'UTC'")
	connector, err := duckdb.NewConnector(":memory:?"+query.Encode(), func(connection driver.ExecerContext) error {
		for _, s := range statements {
			if _, err := connection.ExecContext(context.Background(), s, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}
