package sandbox

// productSet is a set of products, by their index in skus.
type productSet uint64

// A productSet has room for 64 products, and apps for 16. More of them do not compile.
var (
	_ [64 - skuCount]struct{}
	_ [16 - appCount]struct{}
)

func (s productSet) has(sku int) bool { return s>>sku&1 != 0 }

func (s *productSet) add(sku int) { *s |= 1 << sku }
