package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/disk"
	"m365lake/internal/quote"
	"m365lake/internal/text"
	"m365lake/load/lake"
	"m365lake/schemas"
)

// blame finds out which of many files made a load fail; DuckDB does not always say. It reads them
// one by one, apart from the build, which is lost.
func (s *session) blame(ctx context.Context, table *schemas.Table, paths []string, cause error) error {
	if ctx.Err() != nil {
		return cause
	}
	var hashed, missing []string
	for _, c := range table.Columns {
		name := quote.Identifier(c.Name)
		hashed = append(hashed, name)
		if c.Required {
			missing = append(missing, fmt.Sprintf("count(*) FILTER (%s IS NULL)", name))
		}
	}
	for _, path := range paths {
		footer, err := lake.ReadFooter(path)
		if err != nil {
			return lake.Damaged(path, err)
		}
		present := map[string]bool{}
		for _, c := range footer.Columns {
			present[c] = true
		}
		names := strings.Join(hashed, ", ")
		statement := fmt.Sprintf("WITH f(%s) AS (SELECT %s FROM read_parquet(?, hive_partitioning = false)) "+
			"SELECT bit_xor(hash(%s)) IS NULL AND count(*) > 0, %s FROM f",
			names, selection(table, present), names, strings.Join(append(missing, "0"), " + "))
		var nothing bool
		var nulls int64
		err = s.db.QueryRowContext(ctx, statement, literalPaths([]string{path})).Scan(&nothing, &nulls)
		switch {
		case ctx.Err() != nil:
			return cause
		case err != nil:
			return lake.Damaged(path, err)
		case nulls > 0:
			return lake.Damaged(path, cause)
		}
	}
	return fmt.Errorf("table %s, lake files from %s on: %w", table.Name, paths[0], cause)
}

// explain turns an error of the build into one that says what to do.
func (b Build) explain(next string, err error, fresh bool) error {
	var failed *duckdb.Error
	var file *lake.DamagedError
	if errors.As(err, &file) || !errors.As(err, &failed) {
		return err
	}
	if failed.Type == duckdb.ErrorTypeOutOfMemory {
		return fmt.Errorf("cannot build %s: %w", next, text.OneLineError(err))
	}
	var unusable *unusableError
	if err := healable(err, fresh); errors.As(err, &unusable) {
		return err
	}
	return disk.Error("build", next, err)
}

// healable returns an unusableError in the place of an error that comes of the published file: only now that
// its blocks are needed, it turns out to be broken, and is made anew from the lake. All other errors it
// returns as they are.
func healable(err error, fresh bool) error {
	var failed *duckdb.Error
	if fresh || !errors.As(err, &failed) || disk.Full(err) || disk.Forbidden(err) {
		return err
	}
	if failed.Type == duckdb.ErrorTypeFatal || failed.Type == duckdb.ErrorTypeInternal ||
		strings.Contains(failed.Msg, "Corrupt database file") {
		return unreadable(err)
	}
	return err
}
