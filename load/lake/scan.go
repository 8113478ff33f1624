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

// A partition is one lake file, on disk or as the warehouse remembers it. Two are the same content
// when they are equal: files are replaced by rename, never written again.
type Partition struct {
	Path     string // within the lake, so that the lake can be moved
	Size     int64
	Modified int64 // nanoseconds
}

// values are the partition's values, of which tenant_id is the first.
func (p Partition) Values() ([]string, error) {
	folders := strings.Split(filepath.Dir(p.Path), string(filepath.Separator))[1:]
	values := make([]string, len(folders))
	for i, folder := range folders {
		_, name, _ := strings.Cut(folder, "=")
		value, err := unescape(name)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}

// scan lists the lake's files of a table, of all tenants.
func (l Lake) Scan(ctx context.Context, table *schemas.Table) ([]Partition, error) {
	var found []Partition
	if err := l.scanFolder(ctx, table.Name, PartitionColumns(table), &found); err != nil {
		return nil, err
	}
	// By days first and tenants last: how a warehouse grows that is built daily.
	slices.SortFunc(found, func(a, b Partition) int {
		return cmp.Or(cmp.Compare(withoutTenant(a.Path), withoutTenant(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	return found, nil
}

func withoutTenant(path string) string {
	parts := strings.SplitN(path, string(filepath.Separator), 3)
	return parts[len(parts)-1]
}

func (l Lake) scanFolder(ctx context.Context, folder string, columns []string, found *[]Partition) error {
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
			*found = append(*found, Partition{path, info.Size(), info.ModTime().UnixNano()})
		default:
			expected := lakeFile
			if len(columns) > 0 {
				expected = columns[0] + "=..."
			}
			return fmt.Errorf("%s does not belong into the lake, which has only %s there; move it away, and if an older version made it, run sync again", filepath.Join(l.Dir, path), expected)
		}
	}
	return nil
}
