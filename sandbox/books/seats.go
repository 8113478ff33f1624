package books

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// countSeats adds add for each seat that an account takes on a day beyond those of the person invented for it. The
// books are locked.
func (b *Books) countSeats(a *Account, on calendar.Day, add int, sum *[products.Count]int) {
	current := false
	if !a.Created {
		now := b.company.Person(a.Person.Seat, on)
		current = now.Holder == a.Person.Holder
		if current {
			l := now.Licenses(on)
			for s := range sum {
				if l.Holds(s) {
					sum[s] -= add
				}
			}
		}
	}
	if a.Deleted() || !current && !a.Created && !a.detached {
		return
	}
	held := a.heldProducts()
	for s := range sum {
		if held.Has(s) {
			sum[s] += add
		}
	}
}

// shiftSeats brings shift, the seats taken more or less than the invented people take, to the tenant's day. The books
// are locked.
func (b *Books) shiftSeats() {
	on := b.today()
	if b.shiftDay == on {
		return
	}
	b.shiftDay, b.shift = on, [products.Count]int{}
	for _, rec := range b.ids {
		b.countSeats(rec.now, on, 1, &b.shift)
	}
}

// inventedSeats is how many seats the invented people take today. Counting asks everybody, so it is done once for each
// day. The books are locked.
func (b *Books) inventedSeats() [products.Count]int {
	on := b.today()
	if b.seats == nil || b.seatsDay != on {
		c := b.company.CountSeats(on)
		b.seatsDay, b.seats = on, &c
	}
	return *b.seats
}

// bought is the purchases of the day and how many seats of each product are taken, writes included. The books are
// locked.
func (b *Books) bought() (list []company.Subscription, consumed [products.Count]int) {
	invented := b.inventedSeats()
	list = b.company.Subscriptions(invented, b.today())
	b.shiftSeats()
	for s := range invented {
		consumed[s] = invented[s] + b.shift[s]
		less := b.given[s]
		for i := len(list) - 1; i >= 0 && less > 0; i-- {
			if p := &list[i]; p.SKU == s && (p.Status == "Enabled" || p.Status == "Warning") {
				n := min(less, p.Seats)
				p.Seats, less = p.Seats-n, less-n
			}
		}
	}
	return list, consumed
}

// Purchases are the purchases of the day, and how many seats of each product are taken.
func (b *Books) Purchases() (list []company.Subscription, consumed [products.Count]int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bought()
}

// free is how many seats of each product are left: enabled and in grace, less those taken, below zero where more are
// taken than were bought. The books are locked.
func (b *Books) free() [products.Count]int {
	list, consumed := b.bought()
	var free [products.Count]int
	for s := range free {
		u := company.PrepaidUnits(list, s)
		free[s] = u.Enabled + u.Warning - consumed[s]
	}
	return free
}
