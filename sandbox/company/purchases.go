package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// SubscriptionID is the id of the ith subscription.
func (c *Company) SubscriptionID(i int) string {
	return dice.GUID(dice.Roll(c.Seed, dice.TagSubscription) + 1000 + uint64(i))
}

// A Subscription is one purchase of seats.
type Subscription struct {
	SKU     int
	Status  string
	Seats   int
	Trial   bool
	Created calendar.Day
	Ends    calendar.Day // next lifecycle date; never for free products
}

// Subscriptions is everything the company bought. Seats are bought in steps, so a few are always left over, except
// where the story says otherwise.
func (c *Company) Subscriptions(consumed [products.Count]int, on calendar.Day) []Subscription {
	var list []Subscription
	buy := func(s int, status string, seats int) *Subscription {
		h := dice.Mix(dice.Roll(c.Seed, dice.TagSubscription) + uint64(len(list)))
		created := 18500 + dice.Pick(h, 1400)
		term := 365
		ends := created + term*((on-created)/term+1)
		list = append(list, Subscription{SKU: s, Status: status, Seats: seats, Created: created, Ends: ends})
		return &list[len(list)-1]
	}
	for s, used := range consumed {
		seats := seatsFor(used)
		switch s {
		case products.E3: // bought in three steps
			first, second := seats*6/10, seats*3/10
			buy(s, "Enabled", first)
			buy(s, "Enabled", second)
			buy(s, "Enabled", seats-first-second)
		case products.E5: // plus one purchase that was cancelled
			buy(s, "Enabled", seats)
			buy(s, "Suspended", 10)
		case products.OldE3: // not renewed, in the grace period
			buy(s, "Warning", seats).Ends = on - on%30 + 35
		case products.Visio: // seats were given up while people still hold them
			buy(s, "Enabled", max(1, used-(used+9)/10))
		case products.Project:
			buy(s, "Enabled", seats)
			buy(s, "LockedOut", 5)
		case products.FlowFree:
			buy(s, "Enabled", max(10000, seats)).Ends = calendar.Never
		case products.FabricFree:
			buy(s, "Enabled", 1000000).Ends = calendar.Never
		case products.TeamsTrial:
			b := buy(s, "Enabled", max(100, seats))
			b.Trial = true
			b.Ends = on - on%60 + 75
		default:
			buy(s, "Enabled", seats)
		}
	}
	return list
}

// seatsFor rounds up to what somebody would buy who needs this many.
func seatsFor(used int) int {
	step := 5
	for step*20 < used {
		step *= 2
	}
	return (used + used/50 + step) / step * step
}

// Prepaid sums the purchases of one product by their state.
type Prepaid struct{ Enabled, Warning, Suspended, LockedOut int }

// PrepaidUnits sums the purchases of the product with an index.
func PrepaidUnits(list []Subscription, s int) Prepaid {
	var u Prepaid
	for i := range list {
		if list[i].SKU != s {
			continue
		}
		switch list[i].Status {
		case "Enabled":
			u.Enabled += list[i].Seats
		case "Warning":
			u.Warning += list[i].Seats
		case "Suspended":
			u.Suspended += list[i].Seats
		case "LockedOut":
			u.LockedOut += list[i].Seats
		}
	}
	return u
}

// Status is the capability status of a product, which is that of its best purchase.
func (u Prepaid) Status() string {
	switch {
	case u.Enabled > 0:
		return "Enabled"
	case u.Warning > 0:
		return "Warning"
	}
	return "Suspended"
}

// CountSeats is how many people hold each product on a day. It asks everybody.
func (c *Company) CountSeats(on calendar.Day) (held [products.Count]int) {
	for n := range c.Users {
		p := c.Person(n, on)
		l := p.Licenses(on)
		for s := range held {
			if l.Holds(s) {
				held[s]++
			}
		}
	}
	return held
}
