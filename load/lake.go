// Package load brings Arrow record batches into Parquet files, those into a DuckDB warehouse, and
// its views into exports. Every file is published whole or not at all.
package load

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"m365lake/schemas"
)

const (
	fileMode   = 0o600
	folderMode = 0o700
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
func (l Lake) Write(ctx context.Context, tenantID string, batches iter.Seq2[schemas.Batch, error]) (rows map[string]int64, err error) {
	if err := checkTenant(tenantID); err != nil {
		return nil, err
	}
	files := map[string]*pendingFile{}
	defer func() {
		for _, f := range files {
			_ = f.pending.Cleanup() // does nothing once published; otherwise the cause is already in err
		}
	}()
	for batch, err := range batches {
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if len(batch.Partition) != len(batch.Table.Partition) {
			return nil, fmt.Errorf("table %s: a batch has %d partition values instead of %d", batch.Table.Name, len(batch.Partition), len(batch.Table.Partition))
		}
		values := slices.Concat([]string{tenantID}, batch.Partition)
		if err := checkBatch(batch, values); err != nil {
			return nil, fmt.Errorf("table %s: %w", batch.Table.Name, err)
		}
		path := filepath.Join(l.Dir, partitionPath(batch.Table, values))
		f := files[path]
		if f == nil {
			if f, err = openPending(path, batch.Table); err != nil {
				return nil, diskError("write lake file", path, err)
			}
			files[path] = f
		}
		if err := f.write(batch.Rows); err != nil {
			return nil, diskError("write lake file", path, err)
		}
	}
	return publishPending(files)
}

// pendingFile is a lake file that nobody sees yet.
type pendingFile struct {
	*tableWriter
	pending *renameio.PendingFile
}

func openPending(path string, table *schemas.Table) (*pendingFile, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, err
	}
	if err := removeAbandoned(folder); err != nil {
		return nil, err
	}
	pending, err := renameio.NewPendingFile(path, renameio.WithTempDir(folder), renameio.WithStaticPermissions(fileMode))
	if err != nil {
		return nil, err
	}
	return &pendingFile{newTableWriter(pending, table), pending}, nil
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
			return nil, diskError("write lake file", path, err)
		}
		if err := f.pending.Sync(); err != nil {
			return nil, diskError("write lake file", path, err)
		}
		rows[f.table.Name] += f.rows
	}
	for path, f := range files {
		if err := f.pending.CloseAtomicallyReplace(); err != nil {
			return nil, diskError("publish lake file", path, err)
		}
		if err := syncFolder(filepath.Dir(path)); err != nil {
			return nil, diskError("publish lake file", path, err)
		}
	}
	return rows, nil
}
