package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// Mail programs in the order of the columns.
const (
	mailForMac = iota
	OutlookForMac
	OutlookForWindows
	outlookForMobile
	otherForMobile
	outlookForWeb
	pop3
	imap4
	smtp
	mailClients
)

// MailDays is the days from..last on which each program was used for mail.
func (a *Activity) MailDays(from calendar.Day) (on [mailClients]DaySet) {
	p := a.PlatformDays(products.OutlookApp, from)
	on[OutlookForWindows], on[OutlookForMac], on[outlookForMobile], on[outlookForWeb] = p[0], p[1], p[2], p[3]
	all := a.Since(a.Days(products.Exchange), from)
	on[a.Person.otherMail()] = all.without(a.Days(products.OutlookApp))
	return on
}

// otherMail is what the person reads mail with, except Outlook.
func (p *Person) otherMail() int {
	switch h := dice.Pick(dice.Roll(p.Hash, dice.TagMailClient), 100); {
	case h < 10:
		return imap4
	case h < 13:
		return pop3
	case h < 15:
		return smtp
	case p.HasMac():
		return mailForMac
	}
	return otherForMobile
}

// Devices for Teams in the order of the columns.
const (
	teamsWeb = iota
	teamsWindowsPhone
	teamsIOS
	teamsMac
	teamsAndroid
	teamsWindows
	teamsChromeOS
	teamsLinux
	teamsDevices
)

// DeviceDays is the days from..last on which Teams was used on each device.
func (a *Activity) DeviceDays(from calendar.Day) (on [teamsDevices]DaySet) {
	p := a.PlatformDays(products.TeamsApp, from)
	on[teamsWindows], on[teamsMac], on[teamsWeb] = p[0], p[1], p[3]
	if a.Person.HasIPhone() {
		on[teamsIOS] = p[2]
	} else {
		on[teamsAndroid] = p[2]
	}
	other := teamsWeb
	switch h := dice.Pick(dice.Roll(a.Person.Hash, dice.TagDevice), 100); {
	case h < 4:
		other = teamsLinux
	case h < 8:
		other = teamsChromeOS
	}
	all := a.Since(a.Days(products.Teams), from)
	rest := all.without(a.Days(products.TeamsApp))
	on[other].Unite(&rest)
	return on
}

// HasIPhone is true for people whose phone is an iPhone; the others have Android.
func (p *Person) HasIPhone() bool { return dice.Chance(dice.Roll(p.Hash, dice.TagPhone), 550) }

// Devices for Viva Engage in the order of the columns.
const (
	yammerWeb = iota
	yammerWindowsPhone
	yammerAndroid
	yammerIPhone
	yammerIPad
	yammerOthers
	yammerDevices
)

// YammerDays is the days from..last on which Viva Engage was used on each device.
func (a *Activity) YammerDays(from calendar.Day) (on [yammerDevices]DaySet) {
	all := a.Since(a.Days(products.Yammer), from)
	seed := dice.Roll(a.Person.Hash, dice.TagDevice)
	phone := yammerAndroid
	if a.Person.HasIPhone() {
		phone = yammerIPhone
	}
	if a.Person.HasPhone() {
		on[phone] = a.Thin(&all, seed+1, 1)
	}
	switch h := dice.Pick(dice.Mix(seed), 100); {
	case h < 8:
		on[yammerIPad] = a.Thin(&all, seed+2, 2)
	case h < 11:
		on[yammerOthers] = a.Thin(&all, seed+3, 2)
	}
	rest := all.without(&on[phone])
	on[yammerWeb] = a.Thin(&all, seed+4, 2)
	on[yammerWeb].Unite(&rest)
	return on
}
