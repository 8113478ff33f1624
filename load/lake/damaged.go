package lake

import (
	"fmt"
	"path/filepath"
	"strings"

	"m365lake/internal/text"
	"m365lake/schemas"
)

// Damaged says of a lake file that it cannot be read, in one line, with what to do. Its result is a
// DamagedError.
func Damaged(path string, err error) error { return &DamagedError{path, text.OneLineError(err)} }

// A DamagedError is of a lake file that cannot be read. The file stays where it is.
type DamagedError struct {
	path string
	err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("lake file %s cannot be read; %s: %v", e.path, remedy(e.path), e.err)
}

func (e *DamagedError) Unwrap() error { return e.err }

// remedy never costs what it should save. Tables that remember what nobody can tell again are restored and
// nothing else; of others a person may decide to go on without.
func remedy(path string) string {
	const restore = "restore it from a backup of the lake (m365lake verify lists all files that need it)"
	for _, table := range []*schemas.Table{&schemas.Users, &schemas.UserHistory, &schemas.LicenseHistory} {
		if folderOfTable(path) == table.Name {
			return restore + "; no sync brings back what it remembers"
		}
	}
	return restore + ", or where there is none move it away and run m365lake sync --accept-loss to publish without it"
}

// folderOfTable is the name of the table to which a lake file belongs: its folders of partitions have a
// sign of equality in their names.
func folderOfTable(path string) string {
	folder := filepath.Dir(path)
	for strings.Contains(filepath.Base(folder), "=") {
		folder = filepath.Dir(folder)
	}
	return filepath.Base(folder)
}
