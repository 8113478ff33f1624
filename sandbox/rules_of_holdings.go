package sandbox

import (
	"slices"
)

// violations lists what is wrong with the plans that a set of holdings gives.
func violations(holdings []holding) []violation {
	given := map[string]bool{}
	for i := range holdings {
		h := &holdings[i]
		for j, p := range skus[h.sku].plans {
			if h.active() && !h.disabled.has(j) {
				given[p.name] = true
			}
		}
	}
	return planViolations(given)
}

// newViolation is the first one that was not there before, or nil: what was
// wrong already keeps nobody from changing something else.
func newViolation(before, after []holding) *violation {
	old := violations(before)
	for _, v := range violations(after) {
		if !slices.ContainsFunc(old, func(o violation) bool { return o.reason == v.reason && slices.Equal(o.plans, v.plans) }) {
			return &v
		}
	}
	return nil
}

// gives is true for a holding with a plan switched on.
func (h *holding) gives(name string) bool {
	i := slices.IndexFunc(skus[h.sku].plans, func(p plan) bool { return p.name == name })
	return i >= 0 && !h.disabled.has(i)
}
