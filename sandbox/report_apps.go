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
	on := a.platformDays(x, from)
	for i := range on {
		if !on[i].empty() {
			used |= 1 << i
		}
	}
	return used
}

// platformDays is the days from..last on which an app was used on each
// platform. Every active day has at least one.
func (a *activity) platformDays(x app, from day) (on [platformCount]mask) {
	m := a.within(a.mask(x), from)
	seed := roll(a.p.h, tagPlatform) + uint64(x)<<56
	desktop := 0 // Windows
	if a.p.mac() {
		desktop = 1
	}
	mobile := a.p.mobile()
	installed := x == teamsApp || a.p.installs()
	for i, d := range m {
		if d == 0 {
			continue
		}
		r := draw(seed, a.first+i)
		r1, r2, r3 := r.next(), r.next(), r.next()
		var onDesktop uint64
		if installed {
			onDesktop = d & (r1 | r2)
		}
		onPhone := d & r2 & r3
		if x != outlookApp && x != teamsApp {
			onPhone &= r1
		}
		if !mobile {
			onPhone = 0
		}
		inBrowser := d & r1 & r3
		rest := d &^ (onDesktop | onPhone | inBrowser)
		if installed {
			onDesktop |= rest
		} else {
			inBrowser |= rest
		}
		on[desktop][i], on[2][i], on[3][i] = onDesktop, onPhone, inBrowser
	}
	return on
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
