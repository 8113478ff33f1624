package sandbox

const teamsHeader = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products," +
	"Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Meetings Organized Count,Meetings Attended Count," +
	"Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count," +
	"Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count," +
	"Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds," +
	"Has Other Action,Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,Reply Messages,Is Licensed,Report Period"

// writeTeamsUser fills a row of getTeamsUserActivityUserDetail.
func writeTeamsUser(v *reportView) bool {
	a := &v.activity
	last := a.lastDay(a.mask(teams))
	licensed := v.licenses.apps.has(teams)
	if v.one && last != v.refresh || !licensed && last == noDay {
		return false
	}
	d := a.teamsDays(v.from())
	r := &v.row
	r.date(v.refresh)
	v.id()
	v.upn()
	r.date(last)
	v.deleted()
	v.products()
	for _, n := range [...]int{d.chat(), d.private, d.calls, d.meetings(), d.organized(), d.attended(),
		d.organizedAdHoc, d.attendedAdHoc, d.organizedOnce, d.attendedOnce, d.organizedRe, d.attendedRe} {
		r.int(n)
	}
	for _, seconds := range [...]int{d.audio, d.video, d.share} {
		r.b = appendDuration(r.b, seconds)
		r.end()
	}
	r.int(d.audio)
	r.int(d.video)
	r.int(d.share)
	r.yes(d.other)
	r.int(d.urgent)
	r.int(d.post)
	v.scratch = append(v.scratch[:0], v.t.Name()...)
	r.text(v.scratch)
	if d.post > 3 && chance(roll(v.person.h, tagTeamsDay), 60) {
		r.plain("Northwharf Partners")
	} else {
		r.plain("")
	}
	r.int(d.reply)
	r.yes(licensed)
	r.int(v.days)
	return true
}
