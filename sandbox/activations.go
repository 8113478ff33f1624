package sandbox

// desktopProducts are what can be activated on a computer.
var desktopProducts = [...]struct {
	name string
	sku  int // the suites, or a product of its own
}{
	{"MICROSOFT 365 APPS FOR ENTERPRISE", noSKU},
	{"PROJECT ONLINE DESKTOP CLIENT", project},
	{"VISIO DESKTOP APP", visio},
}

// activation is what somebody did with one desktop product: everything is zero
// and the date noDay for those who never installed it.
type activation struct {
	last                       day
	windows, mac, ios, android int
	shared                     bool
}

// activated is the last activation of an Office program: soon after the start,
// and again whenever there is a new computer.
func (p *person) activated(latest day) day {
	const renewal = 900
	if latest == noDay || !p.installs() {
		return noDay
	}
	h := roll(p.h, tagActivation)
	first := p.start + pick(h, 20)
	if latest < first {
		return latest
	}
	if next := first + 100 + pick(mix(h), renewal); latest >= next {
		return latest - (latest-next)%renewal
	}
	return first
}

// activation is what the person had done with a desktop product by a day. It is false for people without the product.
func (a *activity) activation(product int, l *licenses, by day) (n activation, assigned bool) {
	p := a.p
	n.last = noDay
	h := roll(p.h, tagActivation) + uint64(product)
	if s := desktopProducts[product].sku; s == noSKU {
		if !l.holds(e5) && !l.holds(e3) && !l.holds(oldE3) {
			return n, false
		}
		latest := noDay
		for _, x := range clients {
			latest = max(latest, a.lastDay(a.mask(x)))
		}
		n.last = p.activated(latest)
	} else {
		if !l.holds(s) {
			return n, false
		}
		since := noDay
		for i := range l.all() {
			if int(l.list[i].sku) == s {
				since = l.list[i].since
			}
		}
		if used := a.lastDay(&a.presence); chance(mix(h), 750) && used >= since {
			n.last = since + pick(mix(h+1), used-since+1)
		}
	}
	if n.last == noDay || n.last > by {
		n.last = noDay
		return n, true
	}
	computers := 1 + pick(mix(h+2), 3)/2
	if p.mac() {
		n.mac = computers
	} else {
		n.windows = computers
	}
	if product == 0 && p.mobile() {
		if p.iPhone() {
			n.ios = 1
		} else {
			n.android = 1
		}
	}
	n.shared = product == 0 && chance(mix(h+3), 40)
	return n, true
}
