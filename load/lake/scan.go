package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"m365lake/internal/disk"
	"m365lake/schemas"
)

// Scan lists the files of a table, of all tenants: by days first and tenants last, which is how a
// warehouse grows that is built daily. A table without files has none. It is an error if the table's
// folder holds anything that is not of the lake; what begins with a dot is passed over.
func (l Lake) Scan(ctx context.Context, table *schemas.Table) ([]Stamp, error) {
	var found []Stamp
	if err := l.scanFolder(ctx, table.Name, PartitionColumns(table), &found); err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b Stamp) int {
		return cmp.Or(cmp.Compare(withoutTenant(a.Path), withoutTenant(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	return found, nil
}

// scanTenant lists a tenant's files of a table in the order of their folders.
func (l Lake) scanTenant(ctx context.Context, table *schemas.Table, tenantID string) (found []Stamp, err error) {
	if err := checkTenant(tenantID); err != nil {
		return nil, err
	}
	folder := filepath.Join(table.Name, TenantColumn+"="+escape(tenantID))
	err = l.scanFolder(ctx, folder, table.Partition, &found)
	return found, err
}

func withoutTenant(path string) string {
	parts := strings.SplitN(path, string(filepath.Separator), 3)
	return parts[len(parts)-1]
}

func (l Lake) scanFolder(ctx context.Context, folder string, columns []string, found *[]Stamp) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	entries, err := os.ReadDir(filepath.Join(l.Dir, folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return disk.Error("read", filepath.Join(l.Dir, folder), err)
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."): // temporary files, and what file managers leave
		case len(columns) > 0 && strings.HasPrefix(e.Name(), columns[0]+"="):
			if _, err := unescape(e.Name()); err != nil {
				return fmt.Errorf("%s is not a folder of the lake: %w; remove it", filepath.Join(l.Dir, path), err)
			}
			if err := l.scanFolder(ctx, path, columns[1:], found); err != nil {
				return err
			}
		case len(columns) == 0 && e.Name() == lakeFile:
			info, err := os.Stat(filepath.Join(l.Dir, path))
			if err != nil {
				return disk.Error("read", filepath.Join(l.Dir, path), err)
			}
			*found = append(*found, Stamp{path, info.Size(), info.ModTime().UnixNano()})
		default:
			expected := lakeFile
			if len(columns) > 0 {
				expected = columns[0] + "=..."
			}
			return fmt.Errorf("%s does not belong into the lake, which has only %s there; "+
				"move it away, and if an older version made it, run sync again", filepath.Join(l.Dir, path), expected)
		}
	}
	return nil
}
