package sandbox

const activeHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date," +
	"Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business License,Has Yammer License,Has Teams License," +
	"Exchange Last Activity Date,OneDrive Last Activity Date,SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,Teams Last Activity Date," +
	"Exchange License Assign Date,OneDrive License Assign Date,SharePoint License Assign Date,Skype For Business License Assign Date,Yammer License Assign Date,Teams License Assign Date," +
	"Assigned Products"

// workloads in the order of the columns.
var workloads = [...]app{exchange, onedrive, sharepoint, skype, yammer, teams}

// writeActiveUser fills a row of getOffice365ActiveUserDetail. In the report of
// one day, the dates are as of that day.
func writeActiveUser(v *reportView) bool {
	a := &v.activity
	var last [len(workloads)]day
	latest := noDay
	for i, x := range workloads {
		last[i] = a.lastDay(a.mask(x))
		latest = max(latest, last[i])
	}
	if v.one && latest != v.refresh || v.licenses.apps&serviceApps == 0 && latest == noDay {
		return false
	}
	r := &v.row
	r.date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	for _, x := range workloads {
		has := v.licenses.apps.has(x)
		if x == yammer && v.wrong() {
			has = !has
		}
		r.truth(has)
	}
	for _, d := range last {
		r.date(d)
	}
	for _, x := range workloads {
		since := noDay
		for i := range v.licenses.all() {
			if g := &v.licenses.list[i]; !g.failed && skus[g.sku].grants[g.off].has(x) {
				since = max(since, g.since)
			}
		}
		r.date(since)
	}
	v.products()
	return true
}
