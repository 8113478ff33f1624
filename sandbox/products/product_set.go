package products

// productSet is a set of products, by their index in skus.
type Set uint64

// A productSet has room for 64 products, and apps for 16. More of them do not compile.
var (
	_ [64 - Count]struct{}
	_ [16 - AppCount]struct{}
)

func (s Set) Has(sku int) bool { return s>>sku&1 != 0 }

func (s *Set) Add(sku int) { *s |= 1 << sku }
