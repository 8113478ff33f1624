package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// A Manifest lists what a folder of raw files holds: manifest.json beside them. It is not safe for concurrent
// use.
type Manifest struct {
	TenantID  string   `json:"tenant_id"`
	RunDay    string   `json:"run_day"`
	RunID     string   `json:"run_id"`
	Published bool     `json:"published"` // the warehouse was published from these files; the next run asks again
	Planned   []string `json:"planned"`   // the sources the run set out to ask for
	Entries   []Entry  `json:"entries"`
}

// An Entry is what became of one source.
type Entry struct {
	Source    string    `json:"source"`
	Status    Status    `json:"status"`
	File      string    `json:"file,omitempty"`
	Path      string    `json:"path"`                 // as asked of Graph
	RequestID string    `json:"request_id,omitempty"` // of the last response, to name in a support case
	Rows      int64     `json:"rows"`                 // values of a collection, or lines of a report after its header
	Bytes     int64     `json:"bytes"`                // as received
	SHA256    string    `json:"sha256,omitempty"`     // of the bytes as received
	Stored    int64     `json:"stored"`               // size of the raw file
	PulledAt  time.Time `json:"pulled_at,omitzero"`
	Error     string    `json:"error,omitempty"`
	Forgotten int64     `json:"forgotten,omitempty"` // records removed since; bytes and sha256 are without them

	// Counted is how many values Graph counts where Source.Count asks; nil is unknown.
	Counted *int64 `json:"counted,omitempty"`
}

// Status of an Entry.
type Status string

// An entry is complete when its raw file is whole, and skipped when Graph has nothing for it.
const (
	Complete Status = "complete"
	Skipped  Status = "skipped"
	Failed   Status = "failed"
)

// ManifestName is the name of the manifest in a folder of raw files.
const ManifestName = "manifest.json"

// ReportsPulledWithin reports whether any report of the run was pulled within the given time before now.
func (m Manifest) ReportsPulledWithin(now time.Time, within time.Duration) bool {
	return slices.ContainsFunc(
		m.Entries,
		func(e Entry) bool { return strings.HasSuffix(e.File, reportFile) && m.pulledWithin(e, now, within) },
	)
}

func (m Manifest) pulledWithin(e Entry, now time.Time, within time.Duration) bool {
	return e.Status == Complete && now.Sub(e.PulledAt) < within
}

// Interrupted reports whether the manifest is of a run that did not come to publish.
func (m Manifest) Interrupted() bool { return m.RunID != "" && !m.Published }

// ReadManifest reads the manifest of a folder of raw files. A folder without one gives an empty
// Manifest; one that cannot be read is treated the same way by the caller's choice.
func ReadManifest(dir string) (Manifest, error) {
	var m Manifest
	text, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w (delete it and run sync again)", filepath.Join(dir, ManifestName), err)
	}
	return m, nil
}

// Write publishes the manifest in its folder.
func (m Manifest) Write(dir string) error {
	slices.SortFunc(m.Entries, func(a, b Entry) int { return strings.Compare(a.Source, b.Source) })
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, ManifestName), append(text, '\n'), 0o600)
}

// Entry returns what became of a source.
func (m Manifest) Entry(source string) (Entry, bool) {
	i := slices.IndexFunc(m.Entries, func(e Entry) bool { return e.Source == source })
	if i < 0 {
		return Entry{}, false
	}
	return m.Entries[i], true
}

func (m *Manifest) putEntry(entry Entry) {
	m.Entries = slices.DeleteFunc(m.Entries, func(e Entry) bool { return e.Source == entry.Source })
	m.Entries = append(m.Entries, entry)
}

// reusable says whether the answer of an interrupted run can serve again: the same question was
// asked, and its raw file is whole, or it was skipped. The file's content is checked when it is
// read: zstd carries a checksum.
func (e Entry) reusable(dir string, s Source) bool {
	if e.Path != s.Path && (s.Fallback == "" || e.Path != s.Fallback) {
		return false
	}
	switch {
	case e.Status == Skipped:
		return true
	case e.Status != Complete || e.File != s.File():
		return false
	}
	info, err := os.Stat(filepath.Join(dir, e.File))
	return err == nil && info.Size() == e.Stored
}
