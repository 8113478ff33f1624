package sandbox

const appsHeader = "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period,Windows,Mac,Mobile,Web," +
	"Outlook,Word,Excel,PowerPoint,OneNote,Teams," +
	"Outlook (Windows),Word (Windows),Excel (Windows),PowerPoint (Windows),OneNote (Windows),Teams (Windows)," +
	"Outlook (Mac),Word (Mac),Excel (Mac),PowerPoint (Mac),OneNote (Mac),Teams (Mac)," +
	"Outlook (Mobile),Word (Mobile),Excel (Mobile),PowerPoint (Mobile),OneNote (Mobile),Teams (Mobile)," +
	"Outlook (Web),Word (Web),Excel (Web),PowerPoint (Web),OneNote (Web),Teams (Web)"

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

// writeAppUser fills a row of getM365AppUserDetail.
func writeAppUser(v *reportView) bool {
	if v.licenses.apps&officeApps == 0 {
		return false
	}
	a := &v.activity
	var used [len(clients)]platforms
	all := platforms(0)
	latest := noDay
	for i, x := range clients {
		m := a.mask(x)
		latest = max(latest, a.lastDay(m))
		used[i] = a.platforms(x, v.from())
		all |= used[i]
	}
	if v.one && all == 0 {
		return false
	}
	r := &v.row
	r.date(v.refresh)
	v.upn()
	r.date(v.person.activated(latest))
	r.date(latest)
	r.int(v.days)
	for p := onWindows; p <= onWeb; p <<= 1 {
		r.yes(all&p != 0)
	}
	for _, u := range used {
		r.yes(u != 0)
	}
	for p := onWindows; p <= onWeb; p <<= 1 {
		for _, u := range used {
			r.yes(u&p != 0)
		}
	}
	return true
}

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
