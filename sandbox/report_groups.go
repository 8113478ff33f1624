package sandbox

// The report of Microsoft 365 groups. These are the groups behind the sites whose
// template is Group; the groups of the directory (licenses.go) are security
// groups, which the report does not list.

const groupHeader = "Report Refresh Date,Group Display Name,Is Deleted,Owner Principal Name,Last Activity Date,Group Type,Member Count," +
	"External Member Count,Exchange Received Email Count,SharePoint Active File Count,Yammer Posted Message Count,Yammer Read Message Count," +
	"Yammer Liked Message Count,Exchange Mailbox Total Item Count,Exchange Mailbox Storage Used (Byte),SharePoint Total File Count," +
	"SharePoint Site Storage Used (Byte),Group Id,Report Period"

// writeGroup fills a row of getOffice365GroupsActivityDetail.
func writeGroup(v *reportView) bool {
	k := v.t.site(v.item)
	if k.template != "Group" || k.created > v.refresh {
		return false
	}
	last := noDay
	for d := v.refresh; d > v.refresh-history && d >= k.created && last == noDay; d-- {
		if k.groupOn(d) != (groupDay{}) {
			last = d
		}
	}
	if v.one && last != v.refresh {
		return false
	}
	var sum groupDay
	for d := v.from(); d <= v.refresh; d++ {
		g := k.groupOn(d)
		sum.mail += g.mail
		sum.site.files += g.site.files
		sum.posted += g.posted
		sum.read += g.read
		sum.likes += g.likes
	}
	h := roll(k.h, tagGroup)
	members := 2 + pick(mix(h), 60)
	items := grown(roll(k.h, tagMailbox), min(v.refresh, k.closed)-k.created, 300, 900)
	files := k.files(v.refresh)
	r := &v.row
	r.date(v.refresh)
	if v.concealed {
		v.hide(roll(k.h, tagConceal) + 3)
	} else {
		r.text([]byte(k.name))
	}
	r.truth(false)
	if owner, found := v.t.owner(&k, v.t.day()); found && !chance(mix(h+1), 60) { // a few have lost their owner
		v.person = owner
		v.upn()
	} else {
		r.plain("")
	}
	r.date(last)
	if chance(mix(h+2), 700) {
		r.plain("Private")
	} else {
		r.plain("Public")
	}
	r.int(members)
	r.int(pick(mix(h+3), 1+members/4))
	for _, n := range [5]int{sum.mail, sum.site.files, sum.posted, sum.read, sum.likes} {
		r.some(n)
	}
	r.int(items)
	r.int(items * (9_000 + pick(mix(h+4), 20_000)))
	r.int(files)
	r.int(k.bytes(files))
	v.site(guid(h))
	r.int(v.days)
	return true
}
