package extract

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// WithheldText is what stands in place of a message that named somebody who was forgotten.
const WithheldText = "(withheld: named a person who was forgotten)"

// Forgotten are the people to remove from raw files.
type Forgotten struct {
	Is        func(value string) bool // value is a sign-in name, an address or an id of one of them
	Mentioned func(text string) bool  // text contains the name of one
}

// Forget removes from the raw files of a folder every line of a report and every object of a page
// that has a value of one of the people, and returns how many they were. Each file is replaced whole
// and the manifest last, so that it can be done again after an interruption; an interrupted run does
// not go on from a file that the manifest does not fit.
func Forget(ctx context.Context, dir string, people Forgotten) (removed int64, err error) {
	manifest, manifestErr := ReadManifest(dir)
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	changed := false
	for _, file := range files {
		if ctx.Err() != nil {
			return removed, context.Cause(ctx)
		}
		path := filepath.Join(dir, file.Name())
		switch {
		case strings.HasPrefix(file.Name(), ".") && strings.Contains(file.Name(), ".zst"):
			if err := os.Remove(path); err != nil { // of a killed run
				return removed, err
			}
		case strings.HasSuffix(file.Name(), ".zst"):
			entry, err := forgetIn(path, people)
			var disk *fs.PathError
			var local *localError
			if errors.As(err, &disk) || errors.As(err, &local) {
				return removed, fmt.Errorf("raw file %s: %w", path, err)
			}
			if err != nil { // damaged: it serves nobody, and nobody can tell whom it names
				if err := os.Remove(path); err != nil {
					return removed, err
				}
				removed++
			}
			removed += entry.Forgotten
			i := slices.IndexFunc(manifest.Entries, func(e Entry) bool { return e.File == file.Name() })
			if entry.Forgotten > 0 && i >= 0 {
				e := &manifest.Entries[i]
				e.Rows -= entry.Forgotten
				e.Bytes, e.SHA256, e.Stored, e.Forgotten = entry.Bytes, entry.SHA256, entry.Stored, e.Forgotten+entry.Forgotten
				changed = true
			}
		}
	}
	for i, e := range manifest.Entries {
		if e.Error != "" && people.Mentioned(e.Error) {
			manifest.Entries[i].Error = WithheldText
			removed++
			changed = true
		}
	}
	if manifestErr != nil { // it can serve nobody any more, and nobody knows whom it names
		return removed, os.Remove(filepath.Join(dir, manifestName))
	}
	if changed {
		return removed, manifest.Write(dir)
	}
	return removed, nil
}

// forgetIn removes people from one raw file; Entry.Forgotten is how many records. A file without any
// stays as it is.
func forgetIn(path string, people Forgotten) (Entry, error) {
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
	without := pagesWithout
	if strings.HasSuffix(path, reportFile) {
		without = linesWithout
	}
	removed, err := without(raw, next, people.Is)
	if err != nil || removed == 0 {
		return Entry{}, err
	}
	entry, err := next.publish(Entry{})
	entry.Forgotten = removed
	return entry, err
}

// identityHeaders are the columns of reports that say whose a line is, in lower case.
var identityHeaders = []string{"user principal name", "owner principal name", "user id"}

// linesWithout copies a CSV file byte for byte but for the lines of the people.
func linesWithout(from io.Reader, to io.Writer, is func(string) bool) (removed int64, err error) {
	var seen recorder
	reader := csv.NewReader(io.TeeReader(from, &seen))
	reader.FieldsPerRecord, reader.LazyQuotes, reader.ReuseRecord = -1, true, true
	var identity []int
	for first := true; ; first = false {
		record, err := reader.Read()
		if err != nil && !errors.Is(err, io.EOF) {
			return removed, err
		}
		line := seen.upTo(reader.InputOffset())
		if errors.Is(err, io.EOF) {
			_, err = to.Write(line) // empty lines at the end
			return removed, err
		}
		if first {
			for i, header := range record {
				if slices.Contains(identityHeaders, strings.ToLower(strings.TrimSpace(strings.TrimPrefix(header, "\ufeff")))) {
					identity = append(identity, i)
				}
			}
		} else if slices.ContainsFunc(identity, func(i int) bool { return i < len(record) && is(record[i]) }) {
			removed++
			continue
		}
		if _, err := to.Write(line); err != nil {
			return removed, err
		}
	}
}

// A recorder keeps what was read ahead.
type recorder struct {
	bytes []byte
	from  int64 // offset of bytes[0]
}

func (r *recorder) Write(p []byte) (int, error) {
	r.bytes = append(r.bytes, p...)
	return len(p), nil
}

// upTo gives the bytes before an offset that it has not given yet.
func (r *recorder) upTo(offset int64) []byte {
	line := r.bytes[:offset-r.from]
	r.bytes, r.from = r.bytes[len(line):], offset
	return line
}

// pagesWithout copies pages but for the objects of the people.
func pagesWithout(from io.Reader, to io.Writer, is func(string) bool) (removed int64, err error) {
	decoder := jsontext.NewDecoder(from, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		page, err := decoder.ReadValue()
		if errors.Is(err, io.EOF) {
			return removed, nil
		}
		if err != nil {
			return removed, err
		}
		kept, n, err := valueWithout(page, is)
		if err != nil {
			return removed, err
		}
		removed += n
		if kept == nil {
			kept = []byte("{}")
		}
		if _, err := to.Write(append(slices.Clip(kept), '\n')); err != nil {
			return removed, err
		}
	}
}

// valueWithout is a JSON value without the objects that have a text of the people, and without such
// texts in lists; nil is that it is such an object itself.
func valueWithout(value jsontext.Value, is func(string) bool) (kept jsontext.Value, removed int64, err error) {
	if kind := value.Kind(); kind != '{' && kind != '[' {
		return value, 0, nil
	}
	decoder := jsontext.NewDecoder(strings.NewReader(string(value)), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	open, err := decoder.ReadToken()
	if err != nil {
		return nil, 0, err
	}
	object := open.Kind() == '{'
	out := []byte{value[0]}
	for decoder.PeekKind() != '}' && decoder.PeekKind() != ']' {
		var name jsontext.Value
		if object {
			read, err := decoder.ReadValue()
			if err != nil {
				return nil, 0, err
			}
			name = append(read.Clone(), ':')
		}
		read, err := decoder.ReadValue()
		if err != nil {
			return nil, 0, err
		}
		if read.Kind() == '"' {
			text, err := jsontext.AppendUnquote(nil, read)
			if err != nil {
				return nil, 0, err
			}
			switch theirs := is(string(text)); {
			case theirs && object:
				return nil, 1, nil
			case theirs: // such as one of several addresses to write to
				removed++
				continue
			}
		}
		inner, n, err := valueWithout(read.Clone(), is)
		if err != nil {
			return nil, 0, err
		}
		removed += n
		if inner == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(out, name...), inner...)
	}
	if removed == 0 {
		return value, 0, nil
	}
	return append(out, value[0]+2), removed, nil // } and ] come two after { and [
}
