package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

const teamsHeader = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date," +
	"Assigned Products," +
	"Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Meetings Organized Count,Meetings " +
	"Attended Count," +
	"Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,Scheduled One-time Meetings Organized Count," +
	"Scheduled One-time Meetings Attended Count," +
	"Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count," +
	"Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,Screen " +
	"Share Duration In Seconds," +
	"Has Other Action,Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,Reply " +
	"Messages,Is Licensed,Report Period"

// writeTeamsUser fills a row of getTeamsUserActivityUserDetail.
func writeTeamsUser(v *view) bool {
	a := &v.activity
	last := a.LastDay(a.Days(products.Teams))
	licensed := v.licenses.Apps.Has(products.Teams)
	if v.one && last != v.refresh || !licensed && last == calendar.NoDay {
		return false
	}
	d := a.TeamsDays(v.from())
	r := &v.row
	r.Date(v.refresh)
	v.id()
	v.upn()
	r.Date(last)
	v.deleted()
	v.products()
	for _, n := range [...]int{d.Chat(), d.Private, d.Calls, d.Meetings(), d.Organized(), d.Attended(),
		d.OrganizedAdHoc, d.AttendedAdHoc, d.OrganizedOnce, d.AttendedOnce, d.OrganizedRe, d.AttendedRe} {
		r.Int(n)
	}
	for _, seconds := range [...]int{d.Audio, d.Video, d.Share} {
		r.Bytes = wire.AppendDuration(r.Bytes, seconds)
		r.End()
	}
	r.Int(d.Audio)
	r.Int(d.Video)
	r.Int(d.Share)
	r.YesNo(d.Other)
	r.Int(d.Urgent)
	r.Int(d.Post)
	v.scratch = append(v.scratch[:0], v.company.Name()...)
	r.Text(v.scratch)
	if d.Post > 3 && dice.Chance(dice.Roll(v.person.Hash, dice.TagTeamsDay), 60) {
		r.Plain("Northwharf Partners")
	} else {
		r.Plain("")
	}
	r.Int(d.Reply)
	r.YesNo(licensed)
	r.Int(v.days)
	return true
}
