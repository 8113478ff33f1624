package sandbox

import (
	"strconv"
	"unicode/utf8"
)

// Answers are written straight into a byte slice: a listing of a million people
// spends its time here, and reflection would multiply it.

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// appendText writes s as a JSON string.
func appendText[T string | []byte](b []byte, s T) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// appendTextOrNull writes null for an empty string.
func appendTextOrNull(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendText(b, s)
}

// printable keeps what a client sent from breaking an answer it is quoted in.
func printable(s string) string {
	if len(s) > 200 {
		s = s[:200]
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r >= ' ' && r != utf8.RuneError {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}
