package plan

import (
	"maps"
	"slices"

	"m365lake/provision"
)

// check refuses licences that Graph would refuse.
func (p *planner) check(r *row, before, wanted provision.Facet) {
	for _, sku := range slices.Sorted(maps.Keys(wanted.Licenses)) {
		if !wanted.Licenses[sku].Assigned || before.Licenses[sku].Assigned {
			continue
		}
		switch one := p.products[sku]; {
		case one == nil:
			r.refuse("unknown_sku", "the tenant no longer has %s", p.products.Label(sku))
		case !one.ForUsers:
			r.refuse("not_assignable", "%s is for the whole tenant, not for single users", one.Label())
		case !one.Usable:
			r.refuse("sku_suspended", "no subscription of %s is active, so that nobody can get it", one.Label())
		case r.person.location == "":
			r.refuse("no_usage_location", "%s has no usage location, without which Microsoft assigns nothing; add a "+
				"set_usage_location action", r.person.called())
		}
	}
	if len(wanted.Licenses) == 0 || r.refusal != nil {
		return
	}
	next := r.person.after(wanted, nil)
	if fault, is := newFault(r.person.plans(p.products), next.plans(p.products)); is {
		remedy := "take the other product away in the same action (swap_license), or switch one of them off (disabled_plans)"
		if fault.code == "dependency" {
			remedy = "give or take both together, or switch it off (disabled_plans)"
		}
		r.refuse(fault.code, "%s would have what does not go together: %s; %s", r.person.called(), fault.text, remedy)
	}
}

// seatsOf are the seats of a product that the plan has to do with.
func (p *planner) seatsOf(sku string) *provision.Seats {
	s := p.seats[sku]
	if s == nil {
		s = &provision.Seats{SKUID: sku, ProductName: p.products.Label(sku)}
		if one := p.products[sku]; one != nil {
			s.SKUPartNumber, s.ProductName, s.Bought, s.Before, s.After = one.PartNumber, one.Name, one.Bought, one.Consumed,
				one.Consumed
		}
		p.seats[sku] = s
	}
	return s
}

// withoutSeat is a product of which the step needs a seat directly and finds none free; empty when
// there is none. What a group gives needs a seat too, but the group takes the user all the same.
func (p *planner) withoutSeat(who, next *person, wanted provision.Facet) string {
	for _, sku := range slices.Sorted(maps.Keys(wanted.Licenses)) {
		if s := p.seatsOf(sku); next.holds(sku) && !who.holds(sku) && s.After+1 > s.Bought-int64(p.in.Settings.SeatReserve) {
			return sku
		}
	}
	return ""
}

// moved are the products whose seat the step takes (1) or gives back (-1).
func moved(who, next *person) map[string]int64 {
	seats := map[string]int64{}
	for _, sku := range append(who.held(), next.held()...) {
		switch had, has := who.holds(sku), next.holds(sku); {
		case has && !had:
			seats[sku] = 1
		case had && !has:
			seats[sku] = -1
		}
	}
	return seats
}

// moveSeats counts the step's seats and says what they save a month; nil where a price is missing,
// or where no seat moves.
func (p *planner) moveSeats(who, next *person) (*float64, string) {
	seats := moved(who, next)
	saving, currency := 0.0, ""
	known := len(seats) > 0
	for _, sku := range slices.Sorted(maps.Keys(seats)) {
		p.seatsOf(sku).After += seats[sku]
		price, has := p.prices[sku]
		switch {
		case !has && p.facts.Products[sku].Kind != "" && p.facts.Products[sku].Kind != "paid" &&
			p.facts.Products[sku].Kind != "unknown":
			continue // free
		case !has || currency != "" && currency != price.Currency:
			known = false
			p.withoutPrice++
		default:
			saving, currency = saving-float64(seats[sku])*price.Monthly, price.Currency
		}
	}
	if !known || currency == "" {
		return nil, ""
	}
	return &saving, currency
}

func (p *planner) seatList() []provision.Seats {
	var all []provision.Seats
	for _, sku := range slices.Sorted(maps.Keys(p.seats)) {
		all = append(all, *p.seats[sku])
	}
	slices.SortStableFunc(all, func(a, b provision.Seats) int {
		switch {
		case a.ProductName < b.ProductName:
			return -1
		case a.ProductName > b.ProductName:
			return 1
		}
		return 0
	})
	return all
}

// money adds up what the steps save, currency by currency. The licences without a price stand with
// the first; alone, where no price is known at all.
func (p *planner) money(steps []provision.Step) []provision.Money {
	sums := map[string]float64{}
	for _, s := range steps {
		if s.MonthlySaving != nil {
			sums[s.Currency] += *s.MonthlySaving
		}
	}
	var all []provision.Money
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		all = append(all, provision.Money{Currency: currency, Monthly: cents(sums[currency]),
			Yearly: cents(12 * sums[currency])})
	}
	if len(all) == 0 && p.withoutPrice > 0 {
		all = []provision.Money{{}}
	}
	if len(all) > 0 {
		all[0].WithoutPrice = p.withoutPrice
	}
	return all
}
