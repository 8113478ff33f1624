package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"m365lake/internal/disk"
	"m365lake/internal/duck"
)

// databaseName is the name under which DuckDB attaches a warehouse, while it is built and for queries.
const databaseName = "warehouse"

// Open opens a published warehouse read-only for queries. It sees the file as it is now for as long
// as it is open, whatever is published meanwhile.
func Open(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no warehouse at %s; run sync first: %w", path, err)
	}
	db, err := duck.Open(duck.File{Path: path, Name: databaseName, Options: []string{"READ_ONLY"}}, nil)
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
	options := []string{"STORAGE_VERSION 'v1.4.0'", "ROW_GROUP_SIZE 61440"}
	return duck.Open(duck.File{Path: next, Name: databaseName, Options: options}, duck.Settings{
		"memory_limit":   memoryLimit,
		"threads":        strconv.Itoa(threads),
		"temp_directory": spillFolder(next),
		// Rows have no order to keep. Keeping it costs a quarter of the time.
		"preserve_insertion_order": "false",
	})
}
