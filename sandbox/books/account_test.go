package books

import (
	"slices"
	"testing"
	"time"

	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/products"
)

// A Monday, so that weekends are known.
var monday = time.Date(2026, 3, 16, 11, 30, 0, 0, time.UTC)

// A set of products has room for the seventeenth: it was once sixteen bits wide, and what lay beyond was lost without a
// word.
func TestProductBeyondTheSixteenthIsHeld(t *testing.T) {
	for _, sku := range []int{0, 15, 16, 40} {
		a := &Account{Holdings: []Holding{{SKU: sku, State: stateActive}}}
		if !a.heldProducts().Has(sku) {
			t.Errorf("product %d is not held", sku)
		}
		var l company.Licenses
		l.Held.Add(sku)
		if !l.Holds(sku) {
			t.Errorf("product %d is not among the licences", sku)
		}
	}
}

func TestPlansOfInventedPeopleGoTogether(t *testing.T) {
	b := New(company.New(20000, 0), clock.New(func() time.Time { return monday }, nil), faults.Set{})
	copilots := 0
	for n := range 20000 {
		a := b.invented(b.company.Person(n, b.today()), b.today())
		if v := violations(a.Holdings); v != nil {
			t.Fatalf("%s: %v of %v", a.ID, v, a.Holdings)
		}
		if a.heldProducts().Has(products.Copilot) {
			copilots++
		}
	}
	if copilots < 100 {
		t.Errorf("%d with Copilot", copilots)
	}
	for _, set := range slices.Concat(products.ExclusivePlans, products.DependentPlans) {
		for _, name := range set {
			if products.PlanID(name) == name {
				t.Errorf("no product has the plan %s", name)
			}
		}
	}
}
