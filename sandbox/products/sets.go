package products

import (
	"slices"
)

// PlanSet is a set of a product's plans, by their position in SKU.Plans.
type PlanSet [2]uint64

// Has says whether a plan is in the set.
func (s PlanSet) Has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }

// Add puts a plan into the set.
func (s *PlanSet) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// And is the plans that are in both sets.
func (s PlanSet) And(o PlanSet) PlanSet { return PlanSet{s[0] & o[0], s[1] & o[1]} }

// IDs lists the plans in the product's order.
func (s PlanSet) IDs(k *SKU) []string {
	var list []string
	for i := range k.Plans {
		if s.Has(i) {
			list = append(list, k.Plans[i].ID)
		}
	}
	return list
}

// PlanSetOf is the other way round; unknown is an id that is not the product's.
func PlanSetOf(k *SKU, ids []string) (s PlanSet, unknown string) {
	for _, id := range ids {
		i := slices.IndexFunc(k.Plans, func(p Plan) bool { return p.ID == id })
		if i < 0 {
			return s, id
		}
		s.Add(i)
	}
	return s, ""
}

// Set is a set of products, by their index in SKUs.
type Set uint64

// A Set has room for 64 products, and apps for 16. More of them do not compile.
var (
	_ [64 - Count]struct{}
	_ [16 - AppCount]struct{}
)

// Has says whether a product is in the set.
func (s Set) Has(sku int) bool { return s>>sku&1 != 0 }

// Add puts a product into the set.
func (s *Set) Add(sku int) { *s |= 1 << sku }
