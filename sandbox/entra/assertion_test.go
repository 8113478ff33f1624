package entra

import (
	"strings"
	"testing"
)

func FuzzAssertion(f *testing.F) {
	f.Add("e30.e30.AA")
	f.Add("eyJhbGciOiJQUzI1NiJ9.eyJleHAiOiJ4In0.AA")
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := parseAssertion(text); ok && strings.Count(text, ".") != 2 {
			t.Errorf("%q is no signed token", text)
		}
	})
}
