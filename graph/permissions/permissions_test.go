package permissions

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The guide's table of permissions for reading has those that a person is asked for, no fewer and no more.
func TestGuideNamesThePermissions(t *testing.T) {
	text, err := os.ReadFile("../../docs/connect.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "| permission | for | without it |")
	if !found {
		t.Fatal("docs/connect.md has no table of permissions")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	var asked, named []string
	for _, p := range ForReading() {
		asked = append(asked, p.Name)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z.]+)` \\|").FindAllStringSubmatch(table, -1) {
		named = append(named, row[1])
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(asked)), slices.Sorted(slices.Values(named))); diff != "" {
		t.Errorf("asked for (-) and named in docs/connect.md (+) differ:\n%s", diff)
	}
}
