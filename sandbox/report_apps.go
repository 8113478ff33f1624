package sandbox

const appsHeader = "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period,Windows,Mac,Mobile,Web," +
	"Outlook,Word,Excel,PowerPoint,OneNote,Teams," +
	"Outlook (Windows),Word (Windows),Excel (Windows),PowerPoint (Windows),OneNote (Windows),Teams (Windows)," +
	"Outlook (Mac),Word (Mac),Excel (Mac),PowerPoint (Mac),OneNote (Mac),Teams (Mac)," +
	"Outlook (Mobile),Word (Mobile),Excel (Mobile),PowerPoint (Mobile),OneNote (Mobile),Teams (Mobile)," +
	"Outlook (Web),Word (Web),Excel (Web),PowerPoint (Web),OneNote (Web),Teams (Web)"

// writeAppUser fills a row of getM365AppUserDetail.
func writeAppUser(v *reportView) bool {
	if v.licenses.apps&officeApps == 0 {
		return false
	}
	a := &v.activity
	var used [len(clients)]platforms
	all := platforms(0)
	latest := noDay
	for i, x := range clients {
		m := a.mask(x)
		latest = max(latest, a.lastDay(m))
		used[i] = a.platforms(x, v.from())
		all |= used[i]
	}
	if v.one && all == 0 {
		return false
	}
	r := &v.row
	r.date(v.refresh)
	v.upn()
	r.date(v.person.activated(latest))
	r.date(latest)
	r.int(v.days)
	for p := onWindows; p <= onWeb; p <<= 1 {
		r.yes(all&p != 0)
	}
	for _, u := range used {
		r.yes(u != 0)
	}
	for p := onWindows; p <= onWeb; p <<= 1 {
		for _, u := range used {
			r.yes(u&p != 0)
		}
	}
	return true
}
