package products

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
