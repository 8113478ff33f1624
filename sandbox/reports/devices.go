package reports

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// The reports of the programs and devices that mail, Teams and Viva Engage are used with. Outlook and Teams are on the
// platforms that the report of the Microsoft 365 apps gives them; days without them belong to something else.

const emailAppsHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity " +
	"Date," +
	"Mail For Mac,Outlook For Mac,Outlook For Windows,Outlook For Mobile,Other For Mobile,Outlook For Web,POP3 App," +
	"IMAP4 App,SMTP App,Report Period"

// "Used Chrome OS" has two spaces in what is delivered.
const teamsDeviceHeader = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted " +
	"Date," +
	"Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,Used  Chrome OS,Used Linux,Is " +
	"Licensed,Report Period"

const yammerDeviceHeader = "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last " +
	"Activity Date," +
	"Used Web,Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Used Others,Report Period"

func writeEmailAppUser(v *view) bool {
	last, ok := v.lists(products.Exchange)
	if !ok {
		return false
	}
	v.row.Date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	v.row.Date(last)
	on := v.activity.MailDays(v.from())
	for i := range on {
		switch {
		case on[i].Empty():
			v.row.Plain("")
		case i == company.OutlookForWindows || i == company.OutlookForMac:
			v.row.Plain("ProPlus")
		default:
			v.row.Plain("Undetermined")
		}
	}
	v.row.Int(v.days)
	return true
}

func writeTeamsDevice(v *view) bool {
	last, ok := v.lists(products.Teams)
	if !ok {
		return false
	}
	v.row.Date(v.refresh)
	v.id()
	v.upn()
	v.row.Date(last)
	v.deleted()
	on := v.activity.DeviceDays(v.from())
	for i := range on {
		v.row.YesNo(!on[i].Empty())
	}
	v.row.YesNo(v.licenses.Apps.Has(products.Teams))
	v.row.Int(v.days)
	return true
}

func writeYammerDevice(v *view) bool {
	last, ok := v.lists(products.Yammer)
	if !ok {
		return false
	}
	v.row.Date(v.refresh)
	v.upn()
	v.displayName()
	v.state(last)
	v.row.Date(last)
	on := v.activity.YammerDays(v.from())
	for i := range on {
		v.row.YesNo(!on[i].Empty())
	}
	v.row.Int(v.days)
	return true
}
