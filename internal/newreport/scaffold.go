package main

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"unicode"
)

// kinds are the kinds of reports: of users, of things that may belong to a user or to nobody, and of
// Microsoft's own counts.
var kinds = []string{"people", "things", "counts"}

//go:embed skeleton/*.tmpl
var skeletons embed.FS

// A skeleton is what the templates are filled with.
type skeleton struct {
	Name     string // teams_team_activity_detail
	Variable string // TeamsTeamActivityDetail
	Function string // getTeamsTeamActivityDetail
	Page     string // of Microsoft's documentation
}

var functionPattern = regexp.MustCompile(`^get[A-Z][A-Za-z0-9]+$`)

// scaffold writes the files of a new report into the repository at root and returns their paths. It changes
// nothing and returns an error when the function is none, the kind is unknown or a file is already there.
func scaffold(root, function, kind string) ([]string, error) {
	if !functionPattern.MatchString(function) {
		return nil, fmt.Errorf("%q is not a function of Microsoft Graph; it looks like getTeamsTeamActivityDetail", function)
	}
	if !slices.Contains(kinds, kind) {
		return nil, fmt.Errorf("unknown kind %q; it is one of %s", kind, strings.Join(kinds, ", "))
	}
	variable := strings.TrimPrefix(function, "get")
	s := skeleton{Name: snakeCase(variable), Variable: variable, Function: function,
		Page: "learn.microsoft.com/graph/api/reportroot-" + strings.ToLower(function)}

	templates := map[string]string{filepath.Join("schemas", "reports", s.Name+".go"): kind + ".go.tmpl"}
	if kind == "counts" {
		templates[filepath.Join("transform", "counts", "testdata", s.Name+".csv")] = "counts.csv.tmpl"
	} else {
		folder := filepath.Join("transform", "report", "testdata", "reports", s.Name)
		templates[filepath.Join(folder, "as_delivered", "input.csv")] = kind + ".csv.tmpl"
		templates[filepath.Join(folder, "header_only", "input.csv")] = kind + "_header.csv.tmpl"
	}
	for _, path := range slices.Sorted(maps.Keys(templates)) {
		if _, err := os.Stat(filepath.Join(root, path)); !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s is there already", path)
		}
	}
	var written []string
	for path, from := range templates {
		if err := writeTemplate(filepath.Join(root, path), from, s); err != nil {
			return nil, err
		}
		written = append(written, path)
	}
	slices.Sort(written)
	return append(written, "pipelines.yaml"), addToPipelines(filepath.Join(root, "pipelines.yaml"), s.Name, kind)
}

func writeTemplate(path, from string, s skeleton) error {
	t, err := template.ParseFS(skeletons, "skeleton/"+from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, s); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// addToPipelines adds the report to the list of reports: a count report at its end, another before the
// comment that begins the counts.
func addToPipelines(path, name, kind string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	begin := slices.Index(lines, "reports:") + 1
	if begin == 0 {
		return fmt.Errorf("%s has no line that is reports:", path)
	}
	end := begin
	for end < len(lines) && strings.HasPrefix(lines[end], "  ") {
		if kind != "counts" && strings.HasPrefix(lines[end], "  # Microsoft's own numbers") {
			break
		}
		end++
	}
	return os.WriteFile(path, []byte(strings.Join(slices.Insert(lines, end, "  - "+name), "\n")), 0o644)
}

// snakeCase writes a name of Microsoft's as a table is called. What Microsoft writes as one word with a
// capital inside stays one word.
func snakeCase(name string) string {
	for _, word := range []string{"OneDrive", "SharePoint"} {
		name = strings.ReplaceAll(name, word, word[:1]+strings.ToLower(word[1:]))
	}
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
