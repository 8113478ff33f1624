package warehouse

import (
	sqlfiles "m365lake/sql"

	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"m365lake/internal/quote"
	"m365lake/internal/text"
	"m365lake/load/lake"
	"m365lake/schemas"
)

// filesPerStatement bounds the statements that read lake files, not their speed.
const filesPerStatement = 256

// A session is one build at work.
type session struct {
	Build
	conn *sql.Conn
	db   *sql.DB // to look at the lake apart from that

	partitions int
	rows       int64
	lakeBytes  int64 // of the lake files of the tables loaded so far
	threads    int   // that DuckDB uses
	changes    []change
	usersMoved bool // users were removed or replaced; users_before holds who was there
	failures   []CheckFailure
	touched    map[string][]touchedMonth // by table, for its roll-ups
}

// A change is a table some of whose partitions were loaded; the rest of it was checked before.
type change struct {
	table  *schemas.Table
	whole  bool // every partition was loaded
	loaded []lake.Stamp
	rows   []int64 // of each of them
}

// load brings one table in line with the lake. So the warehouse is always a function of the lake,
// whichever runs were killed or lost in between.
func (s *session) load(ctx context.Context, table *schemas.Table) (err error) {
	ctx, span := startTableSpan(ctx, table)
	before := s.rows
	defer func() { endTableSpan(span, s.rows-before, err) }()
	held, err := s.heldPartitions(ctx, table)
	if err != nil {
		return err
	}
	files, err := s.Lake.Scan(ctx, table)
	if err != nil {
		return err
	}
	if err := s.widen(ctx, files); err != nil {
		return err
	}
	stale, fresh := difference(held, files), difference(files, held)
	if len(stale) > 0 {
		if err := s.remove(ctx, table, stale, len(stale) == len(held)); err != nil {
			return err
		}
	}
	c := change{table: table, whole: len(fresh) == len(files), loaded: fresh}
	for files := range slices.Chunk(fresh, filesPerStatement) {
		rows, err := s.insert(ctx, table, files)
		if err != nil {
			return err
		}
		c.rows = append(c.rows, rows...)
	}
	if len(fresh) > 0 {
		s.changes = append(s.changes, c)
	}
	// A replaced file is in both.
	changed := map[string]bool{}
	for _, p := range slices.Concat(stale, fresh) {
		changed[p.Path] = true
	}
	s.partitions += len(changed)
	return s.touch(table, slices.Concat(stale, fresh))
}

// smallLake is the size up to which one thread builds a warehouse as fast as two. A second one costs a fifth more
// processor time then, which counts where many small tenants are run by one machine.
const smallLake = 4 << 20

// widen gives DuckDB all processors as soon as the lake is seen to be more than a small one, unless the
// configuration says how many threads there are.
func (s *session) widen(ctx context.Context, files []lake.Stamp) error {
	for _, f := range files {
		s.lakeBytes += f.Size
	}
	processors := runtime.GOMAXPROCS(0)
	if s.Threads > 0 || s.lakeBytes <= smallLake || s.threads == processors {
		return nil
	}
	s.threads = processors
	_, err := s.conn.ExecContext(ctx, "SET threads = "+strconv.Itoa(processors))
	return err
}

// difference are those of a that are not in b.
func difference(a, b []lake.Stamp) []lake.Stamp {
	in := make(map[lake.Stamp]bool, len(b))
	for _, p := range b {
		in[p] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(p lake.Stamp) bool { return in[p] })
}

// heldPartitions are the partitions whose rows the warehouse has.
func (s *session) heldPartitions(ctx context.Context, table *schemas.Table) (held []lake.Stamp, err error) {
	rows, err := s.conn.QueryContext(ctx, sqlfiles.Text("warehouse/held_partitions.sql"), table.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p lake.Stamp
		if err := rows.Scan(&p.Path, &p.Size, &p.Modified); err != nil {
			return nil, err
		}
		held = append(held, p)
	}
	return held, rows.Err()
}

// remove deletes the rows of partitions that changed or vanished.
func (s *session) remove(ctx context.Context, table *schemas.Table, stale []lake.Stamp, all bool) error {
	name := quote.Identifier(table.Name)
	if table.Name == schemas.Users.Name {
		s.usersMoved = true
		if _, err := s.conn.ExecContext(ctx, sqlfiles.Text("warehouse/users_before.sql")); err != nil {
			return err
		}
	}
	if all {
		if err := execute(ctx, s.conn, []string{"DELETE FROM " + name}); err != nil {
			return err
		}
	} else {
		tuples := make([][]string, len(stale))
		for i, p := range stale {
			var err error
			if tuples[i], err = p.Values(); err != nil {
				return err
			}
		}
		columns := lake.PartitionColumns(table)
		if err := s.createValuesTable(ctx, table, "stale", columns, tuples); err != nil {
			return err
		}
		statement := fmt.Sprintf("DELETE FROM %s AS t USING temp.main.stale AS p WHERE %s", name, columnsAgree(columns))
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	paths := make([]string, len(stale))
	for i, p := range stale {
		paths[i] = p.Path
	}
	_, err := s.conn.ExecContext(ctx, sqlfiles.Text("warehouse/forget_partitions.sql"), table.Name, paths)
	return err
}

// columnsAgree is the condition that a row t and a row p agree in the columns. It is written with =, and
// not so that NULLs agree, because DuckDB then reads only the row groups where it can hold.
// Partition columns are never NULL.
func columnsAgree(columns []string) string {
	conditions := make([]string, len(columns))
	for i, c := range columns {
		conditions[i] = fmt.Sprintf("t.%[1]s = p.%[1]s", quote.Identifier(c))
	}
	return strings.Join(conditions, " AND ")
}

// createValuesTable makes a temporary table of values of the table's columns, in their types.
func (s *session) createValuesTable(
	ctx context.Context,
	table *schemas.Table,
	name string,
	columns []string,
	tuples [][]string,
) error {
	selected, bound := make([]string, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		list := make([]string, len(tuples))
		for j, tuple := range tuples {
			list[j] = tuple[i]
		}
		bound[i] = list
		selected[i] = fmt.Sprintf("CAST(unnest(CAST(? AS VARCHAR[])) AS %s) AS %s",
			table.Columns[table.Column(c)].Type.DuckDB, quote.Identifier(c))
	}
	statement := fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS SELECT %s",
		quote.Identifier(name), strings.Join(selected, ", "))
	if _, err := s.conn.ExecContext(ctx, statement, bound...); err != nil {
		return fmt.Errorf("the folders of %s hold a value that its columns cannot: %w",
			filepath.Join(s.Lake.Dir, table.Name), text.OneLineError(err))
	}
	return nil
}

// insert loads lake files into their table and returns the rows of each.
func (s *session) insert(ctx context.Context, table *schemas.Table, files []lake.Stamp) ([]int64, error) {
	paths := make([]string, len(files))
	counts, checksums := make([]int64, len(files)), make([]int64, len(files))
	present := map[string]bool{}
	var total int64
	alike, first := true, "" // all files have the columns of the first one
	for i, p := range files {
		paths[i] = filepath.Join(s.Lake.Dir, p.Path)
		footer, err := lake.ReadFooter(paths[i])
		if err != nil {
			return nil, lake.Damaged(paths[i], err)
		}
		if checksums[i], err = s.Lake.Checksum(p); err != nil {
			return nil, lake.Damaged(paths[i], err)
		}
		counts[i] = footer.Rows
		total += footer.Rows
		for _, c := range footer.Columns {
			present[c] = true
		}
		if i == 0 {
			first = footer.Schema
		}
		alike = alike && footer.Schema == first
	}
	// DuckDB opens every file twice to unite their columns by name.
	statement := fmt.Sprintf(
		"INSERT INTO %s SELECT %s FROM read_parquet(?, hive_partitioning = false, union_by_name = %t)",
		quote.Identifier(table.Name), selection(table, present), !alike,
	)
	done, err := s.conn.ExecContext(ctx, statement, literalPaths(paths))
	if err != nil {
		return nil, s.blame(ctx, table, paths, err)
	}
	loaded, err := done.RowsAffected()
	if err != nil {
		return nil, err
	}
	if loaded != total {
		return nil, fmt.Errorf("table %s: loaded %d rows of %d in %d lake files, from %s on",
			table.Name, loaded, total, len(files), paths[0])
	}
	s.rows += total
	return counts, s.record(ctx, table, files, counts, checksums)
}

// selection takes the table's columns by name. A column that came into the table after the files
// were written is NULL.
func selection(table *schemas.Table, present map[string]bool) string {
	columns := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		columns[i] = quote.Identifier(c.Name)
		if !present[c.Name] {
			columns[i] = fmt.Sprintf("CAST(NULL AS %s)", c.Type.DuckDB)
		}
	}
	return strings.Join(columns, ", ")
}

// literalPaths keeps DuckDB from taking a path for a pattern.
func literalPaths(paths []string) []string {
	quote := strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]")
	literal := make([]string, len(paths))
	for i, p := range paths {
		literal[i] = quote.Replace(p)
	}
	return literal
}

// record remembers which files the warehouse holds.
func (s *session) record(
	ctx context.Context, table *schemas.Table, files []lake.Stamp, counts, checksums []int64,
) error {
	var paths, tenants []string
	var sizes, modified []int64
	for _, p := range files {
		values, err := p.Values()
		if err != nil {
			return err
		}
		paths, tenants = append(paths, p.Path), append(tenants, values[0])
		sizes, modified = append(sizes, p.Size), append(modified, p.Modified)
	}
	_, err := s.conn.ExecContext(ctx, sqlfiles.Text("warehouse/record_partitions.sql"),
		table.Name, tenants, paths, sizes, modified, counts, checksums)
	return err
}
