package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"

	"github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/disk"
	"m365lake/schemas"
)

// Open opens a published warehouse read-only for queries. It sees the file as it is now for as long
// as it is open, whatever is published meanwhile.
func Open(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no warehouse at %s; run sync first: %w", path, err)
	}
	db, err := attach(path, "READ_ONLY", nil)
	if err != nil {
		return nil, disk.Error("open", path, err)
	}
	if err := db.PingContext(context.Background()); err != nil {
		return nil, disk.Error("open", path, errors.Join(err, db.Close()))
	}
	return db, nil
}

// openNext opens the file that is being built, or makes it. Storage version v1.4.0 is faster to
// load than the default, checks that a log belongs to its file, and DuckDB 1.4 can read it. Row
// groups of half the usual size halve what is in memory while wide reports are loaded.
func openNext(next, memoryLimit string, threads int) (*sql.DB, error) {
	if err := os.MkdirAll(spillFolder(next), disk.FolderMode); err != nil {
		return nil, err
	}
	return attach(next, "STORAGE_VERSION 'v1.4.0', ROW_GROUP_SIZE 61440", map[string]string{
		"memory_limit":   memoryLimit,
		"threads":        strconv.Itoa(threads),
		"temp_directory": spillFolder(next),
		// Rows have no order to keep. Keeping it costs a quarter of the time.
		"preserve_insertion_order": "false",
	})
}

// attach opens a DuckDB file under the name that its file will have once published. It attaches
// the file to an instance of its own instead of opening it: the driver shares opened files by
// path within the process, so that somebody who opens the warehouse after a publication would get
// the old one as long as anybody else has it open.
func attach(path, options string, settings map[string]string) (*sql.DB, error) {
	query := url.Values{
		"autoinstall_known_extensions": {"false"},
		"autoload_known_extensions":    {"false"},
		"allow_community_extensions":   {"false"},
	}
	for name, value := range settings {
		query.Set(name, value)
	}
	statements := []string{
		fmt.Sprintf("ATTACH IF NOT EXISTS %s AS warehouse (TYPE duckdb, %s)", schemas.Literal(path), options),
		"USE warehouse",
		"SET TimeZone = 'UTC'",
	}
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
