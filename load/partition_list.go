package load

import (
	"context"
	"path/filepath"
	"time"

	"m365lake/schemas"
)

// A LakeFile is one partition of a table.
type LakeFile struct {
	Partition []string // the values of Table.Partition
	path      string
	size      int64
	modified  time.Time
}

// Rows is how many rows the file says it has.
func (f LakeFile) Rows() (int64, error) {
	footer, err := readFooter(f.path)
	if err != nil {
		return 0, damaged(f.path, err)
	}
	return footer.rows, nil
}

// Files lists a tenant's partitions of a table, in the order of their folders, so by days where
// the first partition column is one.
func (l Lake) Files(ctx context.Context, table *schemas.Table, tenantID string) ([]LakeFile, error) {
	found, err := l.tenantPartitions(ctx, table, tenantID)
	if err != nil {
		return nil, err
	}
	files := make([]LakeFile, len(found))
	for i, p := range found {
		values, err := p.values()
		if err != nil {
			return nil, err
		}
		files[i] = LakeFile{Partition: values[1:], path: filepath.Join(l.Dir, p.path), size: p.size, modified: time.Unix(0, p.modified)}
	}
	return files, nil
}
