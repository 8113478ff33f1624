package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/parquet-go/parquet-go"

	"m365lake/schemas"
)

// footer is what a lake file says about itself.
type footer struct {
	rows    int64
	columns []string
}

func readFooter(path string) (footer, error) {
	f, err := os.Open(path)
	if err != nil {
		return footer{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return footer{}, err
	}
	file, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return footer{}, err
	}
	columns := make([]string, 0, len(file.Root().Columns()))
	for _, c := range file.Root().Columns() {
		columns = append(columns, c.Name())
	}
	return footer{file.NumRows(), columns}, nil
}

// blame finds out which of many files made a load fail; DuckDB does not always say. It reads them
// one by one, apart from the build, which is lost.
func (s *session) blame(ctx context.Context, table *schemas.Table, paths []string, cause error) error {
	if ctx.Err() != nil {
		return cause
	}
	var hashed, missing []string
	for _, c := range table.Columns {
		name := schemas.Identifier(c.Name)
		hashed = append(hashed, name)
		if c.Required {
			missing = append(missing, fmt.Sprintf("count(*) FILTER (%s IS NULL)", name))
		}
	}
	for _, path := range paths {
		footer, err := readFooter(path)
		if err != nil {
			return damaged(path, err)
		}
		present := map[string]bool{}
		for _, c := range footer.columns {
			present[c] = true
		}
		statement := fmt.Sprintf("WITH f(%s) AS (SELECT %s FROM read_parquet(?, hive_partitioning = false)) SELECT bit_xor(hash(%s)) IS NULL AND count(*) > 0, %s FROM f",
			strings.Join(hashed, ", "), selection(table, present), strings.Join(hashed, ", "), strings.Join(append(missing, "0"), " + "))
		var nothing bool
		var nulls int64
		err = s.db.QueryRowContext(ctx, statement, literalPaths([]string{path})).Scan(&nothing, &nulls)
		switch {
		case ctx.Err() != nil:
			return cause
		case err != nil:
			return damaged(path, err)
		case nulls > 0:
			return damaged(path, cause)
		}
	}
	return fmt.Errorf("table %s, lake files from %s on: %w", table.Name, paths[0], cause)
}

// explain turns an error of the build into one that says what to do.
func (b Build) explain(next string, err error, fresh bool) error {
	var failed *duckdb.Error
	var file *damagedError
	if errors.As(err, &file) || !errors.As(err, &failed) {
		return err
	}
	// Read only now that its blocks are needed, the published file turns out to be broken.
	broken := failed.Type == duckdb.ErrorTypeFatal || failed.Type == duckdb.ErrorTypeInternal || strings.Contains(failed.Msg, "Corrupt database file")
	switch {
	case broken && !fresh:
		return &unusableError{"the published warehouse could not be read: " + oneLine(err).Error()}
	case failed.Type == duckdb.ErrorTypeOutOfMemory:
		return fmt.Errorf("cannot build %s: %w", next, oneLine(err))
	}
	return diskError("build", next, err)
}
