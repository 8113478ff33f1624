package lake

import (
	"path/filepath"
	"strings"
)

// A Stamp tells one content of a lake file from another: files are replaced by renaming, never
// written again in place, so two stamps are equal exactly if the file was not replaced in between.
// The warehouse remembers the stamps of the files whose rows it holds.
type Stamp struct {
	Path     string // within the lake, so that the lake can be moved
	Size     int64  // bytes
	Modified int64  // nanoseconds since 1970
}

// Values returns the values of the partition columns that the file's folders spell, in the order of
// PartitionColumns: the tenant's id is the first. It is an error if a folder's name is badly escaped.
func (s Stamp) Values() ([]string, error) {
	folders := strings.Split(filepath.Dir(s.Path), string(filepath.Separator))[1:]
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
