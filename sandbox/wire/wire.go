package wire

import (
	"github.com/google/uuid"

	"m365lake/sandbox/calendar"

	"strconv"
	"time"
	"unicode/utf8"
)

// AppendInstant writes a time, or null for the zero time.
func AppendInstant(b []byte, at time.Time) []byte {
	if at.IsZero() {
		return append(b, "null"...)
	}
	return append(at.UTC().AppendFormat(append(b, '"'), time.RFC3339), '"')
}

// AppendStamp writes a day as an instant in the morning, or null.
func AppendStamp(b []byte, d calendar.Day) []byte {
	if d == calendar.Never {
		return append(b, "null"...)
	}
	return append(calendar.AppendTime(append(b, '"'), d, 9*3600), '"')
}

// AppendBool writes true or false.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

const hexDigits = "0123456789abcdef"

// AppendInt writes a number.
func AppendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// AppendText writes s as a JSON string.
func AppendText[T string | []byte](b []byte, s T) []byte {
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

// AppendTextOrNull writes null for an empty string.
func AppendTextOrNull(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return AppendText(b, s)
}

// Printable keeps what a client sent from breaking an answer it is quoted in.
func Printable(s string) string {
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

// IsGUID says whether Edm.Guid takes a text: 36 characters, and none of the other forms a GUID is written in.
func IsGUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// AppendList writes an array of JSON strings.
func AppendList(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendText(b, v)
	}
	return append(b, ']')
}

// ZeroGUID is the GUID of nothing, with which Microsoft conceals ids.
const ZeroGUID = "00000000-0000-0000-0000-000000000000"

// AppendDuration writes seconds as ISO 8601 the way .NET does: days apart.
func AppendDuration(b []byte, s int) []byte {
	if s == 0 {
		return append(b, "PT0S"...)
	}
	b = append(b, 'P')
	if s >= 86400 {
		b = append(AppendInt(b, s/86400), 'D')
	}
	if s %= 86400; s == 0 {
		return b
	}
	b = append(b, 'T')
	if s >= 3600 {
		b = append(AppendInt(b, s/3600), 'H')
	}
	if s%3600 >= 60 {
		b = append(AppendInt(b, s%3600/60), 'M')
	}
	if s%60 > 0 {
		b = append(AppendInt(b, s%60), 'S')
	}
	return b
}
