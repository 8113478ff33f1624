package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/products"
)

// The activity reports of the services besides Teams: sums of daily counts.

const emailHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period"

const yammerHeader = "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last " +
	"Activity Date," +
	"Posted Count,Read Count,Liked Count,Assigned Products,Report Period"

const oneDriveHeader = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count," +
	"Assigned Products,Report Period"

const sharePointHeader = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count," +
	"Visited Page Count,Assigned Products,Report Period"

const skypeHeader = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Total Peer-to-peer Session Count,Total Organized Conference Count,Total Participated Conference Count," +
	"Peer-to-peer Last Activity Date,Organized Conference Last Activity Date,Participated Conference Last Activity " +
	"Date," +
	"Peer-to-peer IM Count,Peer-to-peer Audio Count,Peer-to-peer Audio Minutes,Peer-to-peer Video Count," +
	"Peer-to-peer Video Minutes," +
	"Peer-to-peer App Sharing Count,Peer-to-peer File Transfer Count," +
	"Organized Conference IM Count,Organized Conference Audio/Video Count,Organized Conference Audio/Video Minutes," +
	"Organized Conference App Sharing Count,Organized Conference Web Count,Organized Conference Dial-in/out 3rd " +
	"Party Count," +
	"Organized Conference Dial-in/out Microsoft Count,Organized Conference Dial-in Microsoft Minutes,Organized " +
	"Conference Dial-out Microsoft Minutes," +
	"Participated Conference IM Count,Participated Conference Audio/Video Count,Participated Conference Audio/Video " +
	"Minutes," +
	"Participated Conference App Sharing Count,Participated Conference Web Count,Participated Conference " +
	"Dial-in/out 3rd Party Count," +
	"Assigned Products,Report Period"

// lists says whether a report lists the person, and the last day of activity in the service: it lists everybody with a
// licence, and in the report of one day those who did something on it.
func (v *view) lists(x products.App) (last calendar.Day, ok bool) {
	last = v.activity.LastDay(v.activity.Days(x))
	if v.one {
		return last, last == v.refresh
	}
	return last, v.licenses.Apps.Has(x) || last != calendar.NoDay
}

func writeEmailUser(v *view) bool {
	last, ok := v.lists(products.Exchange)
	if !ok {
		return false
	}
	v.row.Date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	v.row.Date(last)
	v.counts(products.Exchange, 5)
	return true
}

func writeYammerUser(v *view) bool {
	last, ok := v.lists(products.Yammer)
	if !ok {
		return false
	}
	v.row.Date(v.refresh)
	v.upn()
	v.displayName()
	v.state(last)
	v.row.Date(last)
	v.counts(products.Yammer, 3)
	return true
}

func writeOneDriveUser(v *view) bool { return v.writeFileUser(products.OneDrive, 4) }

func writeSharePointUser(v *view) bool { return v.writeFileUser(products.SharePoint, 5) }

func (v *view) writeFileUser(x products.App, columns int) bool {
	last, ok := v.lists(x)
	if !ok {
		return false
	}
	v.row.Date(v.refresh)
	v.upn()
	v.deleted()
	v.row.Date(last)
	v.counts(x, columns)
	return true
}

// writeNobody is for a service that was retired: the report is its header.
func writeNobody(*view) bool { return false }

// Counts ends a row: the counters, Assigned Products, Report Period.
func (v *view) counts(x products.App, columns int) {
	c := v.activity.Counts(x, v.from())
	for _, n := range c[:columns] {
		v.row.Int(n)
	}
	v.products()
	v.row.Int(v.days)
}

// State is the pair User State, State Change Date: both empty for people who never joined.
func (v *view) state(last calendar.Day) {
	p := &v.person
	switch {
	case v.gone != calendar.NoDay:
		v.row.Plain("deleted")
		v.row.Date(v.gone)
	case last == calendar.NoDay:
		v.row.Plain("")
		v.row.Date(calendar.NoDay)
	case !p.Enabled(v.refresh):
		v.row.Plain("suspended")
		v.row.Date(p.Left)
	default:
		v.row.Plain("active")
		v.row.Date(p.Start)
	}
}
