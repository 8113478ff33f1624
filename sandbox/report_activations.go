package sandbox

const activationsHeader = "Report Refresh Date,User Principal Name,Display Name,Product Type,Last Activated Date," +
	"Windows,Mac,Windows 10 Mobile,iOS,Android,Activated On Shared Computer"

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

// activation is false for people without the product.
func (v *reportView) activation(product int) (n activation, assigned bool) {
	p, a := &v.person, &v.activity
	n.last = noDay
	h := roll(p.h, tagActivation) + uint64(product)
	if s := desktopProducts[product].sku; s == noSKU {
		l := &v.licenses
		if !l.holds(e5) && !l.holds(e3) && !l.holds(oldE3) {
			return n, false
		}
		latest := noDay
		for _, x := range clients {
			latest = max(latest, a.lastDay(a.mask(x)))
		}
		n.last = p.activated(latest)
	} else {
		if !v.licenses.holds(s) {
			return n, false
		}
		since := noDay
		for i := range v.licenses.all() {
			if int(v.licenses.list[i].sku) == s {
				since = v.licenses.list[i].since
			}
		}
		if used := a.lastDay(&a.presence); chance(mix(h), 750) && used >= since {
			n.last = since + pick(mix(h+1), used-since+1)
		}
	}
	if n.last == noDay || n.last > v.refresh {
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

// writeActivation fills a row of getOffice365ActivationsUserDetail: one for
// each product a person has.
func writeActivation(v *reportView) bool {
	n, assigned := v.activation(v.part)
	if !assigned {
		return false
	}
	r := &v.row
	r.date(v.refresh)
	v.upn()
	v.displayName()
	r.plain(desktopProducts[v.part].name)
	r.date(n.last)
	for _, count := range [...]int{n.windows, n.mac, 0, n.ios, n.android} {
		r.int(count)
	}
	r.truth(n.shared)
	return true
}
