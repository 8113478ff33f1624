package warehouse

import (
	"strings"
	"testing"
)

// A pseudonym is the same whatever the case, and another under another key.
func TestPseudonym(t *testing.T) {
	a, b := &Privacy{Key: []byte("a")}, &Privacy{Key: []byte("b")}
	if a.Pseudonym("Anna@x") != a.Pseudonym("anna@X") || a.Pseudonym("anna@x") == b.Pseudonym("anna@x") ||
		a.Pseudonym("anna@x") == a.Pseudonym("ben@x") {
		t.Error("pseudonyms do not tell people apart")
	}
	if p := a.Pseudonym("anna@x"); len(p) != 22 || !strings.HasPrefix(p, "p_") {
		t.Error(p)
	}
}
