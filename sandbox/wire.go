package sandbox

// Answers are written straight into a byte slice: a listing of a million people
// spends its time here, and reflection would multiply it.

import (
	"github.com/google/uuid"

	"strconv"
	"time"
	"unicode/utf8"
)

// appendInstant writes a time, or null for the zero time.
func appendInstant(b []byte, at time.Time) []byte {
	if at.IsZero() {
		return append(b, "null"...)
	}
	return append(at.UTC().AppendFormat(append(b, '"'), time.RFC3339), '"')
}

// appendStamp writes a day as an instant in the morning, or null.
func appendStamp(b []byte, d day) []byte {
	if d == never {
		return append(b, "null"...)
	}
	return append(appendTime(append(b, '"'), d, 9*3600), '"')
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

const hexDigits = "0123456789abcdef"

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

// isGUID says whether Edm.Guid takes a text: 36 characters, and none of the other forms a GUID is written in.
func isGUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

func appendList(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, v)
	}
	return append(b, ']')
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// appendDuration writes seconds as ISO 8601 the way .NET does: days apart.
func appendDuration(b []byte, s int) []byte {
	if s == 0 {
		return append(b, "PT0S"...)
	}
	b = append(b, 'P')
	if s >= 86400 {
		b = append(appendInt(b, s/86400), 'D')
	}
	if s %= 86400; s == 0 {
		return b
	}
	b = append(b, 'T')
	if s >= 3600 {
		b = append(appendInt(b, s/3600), 'H')
	}
	if s%3600 >= 60 {
		b = append(appendInt(b, s%3600/60), 'M')
	}
	if s%60 > 0 {
		b = append(appendInt(b, s%60), 'S')
	}
	return b
}
