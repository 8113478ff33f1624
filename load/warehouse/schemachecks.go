package warehouse

import (
	sqlfiles "m365lake/sql"

	"context"
	"fmt"
	"slices"
	"strings"

	"m365lake/internal/quote"
	"m365lake/load/lake"
	"m365lake/schemas"
)

// regionRows bounds how much of a table is checked at a time, and so the memory it takes.
const regionRows = 2_000_000

// checkSchemas runs the checks that follow from the schemas: keys are unique, and people exist.
// Only what was loaded is looked at; the rest was checked when it was.
func (s *session) checkSchemas(ctx context.Context) error {
	for _, c := range s.changes {
		if err := s.checkChange(ctx, c); err != nil {
			return err
		}
	}
	if !s.usersMoved {
		return nil
	}
	// Rows that were not loaded now are orphans only if their user is gone.
	var gone int64
	err := s.conn.QueryRowContext(ctx, sqlfiles.Text("warehouse/users_gone.sql")).Scan(&gone)
	if err != nil || gone == 0 {
		return err
	}
	s.failures = slices.DeleteFunc(
		s.failures,
		func(f CheckFailure) bool { return strings.HasSuffix(f.Check, orphanCheck) },
	)
	for _, table := range s.tables {
		if err := s.checkOrphans(ctx, table, quote.Identifier(table.Name)); err != nil {
			return err
		}
	}
	return nil
}

const (
	keyCheck    = "_key_unique"
	orphanCheck = "_user_key_known"
)

// checkChange checks what was loaded into a table, region by region. A region is the rows that
// agree in the partition columns that are part of the key: two rows of one key are in one region.
func (s *session) checkChange(ctx context.Context, c change) error {
	columns := slices.DeleteFunc(
		lake.PartitionColumns(c.table),
		func(name string) bool { return !slices.Contains(c.table.Key, name) },
	)
	regions, err := c.regions(columns)
	if err != nil {
		return err
	}
	for _, region := range regions {
		rows := quote.Identifier(c.table.Name)
		if !c.whole || len(regions) > 1 {
			if err := s.createValuesTable(ctx, c.table, "region", columns, region); err != nil {
				return err
			}
			rows = fmt.Sprintf("(FROM %s SEMI JOIN temp.main.region USING (%s))", rows, identifiers(columns))
		}
		if err := s.checkKey(ctx, c.table, rows); err != nil {
			return err
		}
		if err := s.checkOrphans(ctx, c.table, rows); err != nil {
			return err
		}
	}
	return nil
}

// regions are the distinct values of the columns in what was loaded, in portions of regionRows.
func (c change) regions(columns []string) (regions [][][]string, err error) {
	all := lake.PartitionColumns(c.table)
	seen := map[string]bool{}
	var rows int64
	for i, p := range c.loaded {
		values, err := p.Values()
		if err != nil {
			return nil, err
		}
		var tuple []string
		for j, name := range all {
			if slices.Contains(columns, name) {
				tuple = append(tuple, values[j])
			}
		}
		if len(regions) == 0 || rows+c.rows[i] > regionRows {
			regions, rows = append(regions, nil), 0
		}
		rows += c.rows[i]
		if key := strings.Join(tuple, "/"); !seen[key] {
			seen[key] = true
			last := &regions[len(regions)-1]
			*last = append(*last, tuple)
		}
	}
	return slices.DeleteFunc(regions, func(r [][]string) bool { return len(r) == 0 }), nil
}

// checkKey asserts that the key identifies a row, NULLs being equal. If the hashes of the keys
// differ, so do the keys, and hashes take a third of the time; only if some agree are the keys
// themselves looked at.
func (s *session) checkKey(ctx context.Context, table *schemas.Table, rows string) error {
	keys := identifiers(table.Key)
	var equal int64
	query := fmt.Sprintf("SELECT count(*) - count(DISTINCT hash(%s)) FROM %s", keys, rows)
	if err := s.conn.QueryRowContext(ctx, query).Scan(&equal); err != nil || equal == 0 {
		return err
	}
	return s.expectNone(
		ctx,
		table.Name+keyCheck,
		strings.Join(table.Key, ", ")+" must identify one row",
		fmt.Sprintf("SELECT %s, count(*) AS row_count FROM %s GROUP BY %s HAVING count(*) > 1 ORDER BY ALL",
			keys, rows, keys),
	)
}

// checkOrphans asserts that every user_key is one of users.
func (s *session) checkOrphans(ctx context.Context, table *schemas.Table, rows string) error {
	isUsers := func(t *schemas.Table) bool { return t.Name == schemas.Users.Name }
	isKey := func(c schemas.Column) bool { return c.Name == "user_key" }
	if isUsers(table) || !slices.ContainsFunc(table.Columns, isKey) || !slices.ContainsFunc(s.tables, isUsers) {
		return nil
	}
	orphans := fmt.Sprintf("FROM %s ANTI JOIN users USING (tenant_id, user_key) WHERE user_key IS NOT NULL", rows)
	var count int64
	if err := s.conn.QueryRowContext(ctx, "SELECT count(*) "+orphans).Scan(&count); err != nil || count == 0 {
		return err
	}
	return s.expectNone(ctx, table.Name+orphanCheck, "user_key must be one of the tenant's users", "SELECT * "+orphans)
}

func identifiers(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote.Identifier(name)
	}
	return strings.Join(quoted, ", ")
}
