package extract

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// WithheldText is what stands in place of a message that named somebody who was forgotten.
const WithheldText = "(withheld: named a person who was forgotten)"

// ErrDamaged says that a raw file cannot be read to its end.
var ErrDamaged = errors.New("damaged raw file")

// IsRaw says whether a file of this name is a raw file.
func IsRaw(name string) bool { return strings.HasSuffix(name, ".zst") && !strings.HasPrefix(name, ".") }

// IsReport says whether a raw file of this name is a CSV file; the others are JSON pages.
func IsReport(name string) bool { return strings.HasSuffix(name, reportFile) }

// IsUnfinished says whether a file of this name is a raw file that a killed run was writing.
func IsUnfinished(name string) bool {
	return strings.HasPrefix(name, ".") && strings.Contains(name, ".zst")
}

// Rewrite puts in place of a raw file what edit makes of its content, as received: edit copies it but for
// some records, and returns how many it left out. Where there are none the file stays as it is. The file
// is replaced whole. It returns the new size and sums of the file, with Entry.Forgotten the records left
// out, and ErrDamaged if the file cannot be read; edit's other errors and those of the disk as they are.
func Rewrite(path string, edit func(from io.Reader, to io.Writer) (removed int64, err error)) (Entry, error) {
	entry, err := rewrite(path, edit)
	var disk *fs.PathError
	var fault *localError
	if err == nil || errors.As(err, &disk) || errors.As(err, &fault) {
		return entry, err
	}
	return Entry{}, fmt.Errorf("%w: %w", ErrDamaged, err)
}

func rewrite(path string, edit func(from io.Reader, to io.Writer) (removed int64, err error)) (Entry, error) {
	raw, err := Open(path)
	if err != nil {
		return Entry{}, err
	}
	defer raw.Close()
	next, err := createRaw(path)
	if err != nil {
		return Entry{}, err
	}
	defer next.discard()
	removed, err := edit(raw, next)
	if err != nil || removed == 0 {
		return Entry{}, err
	}
	entry, err := next.publish(Entry{})
	entry.Forgotten = removed
	return entry, err
}

// Rewritten notes in the entry of a file that the file was rewritten, so that the manifest tells of the
// new content. A file without an entry changes nothing.
func (m *Manifest) Rewritten(file string, now Entry) {
	for i, e := range m.Entries {
		if e.File == file {
			e.Rows -= now.Forgotten
			e.Bytes, e.SHA256, e.Stored, e.Forgotten = now.Bytes, now.SHA256, now.Stored, e.Forgotten+now.Forgotten
			m.Entries[i] = e
		}
	}
}
