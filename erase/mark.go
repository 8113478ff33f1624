package erase

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/google/renameio/v2"

	"m365lake/pipeline/datafolder"
)

// A mark says how far a tenant was erased: which files were looked at, for which people. It is written
// only once all of them were, so that what a broken night left is looked at by a later one. It compares
// no times with one another, and a file that was put back from a backup is another file.
type mark struct {
	people string // digest of the people of the list
	files  map[fingerprint]bool
}

// A fingerprint stands for a file as it is: its path, its size in bytes and its time of change in
// nanoseconds. Files are replaced by renaming, never written again in place.
type fingerprint [8]byte

func fingerprintOf(path string, size, modified int64) fingerprint {
	text := path + "\x00" + strconv.FormatInt(size, 10) + "\x00" + strconv.FormatInt(modified, 10)
	sum := sha256.Sum256([]byte(text))
	return fingerprint(sum[:8])
}

// digestPeople changes whenever somebody is forgotten, or is known by another name or key.
func digestPeople(people []Person) string {
	people = slices.SortedFunc(slices.Values(people), func(a, b Person) int {
		return cmp.Or(cmp.Compare(a.UserKey, b.UserKey), slices.Compare(a.Names, b.Names))
	})
	h := sha256.New()
	for _, p := range people {
		fmt.Fprintf(h, "%d %q\n", p.UserKey, p.Names)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// markFile is how a mark is written.
type markFile struct {
	About  string `json:"about"`
	People string `json:"people"`
	Files  []byte `json:"files"` // fingerprints one after the other, in order
}

// readMark reads the mark of a tenant. One that is not there, cannot be read or is of other people
// covers no files: everything is looked at again.
func readMark(folder datafolder.Folder, tenantID, people string) mark {
	m := mark{people: people, files: map[fingerprint]bool{}}
	var stored markFile
	text, err := os.ReadFile(folder.ErasedMark(tenantID))
	if err != nil || json.Unmarshal(text, &stored) != nil || stored.People != people {
		return m
	}
	for chunk := range slices.Chunk(stored.Files, len(fingerprint{})) {
		if len(chunk) == len(fingerprint{}) {
			m.files[fingerprint(chunk)] = true
		}
	}
	return m
}

// markedPeople says whether a tenant has a mark that was set for anybody.
func markedPeople(folder datafolder.Folder, tenantID string) bool {
	var stored markFile
	text, err := os.ReadFile(folder.ErasedMark(tenantID))
	return err == nil && json.Unmarshal(text, &stored) == nil && stored.People != digestPeople(nil)
}

// write publishes the mark of a tenant.
func (m mark) write(folder datafolder.Folder, tenantID string) error {
	stored := markFile{About: "files in which everybody was looked for who was forgotten", People: m.people}
	for f := range m.files {
		stored.Files = append(stored.Files, f[:]...)
	}
	sortFingerprints(stored.Files)
	text, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	path := folder.ErasedMark(tenantID)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return renameio.WriteFile(path, append(text, '\n'), 0o600)
}

// sortFingerprints puts fingerprints in order, so that the same mark is the same file.
func sortFingerprints(files []byte) {
	numbers := make([]uint64, 0, len(files)/8)
	for chunk := range slices.Chunk(files, 8) {
		numbers = append(numbers, binary.BigEndian.Uint64(chunk))
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		binary.BigEndian.PutUint64(files[8*i:], n)
	}
}
