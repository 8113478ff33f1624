package sandbox

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/products"
	"sync"
)

// seatCache keeps how many people hold each product. Counting asks every
// person, so it is done once for each day.
type seatCache struct {
	mu       sync.Mutex
	on       calendar.Day
	consumed *[products.Count]int
}

func (t *Tenant) consumed() [products.Count]int {
	t.seats.mu.Lock()
	defer t.seats.mu.Unlock()
	on := t.day()
	if t.seats.consumed == nil || t.seats.on != on {
		c := t.CountSeats(on)
		t.seats.on, t.seats.consumed = on, &c
	}
	return *t.seats.consumed
}
