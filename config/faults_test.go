package config

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every wrong value of pipelines.yaml has a folder in testdata/faults with the file and what is said
// about it: file, line, what, and what was meant. UPDATE=1 writes the errors.
func TestConfigFaults(t *testing.T) {
	folders, err := filepath.Glob("testdata/faults/*/pipelines.yaml")
	if err != nil || len(folders) < 40 {
		t.Fatalf("%d folders, %v", len(folders), err)
	}
	for _, file := range folders {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse("pipelines.yaml", text)
			if err == nil {
				t.Fatal("nothing is wrong with it")
			}
			golden := filepath.Join(filepath.Dir(file), "error.txt")
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, readErr := os.ReadFile(golden)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if err.Error()+"\n" != string(want) {
				t.Errorf("says\n%v\ninstead of\n%s", err, want)
			}
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, "pipelines.yaml:") {
					t.Errorf("%q does not name the file", line)
				}
			}
		})
	}
}

var verb = regexp.MustCompile(`%[a-z]`)

// Nothing that the parser can say is without such a folder.
func TestEveryConfigFaultHasGolden(t *testing.T) {
	goldens, err := filepath.Glob("testdata/faults/*/error.txt")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, golden := range goldens {
		text, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(text)
	}
	formats := 0
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			function, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || function.Sel.Name != "fault" {
				return true
			}
			format, ok := constantText(call.Args[1])
			if !ok {
				return true
			}
			if format == "%v" {
				return true // an error of another package, which has its tests there
			}
			formats++
			pattern := `(?m)^pipelines\.yaml:\d+: ` + verb.ReplaceAllString(regexp.QuoteMeta(format), ".*") + "$"
			if !regexp.MustCompile(pattern).MatchString(said.String()) {
				t.Errorf("%s: no folder of testdata/faults says %q", file, format)
			}
			return true
		})
	}
	if formats < 25 {
		t.Errorf("only %d faults were found", formats)
	}
}

// constantText is the text of a literal, or of several with + between them.
func constantText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, leftOK := constantText(e.X)
		right, rightOK := constantText(e.Y)
		return left + right, leftOK && rightOK
	}
	return "", false
}

// Whatever stands in the file, it is read, or refused with the name of the file.
func FuzzParseConfig(f *testing.F) {
	files, err := filepath.Glob("testdata/faults/*/pipelines.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/everything.yaml", "../pipelines.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse("f.yaml", text)
		if err == nil {
			if len(c.Tenants) == 0 {
				t.Error("a configuration without tenants is accepted")
			}
			if err := c.Show(io.Discard); err != nil {
				t.Error(err)
			}
		} else if !strings.HasPrefix(err.Error(), "f.yaml:") {
			t.Errorf("%q does not name the file", err)
		}
	})
}
