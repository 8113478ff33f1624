package sandbox

import (
	"m365lake/sandbox/products"
	"slices"
)

// violations lists what is wrong with the plans that a set of holdings gives.
func violations(holdings []holding) []products.Violation {
	given := map[string]bool{}
	for i := range holdings {
		h := &holdings[i]
		for j, p := range products.SKUs[h.sku].Plans {
			if h.active() && !h.disabled.Has(j) {
				given[p.Name] = true
			}
		}
	}
	return products.Violations(given)
}

// newViolation is the first one that was not there before, or nil: what was
// wrong already keeps nobody from changing something else.
func newViolation(before, after []holding) *products.Violation {
	old := violations(before)
	for _, v := range violations(after) {
		if !slices.ContainsFunc(old, func(o products.Violation) bool { return o.Reason == v.Reason && slices.Equal(o.Plans, v.Plans) }) {
			return &v
		}
	}
	return nil
}

// gives is true for a holding with a plan switched on.
func (h *holding) gives(name string) bool {
	i := slices.IndexFunc(products.SKUs[h.sku].Plans, func(p products.Plan) bool { return p.Name == name })
	return i >= 0 && !h.disabled.Has(i)
}
