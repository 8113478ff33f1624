package lake

import (
	"context"
	"path/filepath"
	"time"

	"m365lake/schemas"
)

// A LakeFile is one partition of a table.
type File struct {
	Partition []string // the values of Table.Partition
	path      string
	size      int64
	modified  time.Time
}

// Rows is how many rows the file says it has.
func (f File) Rows() (int64, error) {
	footer, err := ReadFooter(f.path)
	if err != nil {
		return 0, Damaged(f.path, err)
	}
	return footer.Rows, nil
}

// Files lists a tenant's partitions of a table, in the order of their folders, so by days where
// the first partition column is one.
func (l Lake) Files(ctx context.Context, table *schemas.Table, tenantID string) ([]File, error) {
	found, err := l.tenantPartitions(ctx, table, tenantID)
	if err != nil {
		return nil, err
	}
	files := make([]File, len(found))
	for i, p := range found {
		values, err := p.Values()
		if err != nil {
			return nil, err
		}
		files[i] = File{Partition: values[1:], path: filepath.Join(l.Dir, p.Path), size: p.Size, modified: time.Unix(0, p.Modified)}
	}
	return files, nil
}
