package m365lake

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readmeLimit is the most bytes that README.md may have: two screens.
const readmeLimit = 7 * 1024

// proseWidth is the most columns of a line of prose. Tables, code and console blocks may be wider.
const proseWidth = 140

// documents returns the paths of all Markdown files of the repository, relative to its root.
func documents(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() &&
			(strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "bin" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 60 {
		t.Fatalf("found %d documents instead of at least 60", len(paths))
	}
	return paths
}

var (
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	sourcePath = regexp.MustCompile(
		"`((?:cmd|config|pipeline|check|erase|notify|graph|extract|transform|load|schemas|" +
			"provision|sandbox|sql|internal|docs|deploy)/[a-zA-Z0-9_./-]+)`",
	)
)

func TestDocumentsNameFilesThatExist(t *testing.T) {
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			target, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := document
			if target != "" {
				file = path.Join(path.Dir(document), target)
			}
			linked, err := os.Stat(file)
			if err != nil {
				t.Errorf("%s links to %s, which does not exist", document, found[1])
				continue
			}
			if anchor != "" && !linked.IsDir() && !hasHeading(t, file, anchor) {
				t.Errorf("%s links to %s, which has no such heading", document, found[1])
			}
		}
		if document == "CHANGELOG.md" {
			continue // it names what was there at the time
		}
		for _, found := range sourcePath.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(strings.TrimSuffix(found[1], "/")); err != nil && !generatedName(found[1]) {
				t.Errorf("%s names %s, which does not exist", document, found[1])
			}
		}
	}
}

// generatedName reports whether a path is a pattern that stands for several files.
func generatedName(name string) bool {
	return strings.ContainsAny(name, "*<") || strings.HasSuffix(name, "_")
}

// hasHeading reports whether a Markdown file has a heading that GitHub gives the anchor.
func hasHeading(t *testing.T, file, anchor string) bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dropped := regexp.MustCompile("[^a-z0-9 _-]")
	for line := range strings.Lines(string(text)) {
		title, found := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
		if !found || !strings.HasPrefix(line, "#") {
			continue
		}
		name := dropped.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
		if strings.ReplaceAll(name, " ", "-") == anchor {
			return true
		}
	}
	return false
}

func TestDocumentsAreShort(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(readme) > readmeLimit {
		t.Errorf(
			"README.md has %d bytes, more than %d: move what is not about the first minutes to docs/",
			len(readme),
			readmeLimit,
		)
	}
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		code := false
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				code = !code
			}
			if width := len([]rune(line)); !code && width > proseWidth && !strings.HasPrefix(line, "|") &&
				!strings.HasPrefix(line, "<!--") {
				t.Errorf("%s:%d has %d columns, more than %d", document, number, width, proseWidth)
			}
		}
	}
}

func TestDecisionsAreIndexed(t *testing.T) {
	index, err := os.ReadFile("docs/decisions/README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("docs/decisions/[0-9]*.md")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d decisions, %v", len(files), err)
	}
	header := regexp.MustCompile(`^# (\d+)\. (.+)\n\n(\d{4}-\d\d-\d\d) · (accepted|replaced by \d+) · ([a-z ,]+)\n`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := header.FindStringSubmatch(string(text))
		if found == nil {
			t.Errorf("%s does not begin with a number, a title, a date, a status and a theme", file)
			continue
		}
		number, _ := strconv.Atoi(filepath.Base(file)[:3])
		if found[1] != strconv.Itoa(number) {
			t.Errorf("%s is decision %s by its title", file, found[1])
		}
		row := "| " + found[1] + " | [" + found[2] + "](" + filepath.Base(file) + ") | " + found[3] + " | " + found[4] + " |"
		if !strings.Contains(string(index), row) {
			t.Errorf("docs/decisions/README.md lacks the row %s", row)
		}
	}
}
