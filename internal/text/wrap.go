package text

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks a text at its white space into lines of at most width characters, without a line end behind the
// last. A word that is longer stands on a line of its own.
func Wrap(text string, width int) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+length > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += length
	}
	return b.String()
}
