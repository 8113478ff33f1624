package sandbox

import (
	"slices"
)

// planSet is a set of a product's plans, by their position in sku.plans.
type planSet [2]uint64

func (s planSet) has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }

func (s *planSet) add(i int) { s[i>>6] |= 1 << (i & 63) }

func (s planSet) and(o planSet) planSet { return planSet{s[0] & o[0], s[1] & o[1]} }

// ids lists the plans in the product's order.
func (s planSet) ids(k *sku) []string {
	var list []string
	for i := range k.plans {
		if s.has(i) {
			list = append(list, k.plans[i].id)
		}
	}
	return list
}

// planSetOf is the other way round; unknown is an id that is not the product's.
func planSetOf(k *sku, ids []string) (s planSet, unknown string) {
	for _, id := range ids {
		i := slices.IndexFunc(k.plans, func(p plan) bool { return p.id == id })
		if i < 0 {
			return s, id
		}
		s.add(i)
	}
	return s, ""
}
