package provision

// A Price is what one seat costs for a month.
type Price struct {
	Monthly  float64
	Currency string // three letters
}
