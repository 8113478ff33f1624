package erase

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/load/lake"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// OldTable is what is past its retention in one table.
type OldTable struct {
	Layer, Table string // lake or history
	Files        int
	Bytes        int64
	First, Last  string // days of the files
	Rows         int64  // of a table that is one file
}

// isDated says whether each file of a table belongs to one day.
func isDated(table *schemas.Table) bool {
	return len(table.Partition) > 0 && table.Columns[table.Column(table.Partition[0])].Type.Name == schemas.Date.Name
}

// layerOf says which retention a table follows. Numbers that count people are history, because they are small and
// identify no person.
func (r Retention) layerOf(table *schemas.Table) (name string, first time.Time) {
	if table.Name == schemas.ActivityMetrics.Name || table.Name == schemas.TenantCounts.Name || !isDated(table) {
		return "history", r.History
	}
	return "lake", r.Lake
}

// pruneLake finds what of a tenant's tables is past its retention, and removes it if remove is set.
func (e Eraser) pruneLake(
	ctx context.Context, tenantID string, r Retention, remove bool,
) (pruned []OldTable, err error) {
	for _, table := range catalog.Tables() {
		layer, first := r.layerOf(table)
		if first.IsZero() {
			continue
		}
		old := OldTable{Layer: layer, Table: table.Name}
		if isDated(table) {
			err = e.pruneFiles(ctx, table, tenantID, first, remove, &old)
		} else {
			old.Rows, err = e.pruneRows(ctx, table, tenantID, first, remove)
		}
		if old.Files > 0 || old.Rows > 0 {
			pruned = append(pruned, old)
		}
		if err != nil {
			return pruned, err
		}
	}
	return pruned, nil
}

// pruneFiles prunes a table whose files are of days, and adds to old what it found.
func (e Eraser) pruneFiles(
	ctx context.Context, table *schemas.Table, tenantID string, first time.Time, remove bool, old *OldTable,
) error {
	files, err := e.lake().Files(ctx, table, tenantID)
	if err != nil {
		return err
	}
	past := oldFiles(table, files, first)
	if remove {
		removed, failed := e.lake().Remove(past)
		past, err = past[:removed], failed
	}
	for _, f := range past {
		day := f.Partition[0]
		if old.Files == 0 {
			old.First = day
		}
		old.Files++
		old.Bytes += f.Size
		old.First, old.Last = min(old.First, day), max(old.Last, day)
	}
	return err
}

// oldFiles are those of a table's files that are of days before the first one, but for the newest of each
// series, such as one report over one period.
func oldFiles(table *schemas.Table, files []lake.File, first time.Time) []lake.File {
	series := func(f lake.File) string {
		if slices.Contains(table.Partition, "run_id") { // each run has its own
			return ""
		}
		return strings.Join(f.Partition[1:], "/")
	}
	newest := map[string]string{}
	for _, f := range files {
		newest[series(f)] = max(newest[series(f)], f.Partition[0])
	}
	return slices.DeleteFunc(slices.Clone(files), func(f lake.File) bool {
		return f.Partition[0] >= first.Format(time.DateOnly) || f.Partition[0] == newest[series(f)]
	})
}

// pruneRows removes versions that ended before the first day, and what is known of people who were
// deleted before it. Of those the row stays, which keeps the key from being given again.
func (e Eraser) pruneRows(
	ctx context.Context, table *schemas.Table, tenantID string, first time.Time, remove bool,
) (rows int64, err error) {
	w := lake.Rewrite{Table: table, Count: !remove}
	switch table.Name {
	case schemas.UserHistory.Name, schemas.LicenseHistory.Name:
		w.Columns = []string{"valid_to"}
		w.Judge = func(rows arrow.RecordBatch) *lake.Edit { return judgeVersions(rows, first) }
	case schemas.Users.Name:
		w.Columns = []string{"user_key", "user_principal_name", "deleted_at"}
		w.Judge = func(rows arrow.RecordBatch) *lake.Edit { return judgeDeletedUsers(rows, first, e.Day) }
	}
	done, err := e.lake().Rewrite(ctx, tenantID, w)
	return done.Dropped + done.Changed, err
}

// judgeVersions drops versions that ended before the first day.
func judgeVersions(rows arrow.RecordBatch, first time.Time) *lake.Edit {
	edit := lake.NewEdit(int(rows.NumRows()))
	ends := rows.Column(rows.Schema().FieldIndices("valid_to")[0]).(*array.Date32)
	for i := range ends.Len() {
		if ends.IsValid(i) && ends.Value(i) <= arrow.Date32FromTime(first) {
			edit.Drop(i)
		}
	}
	return edit
}

// judgeDeletedUsers takes what users says of people who were deleted before the first day.
func judgeDeletedUsers(rows arrow.RecordBatch, first, day time.Time) *lake.Edit {
	edit := lake.NewEdit(int(rows.NumRows()))
	deleted := rows.Column(rows.Schema().FieldIndices("deleted_at")[0]).(*array.Date32)
	for i := range deleted.Len() {
		if deleted.IsValid(i) && deleted.Value(i) < arrow.Date32FromTime(first) {
			buryUser(edit, rows, i, outdatedID, day)
		}
	}
	return edit
}
