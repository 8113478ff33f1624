package sandbox

const siteHeader = "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count," +
	"Page View Count,Visited Page Count,Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period"

// writeSite fills a row of getSharePointSiteUsageDetail.
func writeSite(v *reportView) bool {
	k := v.t.site(v.item)
	if k.created > v.refresh {
		return false
	}
	last := noDay
	for d := v.refresh; d > v.refresh-history && d >= k.created && last == noDay; d-- {
		if k.on(d) != (siteDay{}) {
			last = d
		}
	}
	if v.one && last != v.refresh {
		return false
	}
	var sum siteDay
	for d := v.from(); d <= v.refresh; d++ {
		s := k.on(d)
		sum.files += s.files
		sum.views += s.views
		sum.pages += s.pages
	}
	files := k.files(v.refresh)
	owner, found := person{}, false
	if k.template != "Group" {
		owner, found = v.t.owner(&k, v.t.day())
	}
	r := &v.row
	r.date(v.refresh)
	v.site(guid(k.h))
	v.siteURL(func(b []byte) []byte {
		return append(append(append(append(b, "https://"...), v.t.sharePointHost("")...), "/sites/"...), k.slug()...)
	})
	switch v.person = owner; {
	case found:
		v.displayName()
	case k.template == "Group" && v.concealed:
		v.hide(roll(k.h, tagConceal) + 2)
	case k.template == "Group":
		r.text([]byte(k.name + " Owners"))
	default:
		r.plain("")
	}
	r.truth(false)
	r.date(last)
	r.int(files)
	r.int(sum.files)
	r.int(sum.views)
	r.int(sum.pages)
	r.int(k.bytes(files))
	r.int(sitePool)
	r.plain(k.template)
	switch {
	case found:
		v.upn()
	case k.template == "Group" && v.concealed:
		v.hide(roll(k.h, tagConceal) + 1)
	case k.template == "Group":
		r.text([]byte(k.slug() + "@" + v.t.domain))
	default:
		r.plain("")
	}
	r.int(v.days)
	return true
}
