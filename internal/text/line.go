package text

import (
	"strings"
	"unicode"
)

// OneLine makes a foreign text safe to show in one line: control characters and runs of white space become one
// space, invalid UTF-8 is marked with U+FFFD, and what is longer than limit characters is cut and ends in "…".
// A limit of 0 cuts nothing.
func OneLine(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); limit > 0 && len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}

// OneLineError returns err with its text in one line; errors.Is and errors.As find what they found in err.
// DuckDB's messages have lines that point into SQL which the reader never saw.
func OneLineError(err error) error {
	line := OneLine(err.Error(), 0)
	if line == err.Error() {
		return err
	}
	return oneLineError{line, err}
}

type oneLineError struct {
	text string
	err  error
}

func (e oneLineError) Error() string { return e.text }
func (e oneLineError) Unwrap() error { return e.err }
