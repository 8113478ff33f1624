package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
)

const siteHeader = "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File " +
	"Count,Active File Count," +
	"Page View Count,Visited Page Count,Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner " +
	"Principal Name,Report Period"

// writeSite fills a row of getSharePointSiteUsageDetail.
func writeSite(v *view) bool {
	k := v.company.Site(v.item)
	if k.Created > v.refresh {
		return false
	}
	last := calendar.NoDay
	for d := v.refresh; d > v.refresh-company.History && d >= k.Created && last == calendar.NoDay; d-- {
		if k.DayOf(d) != (company.SiteDay{}) {
			last = d
		}
	}
	if v.one && last != v.refresh {
		return false
	}
	var sum company.SiteDay
	for d := v.from(); d <= v.refresh; d++ {
		s := k.DayOf(d)
		sum.Files += s.Files
		sum.Views += s.Views
		sum.Pages += s.Pages
	}
	files := k.Files(v.refresh)
	owner, found := company.Person{}, false
	if k.Template != "Group" {
		owner, found = v.company.Owner(&k, v.today)
	}
	r := &v.row
	r.Date(v.refresh)
	v.site(dice.GUID(k.Hash))
	v.siteURL(func(b []byte) []byte {
		return append(
			append(append(append(b, "https://"...), v.company.SharePointHost("")...), "/sites/"...),
			k.Slug()...)
	})
	switch v.person = owner; {
	case found:
		v.displayName()
	case k.Template == "Group" && v.concealed:
		v.hide(dice.Roll(k.Hash, dice.TagConceal) + 2)
	case k.Template == "Group":
		r.Text([]byte(k.Name + " Owners"))
	default:
		r.Plain("")
	}
	r.TrueFalse(false)
	r.Date(last)
	r.Int(files)
	r.Int(sum.Files)
	r.Int(sum.Views)
	r.Int(sum.Pages)
	r.Int(k.Bytes(files))
	r.Int(company.SitePool)
	r.Plain(k.Template)
	switch {
	case found:
		v.upn()
	case k.Template == "Group" && v.concealed:
		v.hide(dice.Roll(k.Hash, dice.TagConceal) + 1)
	case k.Template == "Group":
		r.Text([]byte(k.Slug() + "@" + v.company.Domain))
	default:
		r.Plain("")
	}
	r.Int(v.days)
	return true
}

// eachSite is a row for each site.
func eachSite(v *view) int { return v.company.Sites() }
