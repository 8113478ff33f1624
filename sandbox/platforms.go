package sandbox

// clients in the order of the columns.
var clients = [...]app{outlookApp, word, excel, powerpoint, onenote, teamsApp}

type platforms uint8

const (
	onWindows platforms = 1 << iota
	onMac
	onMobile
	onWeb
	platformCount = iota
)

var platformNames = [platformCount]string{"windows", "mac", "mobile", "web"}

// platforms says where an app was used in the days from..last.
func (a *activity) platforms(x app, from day) (used platforms) {
	w := a.where(x)
	for i, d := range a.within(a.mask(x), from) {
		if d != 0 {
			for p, on := range w.days(a.first+i, d) {
				if on != 0 {
					used |= 1 << p
				}
			}
		}
	}
	return used
}

// platformDays is the days from..last on which an app was used on each platform.
func (a *activity) platformDays(x app, from day) (on [platformCount]mask) {
	w := a.where(x)
	for i, d := range a.within(a.mask(x), from) {
		if d != 0 {
			for p, days := range w.days(a.first+i, d) {
				on[p][i] = days
			}
		}
	}
	return on
}

// where is what decides on which platforms a person uses an app.
type where struct {
	seed      uint64
	mac       bool
	mobile    bool
	installed bool
	office    bool // neither Outlook nor Teams, which are on the phone more often
}

func (a *activity) where(x app) where {
	return where{
		seed:      roll(a.p.h, tagPlatform) + uint64(x)<<56,
		mac:       a.p.mac(),
		mobile:    a.p.mobile(),
		installed: x == teamsApp || a.p.installs(),
		office:    x != outlookApp && x != teamsApp,
	}
}

// days splits the active days d of block b by platform. Every active day has at
// least one.
func (w *where) days(b int, d uint64) (on [platformCount]uint64) {
	r := draw(w.seed, b)
	r1, r2, r3 := r.next(), r.next(), r.next()
	var onDesktop uint64
	if w.installed {
		onDesktop = d & (r1 | r2)
	}
	onPhone := d & r2 & r3
	if w.office {
		onPhone &= r1
	}
	if !w.mobile {
		onPhone = 0
	}
	inBrowser := d & r1 & r3
	rest := d &^ (onDesktop | onPhone | inBrowser)
	if w.installed {
		onDesktop |= rest
	} else {
		inBrowser |= rest
	}
	if w.mac {
		return [platformCount]uint64{0, onDesktop, onPhone, inBrowser}
	}
	return [platformCount]uint64{onDesktop, 0, onPhone, inBrowser}
}

func (p *person) mac() bool    { return chance(roll(p.h, tagMac), 150) }
func (p *person) mobile() bool { return chance(roll(p.h, tagMobile), 650) }

// installs is true for people whose suite has the desktop programs.
func (p *person) installs() bool {
	s := p.suite()
	return s == e5 || s == e3 || s == oldE3
}
