package sandbox

// The reports of the programs and devices that mail, Teams and Viva Engage are
// used with. Outlook and Teams are on the platforms that the report of the
// Microsoft 365 apps gives them; days without them belong to something else.

const emailAppsHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Mail For Mac,Outlook For Mac,Outlook For Windows,Outlook For Mobile,Other For Mobile,Outlook For Web,POP3 App,IMAP4 App,SMTP App,Report Period"

// "Used  Chrome OS" has two spaces in what is delivered.
const teamsDeviceHeader = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date," +
	"Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,Used  Chrome OS,Used Linux,Is Licensed,Report Period"

const yammerDeviceHeader = "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date," +
	"Used Web,Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Used Others,Report Period"

func writeEmailAppUser(v *reportView) bool {
	last, ok := v.lists(exchange)
	if !ok {
		return false
	}
	v.row.date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	v.row.date(last)
	on := v.activity.mailDays(v.from())
	for i := range on {
		switch {
		case on[i].empty():
			v.row.plain("")
		case i == outlookForWindows || i == outlookForMac:
			v.row.plain("ProPlus")
		default:
			v.row.plain("Undetermined")
		}
	}
	v.row.int(v.days)
	return true
}

func writeTeamsDevice(v *reportView) bool {
	last, ok := v.lists(teams)
	if !ok {
		return false
	}
	v.row.date(v.refresh)
	v.id()
	v.upn()
	v.row.date(last)
	v.deleted()
	on := v.activity.deviceDays(v.from())
	for i := range on {
		v.row.yes(!on[i].empty())
	}
	v.row.yes(v.licenses.apps.has(teams))
	v.row.int(v.days)
	return true
}

func writeYammerDevice(v *reportView) bool {
	last, ok := v.lists(yammer)
	if !ok {
		return false
	}
	v.row.date(v.refresh)
	v.upn()
	v.displayName()
	v.state(last)
	v.row.date(last)
	on := v.activity.yammerDays(v.from())
	for i := range on {
		v.row.yes(!on[i].empty())
	}
	v.row.int(v.days)
	return true
}
