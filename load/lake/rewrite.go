package lake

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/internal/disk"
	"m365lake/schemas"
)

// A Rewrite says which rows of a table's files must go or change.
type Rewrite struct {
	Table   *schemas.Table
	Columns []string // those that Judge looks at, by name
	// Judge says what is to become of the rows of a batch. It is called with the named columns alone, and
	// once more with all of them for a file of which rows go or change; it must say the same both times.
	Judge func(rows arrow.RecordBatch) *Edit
	Skip  func(File) bool // files to leave as they are; nil for none
	Count bool            // only count
}

// Rewritten is what a Rewrite did, or would do.
type Rewritten struct {
	Dropped int64 // rows
	Changed int64 // rows that stay
}

// Rewrite writes those of a tenant's files anew of which rows go or change. Each is replaced whole, so
// that it can be done again after an interruption. It returns what was done until an error, which names
// the file if it is damaged.
func (l Lake) Rewrite(ctx context.Context, tenantID string, r Rewrite) (done Rewritten, err error) {
	if len(r.Columns) == 0 {
		return done, nil
	}
	files, err := l.Files(ctx, r.Table, tenantID)
	if err != nil {
		return done, err
	}
	for _, file := range files {
		if r.Skip != nil && r.Skip(file) {
			continue
		}
		found, err := r.judgeFile(ctx, file.absolute())
		if err != nil {
			return done, err
		}
		if found != (Rewritten{}) && !r.Count {
			if _, err := l.Write(ctx, tenantID, r.rewritten(ctx, file)); err != nil {
				return done, err
			}
		}
		done.Dropped += found.Dropped
		done.Changed += found.Changed
	}
	return done, nil
}

// judgeFile counts what will change in a file.
func (r Rewrite) judgeFile(ctx context.Context, path string) (found Rewritten, err error) {
	fields := make([]arrow.Field, len(r.Columns))
	for i, name := range r.Columns {
		fields[i] = r.Table.ArrowSchema().Field(r.Table.Column(name))
	}
	_, err = readFile(ctx, path, arrow.NewSchema(fields, nil), func(rows arrow.RecordBatch) bool {
		edit := r.Judge(rows)
		found.Dropped += edit.Dropped()
		found.Changed += edit.Changed()
		return true
	})
	if err != nil && ctx.Err() == nil {
		err = Damaged(path, err)
	}
	return found, err
}

// rewritten streams a file as judged.
func (r Rewrite) rewritten(ctx context.Context, file File) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		var failed error
		_, err := readFile(ctx, file.absolute(), r.Table.ArrowSchema(), func(rows arrow.RecordBatch) bool {
			kept, err := r.Judge(rows).Apply(ctx, rows)
			if err != nil {
				failed = err
				return false
			}
			defer kept.Release()
			return yield(schemas.Batch{Table: r.Table, Partition: file.Partition, Rows: kept}, nil)
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

// RemoveUnfinished removes what killed runs were writing of a tenant's files of a table. Nobody else may
// write in the lake meanwhile.
func (l Lake) RemoveUnfinished(table *schemas.Table, tenantID string) error {
	if err := checkTenant(tenantID); err != nil {
		return err
	}
	folder := l.tenantFolder(table, tenantID)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasPrefix(entry.Name(), "."+lakeFile) {
			err = os.Remove(path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return disk.Error("clear lake folder", folder, err)
	}
	return nil
}
