package sql_test

import (
	sqlfiles "m365lake/sql"

	"strings"
	"testing"

	"m365lake/schemas/reports"
)

// The view apps lists what reports.Apps lists, in the same order, after any app.
func TestAppsViewListsTheAppsOfTheSchemas(t *testing.T) {
	w := openWarehouse(t)
	w.expect("SELECT menu_order, app, label FROM apps ORDER BY menu_order",
		"0|cumulative|Any app",
		"1|word|Word",
		"2|excel|Excel",
		"3|powerpoint|PowerPoint",
		"4|onenote|OneNote",
		"5|teams_app|Teams (app)",
		"6|outlook_app|Outlook (app)",
		"7|yammer|Yammer (Viva Engage)",
		"8|skype_for_business|Skype for Business",
		"9|onedrive|OneDrive",
		"10|sharepoint|SharePoint",
		"11|microsoft_teams|Microsoft Teams",
		"12|exchange|Exchange",
		"13|copilot|Microsoft 365 Copilot")
	want := []string{"cumulative"}
	for _, app := range reports.Apps() {
		want = append(want, app.Name)
	}
	w.expect("SELECT app FROM apps ORDER BY menu_order", want...)
}

// Every file says on its first line what it answers, and every view or macro has a comment.
func TestFilesAreDocumented(t *testing.T) {
	for _, folder := range folders(t) {
		entries, err := sqlfiles.Files.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			text, err := sqlfiles.Files.ReadFile(folder + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(text), "-- ") {
				t.Errorf("%s/%s does not begin by saying what it answers", folder, e.Name())
			}
			for number, line := range strings.Split(string(text), "\n") {
				if len(line) > 140 {
					t.Errorf("%s/%s:%d has %d characters; break it", folder, e.Name(), number+1, len(line))
				}
			}
			if folder == "views" && !strings.Contains(string(text), "COMMENT ON ") {
				t.Errorf("%s has no comment on what it makes", e.Name())
			}
		}
	}
}

// folders are those of package sql, each with its own kind of statements.
func folders(t *testing.T) (names []string) {
	t.Helper()
	entries, err := sqlfiles.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
