package lake

import (
	"context"
	"iter"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
)

// rewriting writes those files of a table anew of which some rows must go or change.
type rewriting struct {
	Lake
	table   *schemas.Table
	columns []string // that judge looks at
	judge   func(rows arrow.RecordBatch) *verdict
	day     time.Time
	since   time.Time // only files written since then; zero is all
	write   bool      // else only count

	removed, emptied int64
}

func (w *rewriting) do(ctx context.Context, tenantID string) error {
	if len(w.columns) == 0 {
		return nil
	}
	files, err := w.Files(ctx, w.table, tenantID)
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.publishedBefore(w.since) {
			continue
		}
		concerned, err := w.concerns(ctx, file.absolute())
		if err != nil {
			return err
		}
		if !concerned || !w.write {
			continue
		}
		if _, err := w.Write(ctx, tenantID, w.rewritten(ctx, file)); err != nil {
			return err
		}
	}
	return nil
}

// concerns says whether a file has to be written anew, and counts what will change.
func (w *rewriting) concerns(ctx context.Context, path string) (bool, error) {
	fields := make([]arrow.Field, len(w.columns))
	for i, name := range w.columns {
		fields[i] = w.table.ArrowSchema().Field(w.table.Column(name))
	}
	var removed, emptied int64
	_, err := readFile(ctx, path, arrow.NewSchema(fields, nil), func(rows arrow.RecordBatch) bool {
		v := w.judge(rows)
		removed += v.removed
		emptied += v.emptied
		return true
	})
	if err != nil && ctx.Err() == nil {
		err = Damaged(path, err)
	}
	w.removed += removed
	w.emptied += emptied
	return removed+emptied > 0, err
}

// rewritten streams a file as judged.
func (w *rewriting) rewritten(ctx context.Context, file File) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		var failed error
		_, err := readFile(ctx, file.absolute(), w.table.ArrowSchema(), func(rows arrow.RecordBatch) bool {
			kept, err := w.judge(rows).apply(ctx, rows, w.table, w.day)
			if err != nil {
				failed = err
				return false
			}
			defer kept.Release()
			return yield(schemas.Batch{Table: w.table, Partition: file.Partition, Rows: kept}, nil)
		})
		if err == nil {
			err = failed
		}
		if err != nil {
			if ctx.Err() == nil {
				err = Damaged(file.absolute(), err)
			}
			yield(schemas.Batch{}, err)
		}
	}
}
