package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// README.md and docs/queries.md show what the commands really print: every console block is run
// and compared. UPDATE=1 writes the answers into them.
func TestReadmeShowsRealOutput(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "demo-data")
	command(t, exitGood, "demo", "--run-day", "2026-11-23", "--data", data)
	compareConsoleBlocks(t, "../../README.md", data, 1)
	compareConsoleBlocks(t, "../../docs/queries.md", data, 10)
}

// compareConsoleBlocks runs the command of every console block of the file at path against the data
// folder of a demo, and compares what it prints. There must be least blocks or more.
func compareConsoleBlocks(t *testing.T, path, data string, least int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rewritten strings.Builder
	blocks := 0
	rest := string(text)
	for {
		before, after, found := strings.Cut(rest, "```console\n")
		rewritten.WriteString(before)
		if !found {
			break
		}
		block, tail, _ := strings.Cut(after, "```\n")
		rest = tail
		line, shown, _ := strings.Cut(block, "\n")
		args := shellWords(t, strings.TrimPrefix(line, "$ bin/m365lake "))
		for i := range args {
			if args[i] == "demo-data" {
				args[i] = data
			}
		}
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code != exitGood {
			t.Fatalf("%s\n%s", line, &errs)
		}
		if os.Getenv("UPDATE") == "" && shown != out.String() {
			t.Errorf("%s shows\n%s\nfor %s\nbut it prints\n%s(UPDATE=1 go test ./cmd/m365lake -run Readme writes it)",
				path, shown, line, &out)
		}
		rewritten.WriteString("```console\n" + line + "\n" + out.String() + "```\n")
		blocks++
	}
	if blocks < least {
		t.Errorf("%s has %d console blocks instead of at least %d", path, blocks, least)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shellWords splits a command line as a shell would: blanks separate, double quotes group, a
// backslash within them keeps a double quote.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quoted && i+1 < len(line):
			i++
			word.WriteByte(line[i])
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted:
			words = append(words, word.String())
			word.Reset()
		default:
			word.WriteByte(c)
		}
	}
	if quoted {
		t.Fatalf("unclosed quote in %s", line)
	}
	return append(words, word.String())
}
