package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// Clients in the order of the columns.
var Clients = [...]products.App{
	products.OutlookApp,
	products.Word,
	products.Excel,
	products.PowerPoint,
	products.OneNote,
	products.TeamsApp,
}

// Platforms is a set of platforms.
type Platforms uint8

const (
	OnWindows Platforms = 1 << iota
	onMac
	onMobile
	OnWeb
	PlatformCount = iota
)

// PlatformNames are the names of the platforms, as in platforms.csv of package truth.
var PlatformNames = [PlatformCount]string{"windows", "mac", "mobile", "web"}

// Platforms says where an app was used in the days from..last.
func (a *Activity) Platforms(x products.App, from calendar.Day) (used Platforms) {
	w := a.where(x)
	for i, d := range a.Since(a.Days(x), from) {
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

// PlatformDays is the days from..last on which an app was used on each platform.
func (a *Activity) PlatformDays(x products.App, from calendar.Day) (on [PlatformCount]DaySet) {
	w := a.where(x)
	for i, d := range a.Since(a.Days(x), from) {
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

func (a *Activity) where(x products.App) where {
	return where{
		seed:      dice.Roll(a.Person.Hash, dice.TagPlatform) + uint64(x)<<56,
		mac:       a.Person.HasMac(),
		mobile:    a.Person.HasPhone(),
		installed: x == products.TeamsApp || a.Person.HasDesktopApps(),
		office:    x != products.OutlookApp && x != products.TeamsApp,
	}
}

// days splits the active days d of block b by platform. Every active day has at least one.
func (w *where) days(b int, d uint64) (on [PlatformCount]uint64) {
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
		return [PlatformCount]uint64{0, onDesktop, onPhone, inBrowser}
	}
	return [PlatformCount]uint64{onDesktop, 0, onPhone, inBrowser}
}

// HasMac is true for people with a Mac; the others have Windows.
func (p *Person) HasMac() bool { return dice.Chance(dice.Roll(p.Hash, dice.TagMac), 150) }

// HasPhone is true for people who use the apps on a phone.
func (p *Person) HasPhone() bool { return dice.Chance(dice.Roll(p.Hash, dice.TagMobile), 650) }

// HasDesktopApps is true for people whose suite has the desktop programs.
func (p *Person) HasDesktopApps() bool {
	s := p.suite()
	return s == products.E5 || s == products.E3 || s == products.OldE3
}
