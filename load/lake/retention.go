package lake

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/internal/disk"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// Retention is how far back a lake goes.
type Retention struct {
	Lake    time.Time // first day of which files are kept; zero keeps all
	History time.Time // the same for what counts people or tells how things were; zero keeps all
	Day     time.Time // of the run
}

// Pruned is what is past its retention in one table.
type Pruned struct {
	Layer, Table string // lake or history
	Files        int
	Bytes        int64
	First, Last  string // days of the files
	Rows         int64  // of a table that is one file
}

// dated says whether the files of a table are of days.
func dated(table *schemas.Table) bool {
	return len(table.Partition) > 0 && table.Columns[table.Column(table.Partition[0])].Type.Name == schemas.Date.Name
}

// layer is whose retention a table follows: numbers that count people are history, for they are small
// and about nobody.
func (r Retention) layer(table *schemas.Table) (name string, first time.Time) {
	if table.Name == schemas.ActivityMetrics.Name || table.Name == schemas.TenantCounts.Name || !dated(table) {
		return "history", r.History
	}
	return "lake", r.Lake
}

// Prune tells what of a tenant is past its retention, and removes it if remove is set. The newest day
// of each series, such as one report over one period, always stays, and so does every user_key.
func (l Lake) Prune(ctx context.Context, tenantID string, r Retention, remove bool) (pruned []Pruned, err error) {
	for _, table := range catalog.Tables() {
		layer, first := r.layer(table)
		if first.IsZero() {
			continue
		}
		p := Pruned{Layer: layer, Table: table.Name}
		if dated(table) {
			err = l.pruneFiles(ctx, table, tenantID, first, remove, &p)
		} else {
			err = l.pruneRows(ctx, table, tenantID, first, r.Day, remove, &p)
		}
		if p.Files > 0 || p.Rows > 0 {
			pruned = append(pruned, p)
		}
		if err != nil {
			return pruned, err
		}
	}
	return pruned, nil
}

func (l Lake) pruneFiles(ctx context.Context, table *schemas.Table, tenantID string, first time.Time, remove bool, p *Pruned) error {
	files, err := l.Files(ctx, table, tenantID)
	if err != nil {
		return err
	}
	series := func(f File) string {
		if slices.Contains(table.Partition, "run_id") { // each run has its own
			return ""
		}
		return strings.Join(f.Partition[1:], "/")
	}
	newest := map[string]string{}
	for _, f := range files {
		newest[series(f)] = max(newest[series(f)], f.Partition[0])
	}
	for _, f := range files {
		day := f.Partition[0]
		if day >= first.Format(time.DateOnly) || day == newest[series(f)] {
			continue
		}
		if remove {
			if err := l.remove(f.absolute()); err != nil {
				return disk.Error("remove", f.absolute(), err)
			}
		}
		if p.Files == 0 {
			p.First = day
		}
		p.Files++
		p.Bytes += f.Size
		p.First, p.Last = min(p.First, day), max(p.Last, day)
	}
	return nil
}

// remove removes a lake file and the folders that are empty then.
func (l Lake) remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	folder := filepath.Dir(path)
	if err := removeAbandoned(folder); err != nil {
		return err
	}
	for ; folder != l.Dir && os.Remove(folder) == nil; folder = filepath.Dir(folder) { // until one is not empty
	}
	return nil
}

// pruneRows removes versions that ended before the first day, and what is known of people who were
// deleted before it. Of those the row stays, which keeps the key from being given again.
func (l Lake) pruneRows(ctx context.Context, table *schemas.Table, tenantID string, first, day time.Time, remove bool, p *Pruned) error {
	w := rewriting{Lake: l, table: table, day: day, write: remove}
	begin := arrow.Date32FromTime(first)
	switch table.Name {
	case schemas.UserHistory.Name, schemas.LicenseHistory.Name:
		w.columns = []string{"valid_to"}
		w.judge = func(rows arrow.RecordBatch) *verdict {
			v := newVerdict(int(rows.NumRows()))
			ends := rows.Column(rows.Schema().FieldIndices("valid_to")[0]).(*array.Date32)
			for i := range v.drop {
				if ends.IsValid(i) && ends.Value(i) <= begin {
					v.drop[i] = true
					v.removed++
				}
			}
			return v
		}
	case schemas.Users.Name:
		w.columns = []string{"user_key", "user_principal_name", "deleted_at"}
		w.judge = func(rows arrow.RecordBatch) *verdict {
			v := newVerdict(int(rows.NumRows()))
			deleted := rows.Column(rows.Schema().FieldIndices("deleted_at")[0]).(*array.Date32)
			for i := range v.bury {
				if deleted.IsValid(i) && deleted.Value(i) < begin && value(rows, "user_principal_name", i) != ForgottenName(keyAt(rows, "user_key", i)) {
					v.bury[i] = true
					v.emptied++
				}
			}
			return v
		}
	}
	err := w.do(ctx, tenantID)
	p.Rows = w.removed + w.emptied
	return err
}
