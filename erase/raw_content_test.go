package erase

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func isAnna(value string) bool {
	return strings.EqualFold(value, "anna@x.example") || value == "id-anna"
}

func TestLinesWithout(t *testing.T) {
	const header = "\ufeffReport Refresh Date,User Principal Name,Products\r\n"
	const ben = "2026-11-18,\"ben@x.example\",\"A, B\"\r\n"
	const cy = "2026-11-18,cy@x.example,\"say \"\"hi\"\"\""
	for name, c := range map[string]struct {
		in, out string
		removed int64
	}{
		"CRLF, BOM and quotes stay": {
			header + ben + "2026-11-18,Anna@x.example,C\r\n" + cy, header + ben + cy, 1,
		},
		"owners": {"Site Id,Owner Principal Name\n1,anna@x.example\n2,\n",
			"Site Id,Owner Principal Name\n2,\n", 1},
		"another column":      {"Display Name,User Id\nanna@x.example,1\n", "Display Name,User Id\nanna@x.example,1\n", 0},
		"ids":                 {"User Id,A\nid-anna,1\nid-ben,2\n\n", "User Id,A\nid-ben,2\n\n", 1},
		"counts name nobody":  {"Report Date,Teams\n2026-11-18,5\n", "Report Date,Teams\n2026-11-18,5\n", 0},
		"an empty file":       {"", "", 0},
		"a shorter last line": {"A,User Id\n1,id-anna\n2\n", "A,User Id\n2\n", 1},
	} {
		var out bytes.Buffer
		removed, err := linesWithout(strings.NewReader(c.in), &out, isAnna)
		if err != nil || removed != c.removed || out.String() != c.out {
			t.Errorf("%s: %d, %v, %q", name, removed, err, &out)
		}
	}
}

func TestPagesWithout(t *testing.T) {
	in := `{"@odata.context":"x","value":[{"id":"id-ben","manager":{"id":"id-anna"},"n":1.50},` +
		`{"id":"id-anna","deep":{"a":[1]}},{"id":"z","proxy":["anna@x.example","x"]}]}
{"value":[{"principalId":"id-anna"}]}
{"id":"id-anna"}
`
	want := `{"@odata.context":"x","value":[{"id":"id-ben","n":1.50},{"id":"z","proxy":["x"]}]}
{"value":[]}
{}
`
	var out bytes.Buffer
	removed, err := pagesWithout(strings.NewReader(in), &out, isAnna)
	if err != nil || removed != 5 || out.String() != want {
		t.Errorf("%d, %v:\n%s", removed, err, &out)
	}
}

// Whatever the file, forgetting nobody changes nothing.
func FuzzForgetLines(f *testing.F) {
	f.Add("User Id,A\r\nx,1\r\n\"y\",\"2\n3\"\r\n")
	f.Add("\ufeffA,User Principal Name\n,\n\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		_, err := linesWithout(strings.NewReader(text), &out, func(string) bool { return false })
		if err == nil && out.String() != text {
			t.Errorf("%q became %q", text, &out)
		}
	})
}

// Whatever the pages, nothing of the person is left, so that doing it again finds nothing.
func FuzzForgetPages(f *testing.F) {
	f.Add(`{"value":[{"id":"id-anna"},{"manager":{"id":"id-anna"}}]}{}`)
	f.Add(`[[{"a":"id-anna"}],"id-anna",{"id-anna":1}]`)
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		if _, err := pagesWithout(strings.NewReader(text), &out, isAnna); err != nil {
			return
		}
		removed, err := pagesWithout(bytes.NewReader(out.Bytes()), io.Discard, isAnna)
		if err != nil || removed != 0 {
			t.Errorf("%q became %q, which still has %d, %v", text, &out, removed, err)
		}
	})
}
