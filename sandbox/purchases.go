package sandbox

func (c *company) subscriptionID(i int) string {
	return guid(roll(c.seed, tagSubscription) + 1000 + uint64(i))
}

// A subscription is one purchase of seats.
type subscription struct {
	sku     int
	status  string
	seats   int
	trial   bool
	created day
	ends    day // next lifecycle date; never for free products
}

// subscriptions is everything the company bought. Seats are bought in steps, so
// a few are always left over, except where the story says otherwise.
func (c *company) subscriptions(consumed [skuCount]int, on day) []subscription {
	var list []subscription
	buy := func(s int, status string, seats int) *subscription {
		h := mix(roll(c.seed, tagSubscription) + uint64(len(list)))
		created := 18500 + pick(h, 1400)
		term := 365
		ends := created + term*((on-created)/term+1)
		list = append(list, subscription{sku: s, status: status, seats: seats, created: created, ends: ends})
		return &list[len(list)-1]
	}
	for s, used := range consumed {
		seats := seatsFor(used)
		switch s {
		case e3: // bought in three steps
			first, second := seats*6/10, seats*3/10
			buy(s, "Enabled", first)
			buy(s, "Enabled", second)
			buy(s, "Enabled", seats-first-second)
		case e5: // plus one purchase that was cancelled
			buy(s, "Enabled", seats)
			buy(s, "Suspended", 10)
		case oldE3: // not renewed, in the grace period
			buy(s, "Warning", seats).ends = on - on%30 + 35
		case visio: // seats were given up while people still hold them
			buy(s, "Enabled", max(1, used-(used+9)/10))
		case project:
			buy(s, "Enabled", seats)
			buy(s, "LockedOut", 5)
		case flowFree:
			buy(s, "Enabled", max(10000, seats)).ends = never
		case fabricFree:
			buy(s, "Enabled", 1000000).ends = never
		case teamsTrial:
			b := buy(s, "Enabled", max(100, seats))
			b.trial = true
			b.ends = on - on%60 + 75
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

// prepaid sums the purchases of one product by their state.
type prepaid struct{ enabled, warning, suspended, lockedOut int }

func prepaidUnits(list []subscription, s int) prepaid {
	var u prepaid
	for i := range list {
		if list[i].sku != s {
			continue
		}
		switch list[i].status {
		case "Enabled":
			u.enabled += list[i].seats
		case "Warning":
			u.warning += list[i].seats
		case "Suspended":
			u.suspended += list[i].seats
		case "LockedOut":
			u.lockedOut += list[i].seats
		}
	}
	return u
}

func (u prepaid) status() string {
	switch {
	case u.enabled > 0:
		return "Enabled"
	case u.warning > 0:
		return "Warning"
	}
	return "Suspended"
}

// countSeats is how many people hold each product on a day. It asks everybody.
func (c *company) countSeats(on day) (held [skuCount]int) {
	for n := range c.users {
		p := c.person(n, on)
		l := p.licenses(on)
		for s := range held {
			if l.holds(s) {
				held[s]++
			}
		}
	}
	return held
}
