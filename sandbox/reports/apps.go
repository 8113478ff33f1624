package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

const appsHeader = "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period," +
	"Windows,Mac,Mobile,Web," +
	"Outlook,Word,Excel,PowerPoint,OneNote,Teams," +
	"Outlook (Windows),Word (Windows),Excel (Windows),PowerPoint (Windows),OneNote (Windows),Teams (Windows)," +
	"Outlook (Mac),Word (Mac),Excel (Mac),PowerPoint (Mac),OneNote (Mac),Teams (Mac)," +
	"Outlook (Mobile),Word (Mobile),Excel (Mobile),PowerPoint (Mobile),OneNote (Mobile),Teams (Mobile)," +
	"Outlook (Web),Word (Web),Excel (Web),PowerPoint (Web),OneNote (Web),Teams (Web)"

// writeAppUser fills a row of getM365AppUserDetail.
func writeAppUser(v *view) bool {
	if v.licenses.Apps&products.OfficeApps == 0 {
		return false
	}
	a := &v.activity
	var used [len(company.Clients)]company.Platforms
	all := company.Platforms(0)
	latest := calendar.NoDay
	for i, x := range company.Clients {
		m := a.Days(x)
		latest = max(latest, a.LastDay(m))
		used[i] = a.Platforms(x, v.from())
		all |= used[i]
	}
	if v.one && all == 0 {
		return false
	}
	r := &v.row
	r.Date(v.refresh)
	v.upn()
	r.Date(v.person.ActivatedOn(latest))
	r.Date(latest)
	r.Int(v.days)
	for p := company.OnWindows; p <= company.OnWeb; p <<= 1 {
		r.YesNo(all&p != 0)
	}
	for _, u := range used {
		r.YesNo(u != 0)
	}
	for p := company.OnWindows; p <= company.OnWeb; p <<= 1 {
		for _, u := range used {
			r.YesNo(u&p != 0)
		}
	}
	return true
}
