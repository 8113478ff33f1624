package extract

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// The manifest tells of the new content, so that an interrupted run goes on from it.
func TestRewriteKeepsTheManifestTrue(t *testing.T) {
	dir := t.TempDir()
	raw, err := createRaw(filepath.Join(dir, "users.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Write([]byte("anna\nben\n")); err != nil {
		t.Fatal(err)
	}
	source := Source{Name: Users, Path: "/v1.0/users"}
	entry, err := raw.publish(Entry{Source: Users, Path: source.Path, File: source.File(), Rows: 2})
	if err != nil {
		t.Fatal(err)
	}
	m := Manifest{RunID: "r", Entries: []Entry{entry}}
	for round, want := range []int64{1, 0} {
		now, err := Rewrite(filepath.Join(dir, source.File()), func(from io.Reader, to io.Writer) (int64, error) {
			text, err := io.ReadAll(from)
			if err != nil {
				return 0, err
			}
			kept := bytes.Replace(text, []byte("anna\n"), nil, 1)
			_, err = to.Write(kept)
			return int64(bytes.Count(text, []byte("anna"))), err
		})
		if err != nil || now.Forgotten != want {
			t.Fatalf("round %d removed %d: %v", round, now.Forgotten, err)
		}
		if now.Forgotten > 0 {
			m.Rewritten(source.File(), now)
		}
		if got, _ := m.Entry(Users); !got.reusable(dir, source) || got.Rows != 1 || got.Forgotten != 1 ||
			got.SHA256 == entry.SHA256 {
			t.Errorf("round %d: %+v", round, got)
		}
	}
	file, err := Open(filepath.Join(dir, source.File()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if content, _ := io.ReadAll(file); string(content) != "ben\n" {
		t.Errorf("%s", content)
	}
}

// A file that cannot be read is told from one that cannot be written.
func TestRewriteOfADamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.jsonl.zst")
	if err := os.WriteFile(path, []byte("no zstd"), 0o600); err != nil {
		t.Fatal(err)
	}
	readAll := func(from io.Reader, _ io.Writer) (int64, error) {
		_, err := io.ReadAll(from)
		return 0, err
	}
	if _, err := Rewrite(path, readAll); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	if _, err := Rewrite(path+".gone", readAll); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
}
