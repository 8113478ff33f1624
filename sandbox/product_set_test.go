package sandbox

import (
	"m365lake/sandbox/company"
	"testing"
)

// A set of products has room for the seventeenth: it was once sixteen bits wide, and what lay beyond was lost without
// a word.
func TestProductBeyondTheSixteenthIsHeld(t *testing.T) {
	for _, sku := range []int{0, 15, 16, 40} {
		a := &account{holdings: []holding{{sku: sku, state: stateActive}}}
		if !a.held().Has(sku) {
			t.Errorf("product %d is not held", sku)
		}
		var l company.Licenses
		l.Held.Add(sku)
		if !l.Holds(sku) {
			t.Errorf("product %d is not among the licences", sku)
		}
	}
}
