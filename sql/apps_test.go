package sql

import (
	"fmt"
	"strings"
	"testing"

	"m365lake/internal/quote"
	"m365lake/schemas/reports"
)

// The view apps lists what reports.Apps lists, in the same order.
func TestAppsViewMatchesSchemas(t *testing.T) {
	text, err := Files.ReadFile("views/010_apps.sql")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"(0, 'cumulative', 'Any app')"}
	for i, app := range reports.Apps() {
		want = append(want, fmt.Sprintf("(%d, %s, %s)", i+1, quote.Literal(app.Name), quote.Literal(app.Label)))
	}
	if !strings.Contains(string(text), strings.Join(want, ",\n    ")) {
		t.Errorf("views/010_apps.sql should list\n    %s", strings.Join(want, ",\n    "))
	}
}

// Every file says on its first line what it answers, and every view or macro has a comment.
func TestFilesAreDocumented(t *testing.T) {
	for _, folder := range []string{"rollups", "views", "checks", "screens"} {
		entries, err := Files.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			text, err := Files.ReadFile(folder + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(text), "-- ") {
				t.Errorf("%s/%s does not begin by saying what it answers", folder, e.Name())
			}
			if folder == "views" && !strings.Contains(string(text), "COMMENT ON ") {
				t.Errorf("%s has no comment on what it makes", e.Name())
			}
		}
	}
}
