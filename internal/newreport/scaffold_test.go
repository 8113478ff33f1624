package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSnakeCase(t *testing.T) {
	for name, want := range map[string]string{
		"TeamsTeamActivityDetail":           "teams_team_activity_detail",
		"SharePointActivityFileCounts":      "sharepoint_activity_file_counts",
		"OneDriveUsageAccountDetail":        "onedrive_usage_account_detail",
		"M365AppUserDetail":                 "m365_app_user_detail",
		"Office365ActiveUserDetail":         "office365_active_user_detail",
		"SkypeForBusinessActivityUserCount": "skype_for_business_activity_user_count",
	} {
		if got := snakeCase(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for want, args := range map[string][2]string{
		"is not a function":   {"TeamsTeamActivityDetail", "people"},
		"unknown kind":        {"getTeamsTeamActivityDetail", "teams"},
		"is there already":    {"getYammerActivityUserDetail", "people"},
		"counts.go is there ": {"getYammerActivityUserCounts", "counts"},
	} {
		if _, err := scaffold("../..", args[0], args[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
}

// repository copies what the recipe of CONTRIBUTING.md touches, and what its tests need.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, folder := range []string{"schemas", "transform", "internal", "docs"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join("../..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "pipelines.yaml"} {
		text, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(root, file), string(text))
	}
	return root
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fill replaces what a person fills in; each text must be there.
func fill(t *testing.T, path string, pairs ...string) {
	t.Helper()
	text := readFile(t, path)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s has no %q", path, pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	writeFile(t, path, text)
}

// goTest runs tests in the copy; update says that they write what they expect.
func goTest(t *testing.T, root string, update bool, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"test", "-vet=off"}, args...)...)
	command.Dir = root
	command.Env = os.Environ()
	if update {
		command.Env = append(command.Env, "UPDATE=1")
	}
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go test %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// A developer who follows CONTRIBUTING.md adds a report of users, one of things that belong to nobody and one that
// counts something else than users, and they work.
func TestTheRecipe(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a copy of the repository, which takes half a minute")
	}
	root := repository(t)
	for function, kind := range map[string]string{
		"getTeamsTeamActivityDetail":      "things",
		"getSharePointActivityFileCounts": "counts",
		"getExampleUserDetail":            "people",
	} {
		files, err := scaffold(root, function, kind)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) < 3 || !slices.Contains(files, "pipelines.yaml") {
			t.Errorf("%s: %q", function, files)
		}
	}
	reports := filepath.Join(root, "schemas", "reports")
	cases := filepath.Join(root, "transform", "report", "testdata", "reports")

	// The skeletons hold together before anybody fills them in.
	goTest(t, root, true, "./schemas/catalog", "-run", "Dictionary")

	fill(t, filepath.Join(reports, "teams_team_activity_detail.go"),
		`Subject: "thing"`, "Subject: Team", `"thing_id"`, `"team_id"`, `"Thing Id"`, `"Team Id"`,
		`"example_count"`, `"active_users"`, `"Example Count"`, `"Active Users"`, "TODO: ", "")
	for _, folder := range []string{"as_delivered", "header_only"} {
		fill(t, filepath.Join(cases, "teams_team_activity_detail", folder, "input.csv"), "Thing Id", "Team Id",
			"Example Count", "Active Users")
	}
	fill(t, filepath.Join(reports, "sharepoint_activity_file_counts.go"),
		`Counted: ""`, `Counted: "files"`, `{"Example", "office365", "example"}`,
		`{"Viewed Or Edited", "sharepoint", "viewed_or_edited"}`, "TODO: ", "")
	fill(t, filepath.Join(root, "transform", "counts", "testdata", "sharepoint_activity_file_counts.csv"), "Example",
		"Viewed Or Edited")

	fill(t, filepath.Join(root, "schemas", "disclosure.go"), "	Plain: `", "	Plain: `team_id ")

	const ofReports = "Golden/teams_team|Golden/example_user|BindEveryColumn"
	goTest(t, root, true, "./schemas/...", "./transform/counts")
	goTest(t, root, false, "./transform/report", "-run", ofReports, "-update")
	goTest(t, root, false, "./transform/report", "-run", ofReports)

	golden := readFile(t, filepath.Join(cases, "teams_team_activity_detail", "as_delivered", "expected.json"))
	if !strings.Contains(golden, `"team_id": "a1"`) || !strings.Contains(golden, `"active_users": 12`) ||
		strings.Contains(golden, "user_key") {
		t.Errorf("teams: %s", golden)
	}
	dictionary := readFile(t, filepath.Join(root, "docs", "tables.md"))
	for _, want := range []string{"## report_teams_team_activity_detail", "## report_example_user_detail",
		"| team_id | VARCHAR, not null |"} {
		if !strings.Contains(dictionary, want) {
			t.Errorf("docs/tables.md has no %q", want)
		}
	}
	list := readFile(t, filepath.Join(root, "pipelines.yaml"))
	if things, counts := strings.Index(list, "  - teams_team_activity_detail\n"),
		strings.Index(list, "  - sharepoint_activity_file_counts\n"); things < 0 || counts < things {
		t.Errorf("pipelines.yaml: %s", list)
	}
}
