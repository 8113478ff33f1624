package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
)

// The report of Microsoft 365 groups. These are the groups behind the sites whose template is Group; the groups of the
// directory (licenses.go) are security groups, which the report does not list.

const groupHeader = "Report Refresh Date,Group Display Name,Is Deleted,Owner Principal Name,Last Activity Date," +
	"Group Type,Member Count," +
	"External Member Count,Exchange Received Email Count,SharePoint Active File Count,Yammer Posted Message Count," +
	"Yammer Read Message Count," +
	"Yammer Liked Message Count,Exchange Mailbox Total Item Count,Exchange Mailbox Storage Used (Byte),SharePoint " +
	"Total File Count," +
	"SharePoint Site Storage Used (Byte),Group Id,Report Period"

// writeGroup fills a row of getOffice365GroupsActivityDetail.
func writeGroup(v *view) bool {
	k := v.company.Site(v.item)
	if k.Template != "Group" || k.Created > v.refresh {
		return false
	}
	last := calendar.NoDay
	for d := v.refresh; d > v.refresh-company.History && d >= k.Created && last == calendar.NoDay; d-- {
		if k.GroupOn(d) != (company.GroupDay{}) {
			last = d
		}
	}
	if v.one && last != v.refresh {
		return false
	}
	var sum company.GroupDay
	for d := v.from(); d <= v.refresh; d++ {
		g := k.GroupOn(d)
		sum.Mail += g.Mail
		sum.Site.Files += g.Site.Files
		sum.Posted += g.Posted
		sum.Read += g.Read
		sum.Likes += g.Likes
	}
	h := dice.Roll(k.Hash, dice.TagGroup)
	members := 2 + dice.Pick(dice.Mix(h), 60)
	items := company.Grown(dice.Roll(k.Hash, dice.TagMailbox), min(v.refresh, k.Closed)-k.Created, 300, 900)
	files := k.Files(v.refresh)
	r := &v.row
	r.Date(v.refresh)
	if v.concealed {
		v.hide(dice.Roll(k.Hash, dice.TagConceal) + 3)
	} else {
		r.Text([]byte(k.Name))
	}
	r.TrueFalse(false)
	if owner, found := v.company.Owner(&k, v.today); found &&
		!dice.Chance(dice.Mix(h+1), 60) { // a few have lost their owner
		v.person = owner
		v.upn()
	} else {
		r.Plain("")
	}
	r.Date(last)
	if dice.Chance(dice.Mix(h+2), 700) {
		r.Plain("Private")
	} else {
		r.Plain("Public")
	}
	r.Int(members)
	r.Int(dice.Pick(dice.Mix(h+3), 1+members/4))
	for _, n := range [5]int{sum.Mail, sum.Site.Files, sum.Posted, sum.Read, sum.Likes} {
		r.IntOrNothing(n)
	}
	r.Int(items)
	r.Int(items * (9_000 + dice.Pick(dice.Mix(h+4), 20_000)))
	r.Int(files)
	r.Int(k.Bytes(files))
	v.site(dice.GUID(h))
	r.Int(v.days)
	return true
}
