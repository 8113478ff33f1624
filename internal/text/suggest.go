package text

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
)

// Suggest completes an error about an unknown name: it returns `; did you mean "NEAREST"?` if a known name is
// near, else "; known: " with all of them. The result is appended to the error's text as it is.
func Suggest(name string, known []string) string {
	if nearest, ok := Nearest(name, known); ok {
		return fmt.Sprintf("; did you mean %q?", nearest)
	}
	return "; known: " + strings.Join(known, ", ")
}

// Nearest returns the known name that was probably meant: the one that needs the fewest insertions, deletions
// and replacements, the first of several, and at most half of the name's length (but always up to two).
// Upper case in name does not count. It returns false if none is so near.
func Nearest(name string, known []string) (nearest string, ok bool) {
	least := max(len(name)/2+1, 3)
	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(name), candidate, nil); d < least {
			nearest, least, ok = candidate, d, true
		}
	}
	return nearest, ok
}
