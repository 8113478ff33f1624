package text

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestSuggest(t *testing.T) {
	known := []string{"data", "duckdb", "limits", "tenants"}
	for name, want := range map[string]string{
		"dat":       `; did you mean "data"?`,
		"DATA":      `; did you mean "data"?`,
		"tenant":    `; did you mean "tenants"?`,
		"xy":        "; known: data, duckdb, limits, tenants",
		"unrelated": "; known: data, duckdb, limits, tenants",
		"":          "; known: data, duckdb, limits, tenants",
	} {
		if got := Suggest(name, known); got != want {
			t.Errorf("%q: %s instead of %s", name, got, want)
		}
	}
}

func TestAmounts(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0.0 kB", 999: "1.0 kB", 1_234_567: "1.2 MB", 14_600_000_000: "14.6 GB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("%d: %s instead of %s", bytes, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 gaps", 1: "1 gap", 2: "2 gaps"} {
		if got := Count(n, "gap"); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{" a\n\tb\u2028c\x00d ", 0, "a b c d"},
		{"a\xffb", 0, "a\uFFFDb"},
		{"grüße", 4, "grü…"},
		{"grüße", 5, "grüße"},
	} {
		if got := OneLine(c.text, c.limit); got != c.want {
			t.Errorf("%q: %q instead of %q", c.text, got, c.want)
		}
	}
}

func TestOneLineError(t *testing.T) {
	plain := errors.New("one line")
	if OneLineError(plain) != plain {
		t.Error("an error of one line was wrapped")
	}
	folded := OneLineError(fmt.Errorf("no file\n  LINE 1: %w", fs.ErrNotExist))
	if folded.Error() != "no file LINE 1: file does not exist" || !errors.Is(folded, fs.ErrNotExist) {
		t.Error(folded)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"four four four", "four four\nfour"},
		{"four grüße", "four grüße"},
		{"overlong-word a", "overlong-word\na"},
		{"a overlong-word", "a\noverlong-word"},
	} {
		if got := Wrap(c.text, 10); got != c.want {
			t.Errorf("%q: %q instead of %q", c.text, got, c.want)
		}
	}
}
