package sandbox

// The activity reports of the services besides Teams: sums of daily counts.

const emailHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period"

const yammerHeader = "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date," +
	"Posted Count,Read Count,Liked Count,Assigned Products,Report Period"

const oneDriveHeader = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Assigned Products,Report Period"

const sharePointHeader = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Visited Page Count,Assigned Products,Report Period"

const skypeHeader = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date," +
	"Total Peer-to-peer Session Count,Total Organized Conference Count,Total Participated Conference Count," +
	"Peer-to-peer Last Activity Date,Organized Conference Last Activity Date,Participated Conference Last Activity Date," +
	"Peer-to-peer IM Count,Peer-to-peer Audio Count,Peer-to-peer Audio Minutes,Peer-to-peer Video Count,Peer-to-peer Video Minutes," +
	"Peer-to-peer App Sharing Count,Peer-to-peer File Transfer Count," +
	"Organized Conference IM Count,Organized Conference Audio/Video Count,Organized Conference Audio/Video Minutes," +
	"Organized Conference App Sharing Count,Organized Conference Web Count,Organized Conference Dial-in/out 3rd Party Count," +
	"Organized Conference Dial-in/out Microsoft Count,Organized Conference Dial-in Microsoft Minutes,Organized Conference Dial-out Microsoft Minutes," +
	"Participated Conference IM Count,Participated Conference Audio/Video Count,Participated Conference Audio/Video Minutes," +
	"Participated Conference App Sharing Count,Participated Conference Web Count,Participated Conference Dial-in/out 3rd Party Count," +
	"Assigned Products,Report Period"

// lists says whether a report lists the person, and the last day of activity in
// the service: it lists everybody with a licence, and in the report of one day
// those who did something on it.
func (v *reportView) lists(x app) (last day, ok bool) {
	last = v.activity.lastDay(v.activity.mask(x))
	if v.one {
		return last, last == v.refresh
	}
	return last, v.licenses.apps.has(x) || last != noDay
}

func writeEmailUser(v *reportView) bool {
	last, ok := v.lists(exchange)
	if !ok {
		return false
	}
	v.row.date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	v.row.date(last)
	v.counts(exchange, 5)
	return true
}

func writeYammerUser(v *reportView) bool {
	last, ok := v.lists(yammer)
	if !ok {
		return false
	}
	v.row.date(v.refresh)
	v.upn()
	v.displayName()
	v.state(last)
	v.row.date(last)
	v.counts(yammer, 3)
	return true
}

func writeOneDriveUser(v *reportView) bool { return v.writeFileUser(onedrive, 4) }

func writeSharePointUser(v *reportView) bool { return v.writeFileUser(sharepoint, 5) }

func (v *reportView) writeFileUser(x app, columns int) bool {
	last, ok := v.lists(x)
	if !ok {
		return false
	}
	v.row.date(v.refresh)
	v.upn()
	v.deleted()
	v.row.date(last)
	v.counts(x, columns)
	return true
}

// writeNobody is for a service that was retired: the report is its header.
func writeNobody(*reportView) bool { return false }

// counts ends a row: the counters, Assigned Products, Report Period.
func (v *reportView) counts(x app, columns int) {
	c := v.activity.counts(x, v.from())
	for _, n := range c[:columns] {
		v.row.int(n)
	}
	v.products()
	v.row.int(v.days)
}

// state is the pair User State, State Change Date: both empty for people who
// never joined.
func (v *reportView) state(last day) {
	p := &v.person
	switch {
	case v.gone != noDay:
		v.row.plain("deleted")
		v.row.date(v.gone)
	case last == noDay:
		v.row.plain("")
		v.row.date(noDay)
	case !p.enabled(v.refresh):
		v.row.plain("suspended")
		v.row.date(p.left)
	default:
		v.row.plain("active")
		v.row.date(p.start)
	}
}
