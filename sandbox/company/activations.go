package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// DesktopProducts are what can be activated on a computer.
var DesktopProducts = [...]struct {
	Name string
	sku  int // the suites, or a product of its own
}{
	{"MICROSOFT 365 APPS FOR ENTERPRISE", NoSKU},
	{"PROJECT ONLINE DESKTOP CLIENT", products.Project},
	{"VISIO DESKTOP APP", products.Visio},
}

// Activation is what somebody did with one desktop product: everything is zero and the date calendar.NoDay for those
// who never installed it.
type Activation struct {
	Last                       calendar.Day
	Windows, Mac, IOS, Android int
	Shared                     bool
}

// ActivatedOn is the last activation of an Office program: soon after the start, and again whenever there is a new
// computer.
func (p *Person) ActivatedOn(latest calendar.Day) calendar.Day {
	const renewal = 900
	if latest == calendar.NoDay || !p.HasDesktopApps() {
		return calendar.NoDay
	}
	h := dice.Roll(p.Hash, dice.TagActivation)
	first := p.Start + dice.Pick(h, 20)
	if latest < first {
		return latest
	}
	if next := first + 100 + dice.Pick(dice.Mix(h), renewal); latest >= next {
		return latest - (latest-next)%renewal
	}
	return first
}

// Activation is what the person had done with a desktop product by a day. It is false for people without the product.
func (a *Activity) Activation(product int, l *Licenses, by calendar.Day) (n Activation, assigned bool) {
	p := a.Person
	n.Last = calendar.NoDay
	h := dice.Roll(p.Hash, dice.TagActivation) + uint64(product)
	if s := DesktopProducts[product].sku; s == NoSKU {
		if !l.Holds(products.E5) && !l.Holds(products.E3) && !l.Holds(products.OldE3) {
			return n, false
		}
		latest := calendar.NoDay
		for _, x := range Clients {
			latest = max(latest, a.LastDay(a.Days(x)))
		}
		n.Last = p.ActivatedOn(latest)
	} else {
		if !l.Holds(s) {
			return n, false
		}
		since := calendar.NoDay
		for i := range l.All() {
			if int(l.List[i].SKU) == s {
				since = l.List[i].Since
			}
		}
		if used := a.LastDay(&a.Presence); dice.Chance(dice.Mix(h), 750) && used >= since {
			n.Last = since + dice.Pick(dice.Mix(h+1), used-since+1)
		}
	}
	if n.Last == calendar.NoDay || n.Last > by {
		n.Last = calendar.NoDay
		return n, true
	}
	computers := 1 + dice.Pick(dice.Mix(h+2), 3)/2
	if p.HasMac() {
		n.Mac = computers
	} else {
		n.Windows = computers
	}
	if product == 0 && p.HasPhone() {
		if p.HasIPhone() {
			n.IOS = 1
		} else {
			n.Android = 1
		}
	}
	n.Shared = product == 0 && dice.Chance(dice.Mix(h+3), 40)
	return n, true
}
