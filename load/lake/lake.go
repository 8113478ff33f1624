package lake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/sourcegraph/conc"

	"m365lake/internal/disk"
	"m365lake/schemas"
)

// Lake is the folder of the typed tables, the record from which warehouses are built:
// <dir>/<table>/tenant_id=<id>/<column>=<value>/.../part.parquet
type Lake struct{ Dir string }

// Write publishes the files of one stream of batches: every file whole, or none at all when the
// stream or a write fails. Batches of several tables and partitions may be mixed. A file is opened
// when its first batch comes and stays open to the end; each costs a few megabytes of memory.
// It returns the number of rows of each table.
//
// Calls may run at the same time as long as they write different files.
func (l Lake) Write(
	ctx context.Context,
	tenantID string,
	batches iter.Seq2[schemas.Batch, error],
) (rows map[string]int64, err error) {
	if err := checkTenant(tenantID); err != nil {
		return nil, err
	}
	w := &lakeWriter{lake: l, tenantID: tenantID, files: map[string]*pendingFile{}}
	defer w.discard()
	if err := w.writeAll(ctx, batches); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx) // also when the last batch was taken before the end was seen
	}
	return publishPending(w.files)
}

// lakeWriter writes the files of one stream of batches.
type lakeWriter struct {
	lake     Lake
	tenantID string
	files    map[string]*pendingFile
}

func (w *lakeWriter) discard() {
	for _, f := range w.files {
		_ = f.pending.Cleanup() // does nothing once published; otherwise the cause is already being returned
	}
}

// writeAll writes each batch while the next one is being made.
func (w *lakeWriter) writeAll(ctx context.Context, batches iter.Seq2[schemas.Batch, error]) error {
	queue, done := make(chan schemas.Batch, 1), make(chan struct{})
	var failed error // of the writer; read once done is closed
	var writer conc.WaitGroup
	writer.Go(func() {
		defer close(done)
		for b := range queue {
			failed = w.write(b)
			b.Rows.Release()
			if failed != nil {
				return
			}
		}
	})
	err := func() error {
		defer close(queue)
		for b, err := range batches {
			if err != nil {
				return err
			}
			b.Rows.Retain()
			select {
			case queue <- b:
			case <-done:
				b.Rows.Release()
				return nil
			case <-ctx.Done():
				b.Rows.Release()
				return context.Cause(ctx)
			}
		}
		return nil
	}()
	writer.Wait() // raises the writer's panic here, where the caller can catch it
	for b := range queue {
		b.Rows.Release() // was under way when the writer failed
	}
	if failed != nil {
		return failed
	}
	return err
}

// write writes one batch to its file.
func (w *lakeWriter) write(batch schemas.Batch) error {
	if len(batch.Partition) != len(batch.Table.Partition) {
		return fmt.Errorf("table %s: a batch has %d partition values instead of %d",
			batch.Table.Name, len(batch.Partition), len(batch.Table.Partition))
	}
	values := slices.Concat([]string{w.tenantID}, batch.Partition)
	if err := checkBatch(batch, values); err != nil {
		return fmt.Errorf("table %s: %w", batch.Table.Name, err)
	}
	path := filepath.Join(w.lake.Dir, PartitionPath(batch.Table, values))
	f := w.files[path]
	if f == nil {
		var err error
		if f, err = openPending(path, batch.Table); err != nil {
			return disk.Error("write lake file", path, err)
		}
		w.files[path] = f
	}
	if err := f.write(batch.Rows); err != nil {
		return disk.Error("write lake file", path, err)
	}
	return nil
}

// pendingFile is a lake file that nobody sees yet.
type pendingFile struct {
	*tableWriter
	pending *renameio.PendingFile
}

func openPending(path string, table *schemas.Table) (*pendingFile, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, disk.FolderMode); err != nil {
		return nil, err
	}
	if err := removeAbandoned(folder); err != nil {
		return nil, err
	}
	pending, err := renameio.NewPendingFile(
		path,
		renameio.WithTempDir(folder),
		renameio.WithStaticPermissions(disk.FileMode),
	)
	if err != nil {
		return nil, err
	}
	writer, err := newTableWriter(pending, table)
	if err != nil {
		return nil, errors.Join(err, pending.Cleanup())
	}
	return &pendingFile{writer, pending}, nil
}

// removeAbandoned removes the temporary files of killed runs. Only one writer works in a folder.
func removeAbandoned(folder string) error {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+lakeFile) {
			if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return err
}

// publishPending renames the files only after all of them are whole and on disk.
func publishPending(files map[string]*pendingFile) (map[string]int64, error) {
	rows := map[string]int64{}
	for path, f := range files {
		if err := f.close(); err != nil {
			return nil, disk.Error("write lake file", path, err)
		}
		if err := f.pending.Sync(); err != nil {
			return nil, disk.Error("write lake file", path, err)
		}
		rows[f.table.Name] += f.rows
	}
	for path, f := range files {
		if err := f.pending.CloseAtomicallyReplace(); err != nil {
			return nil, disk.Error("publish lake file", path, err)
		}
		if err := disk.SyncFolder(filepath.Dir(path)); err != nil {
			return nil, disk.Error("publish lake file", path, err)
		}
	}
	return rows, nil
}
