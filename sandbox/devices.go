package sandbox

// Mail programs in the order of the columns.
const (
	mailForMac = iota
	outlookForMac
	outlookForWindows
	outlookForMobile
	otherForMobile
	outlookForWeb
	pop3
	imap4
	smtp
	mailClients
)

// mailDays is the days from..last on which each program was used for mail.
func (a *activity) mailDays(from day) (on [mailClients]mask) {
	p := a.platformDays(outlookApp, from)
	on[outlookForWindows], on[outlookForMac], on[outlookForMobile], on[outlookForWeb] = p[0], p[1], p[2], p[3]
	all := a.within(a.mask(exchange), from)
	on[a.p.otherMail()] = all.without(a.mask(outlookApp))
	return on
}

// otherMail is what the person reads mail with, except Outlook.
func (p *person) otherMail() int {
	switch h := pick(roll(p.h, tagMailClient), 100); {
	case h < 10:
		return imap4
	case h < 13:
		return pop3
	case h < 15:
		return smtp
	case p.mac():
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

// deviceDays is the days from..last on which Teams was used on each device.
func (a *activity) deviceDays(from day) (on [teamsDevices]mask) {
	p := a.platformDays(teamsApp, from)
	on[teamsWindows], on[teamsMac], on[teamsWeb] = p[0], p[1], p[3]
	if a.p.iPhone() {
		on[teamsIOS] = p[2]
	} else {
		on[teamsAndroid] = p[2]
	}
	other := teamsWeb
	switch h := pick(roll(a.p.h, tagDevice), 100); {
	case h < 4:
		other = teamsLinux
	case h < 8:
		other = teamsChromeOS
	}
	all := a.within(a.mask(teams), from)
	rest := all.without(a.mask(teamsApp))
	on[other].add(&rest)
	return on
}

func (p *person) iPhone() bool { return chance(roll(p.h, tagPhone), 550) }

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

func (a *activity) yammerDays(from day) (on [yammerDevices]mask) {
	all := a.within(a.mask(yammer), from)
	seed := roll(a.p.h, tagDevice)
	phone := yammerAndroid
	if a.p.iPhone() {
		phone = yammerIPhone
	}
	if a.p.mobile() {
		on[phone] = a.thin(&all, seed+1, 1)
	}
	switch h := pick(mix(seed), 100); {
	case h < 8:
		on[yammerIPad] = a.thin(&all, seed+2, 2)
	case h < 11:
		on[yammerOthers] = a.thin(&all, seed+3, 2)
	}
	rest := all.without(&on[phone])
	on[yammerWeb] = a.thin(&all, seed+4, 2)
	on[yammerWeb].add(&rest)
	return on
}
