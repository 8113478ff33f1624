package lake

import (
	"context"
	"path/filepath"
	"slices"

	"m365lake/schemas"
)

// A File is one partition of a table of one tenant.
type File struct {
	Stamp
	Partition []string // the values of Table.Partition
	lake      Lake
}

// Rows reads how many rows the file says it has. Its error says that the file is damaged.
func (f File) Rows() (int64, error) {
	footer, err := ReadFooter(f.absolute())
	if err != nil {
		return 0, Damaged(f.absolute(), err)
	}
	return footer.Rows, nil
}

func (f File) absolute() string { return filepath.Join(f.lake.Dir, f.Path) }

// Files lists a tenant's files of a table, in the order of their folders, so by days where the first
// partition column is one. Its errors are those of Scan.
func (l Lake) Files(ctx context.Context, table *schemas.Table, tenantID string) ([]File, error) {
	found, err := l.scanTenant(ctx, table, tenantID)
	if err != nil {
		return nil, err
	}
	files := make([]File, len(found))
	for i, stamp := range found {
		values, err := stamp.Values()
		if err != nil {
			return nil, err
		}
		files[i] = File{Stamp: stamp, Partition: values[1:], lake: l}
	}
	return files, nil
}

// A Listing is which files a tenant had when the lake was listed. It does not change afterwards, so
// that a run decides by what there was before it, and is safe for concurrent use.
type Listing struct{ files map[string][]File }

// List lists a tenant's files of some tables once, for a run that looks at them many times. Its
// errors are those of Scan.
func (l Lake) List(ctx context.Context, tenantID string, tables ...*schemas.Table) (Listing, error) {
	listing := Listing{map[string][]File{}}
	for _, table := range tables {
		files, err := l.Files(ctx, table, tenantID)
		if err != nil {
			return Listing{}, err
		}
		listing.files[table.Name] = files
	}
	return listing, nil
}

// Files returns the files of a table, in the order of Lake.Files. It panics if the table was not
// listed, which is a mistake of the program.
func (g Listing) Files(table *schemas.Table) []File {
	files, listed := g.files[table.Name]
	if !listed {
		panic("table " + table.Name + " was not listed")
	}
	return files
}

// Has says whether a table has a file. It panics as Files does.
func (g Listing) Has(table *schemas.Table) bool { return len(g.Files(table)) > 0 }

// Series returns the files of one series of a table by days, oldest first: those whose partition
// values after the day are these, such as a period, or a period and the name of a report. Fewer
// values than the table has take every file that agrees in those given. It panics as Files does.
func (g Listing) Series(table *schemas.Table, values ...string) []File {
	return slices.DeleteFunc(slices.Clone(g.Files(table)), func(f File) bool {
		return !slices.Equal(f.Partition[1:1+len(values)], values)
	})
}

// Days returns the days of Series, in the form 2006-01-02.
func (g Listing) Days(table *schemas.Table, values ...string) map[string]bool {
	days := map[string]bool{}
	for _, f := range g.Series(table, values...) {
		days[f.Partition[0]] = true
	}
	return days
}
