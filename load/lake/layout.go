package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"m365lake/internal/disk"
	"m365lake/schemas"
)

const (
	TenantColumn = "tenant_id"
	lakeFile     = "part.parquet"
)

// tenantIDs are the ids that can be folder names on every system; Entra's are GUIDs.
var tenantIDs = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$`)

func checkTenant(id string) error {
	if !tenantIDs.MatchString(id) {
		return fmt.Errorf(
			"tenant id %q is not one: it takes letters, digits, dots, hyphens and underscores, and begins with a letter or "+
				"digit",
			id,
		)
	}
	return nil
}

// PartitionColumns are the columns that make the folders of a table's files.
func PartitionColumns(table *schemas.Table) []string {
	return append([]string{TenantColumn}, table.Partition...)
}

// PartitionPath is the path of a lake file within the lake; values are those of PartitionColumns.
func PartitionPath(table *schemas.Table, values []string) string {
	path := table.Name
	for i, column := range PartitionColumns(table) {
		path = filepath.Join(path, column+"="+escape(values[i]))
	}
	return filepath.Join(path, lakeFile)
}

// escape percent-encodes what Hive encodes in folder names, and the characters DuckDB would take
// for a glob.
func escape(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c < ' ' || c == 0x7f || strings.IndexByte("\"#%'*/:=?\\{}[]^", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unescape undoes escape. It is an error if a percent sign is not followed by two hexadecimal digits.
func unescape(name string) (string, error) { return url.PathUnescape(name) }

// TableFolder is the folder of a table's files.
func (l Lake) TableFolder(table *schemas.Table) string { return filepath.Join(l.Dir, table.Name) }

// Pattern is the glob of all files of a table, as DuckDB's read_parquet takes it.
func (l Lake) Pattern(table *schemas.Table) string {
	return filepath.Join(l.TableFolder(table), "**", lakeFile)
}

// TenantFile is the path of a tenant's file of a table that is not partitioned by anything else.
func (l Lake) TenantFile(table *schemas.Table, tenantID string) string {
	return filepath.Join(l.tenantFolder(table, tenantID), lakeFile)
}

func (l Lake) tenantFolder(table *schemas.Table, tenantID string) string {
	return filepath.Join(l.TableFolder(table), TenantColumn+"="+escape(tenantID))
}

// Tenants returns the ids of the tenants that have a folder of a table, in the order of the folders.
func (l Lake) Tenants(table *schemas.Table) ([]string, error) {
	entries, err := os.ReadDir(l.TableFolder(table))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, disk.Error("read lake folder", l.TableFolder(table), err)
	}
	var ids []string
	for _, e := range entries {
		if name, is := strings.CutPrefix(e.Name(), TenantColumn+"="); is && e.IsDir() {
			id, err := unescape(name)
			if err != nil {
				return nil, disk.Error("read lake folder", l.TableFolder(table), err)
			}
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Has says whether a table has any file of a tenant. It stops looking at the first one.
func (l Lake) Has(table *schemas.Table, tenantID string) (bool, error) {
	folder := l.tenantFolder(table, tenantID)
	found := false
	err := filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if found = entry.Name() == lakeFile; found {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, disk.Error("read lake folder", folder, err)
	}
	return found, nil
}
