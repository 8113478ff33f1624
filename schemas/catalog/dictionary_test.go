package catalog

import (
	"bytes"
	"os"
	"testing"
)

// docs/tables.md says what the schemas say; make docs writes it.
func TestDictionaryIsCurrent(t *testing.T) {
	const path = "../../docs/tables.md"
	var want bytes.Buffer
	if err := WriteDictionary(&want); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is stale; run make docs", path)
	}
}
