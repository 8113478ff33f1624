package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/products"
)

const activeHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date," +
	"Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business License,Has Yammer " +
	"License,Has Teams License," +
	"Exchange Last Activity Date,OneDrive Last Activity Date,SharePoint Last Activity Date,Skype For Business Last " +
	"Activity Date,Yammer Last Activity Date,Teams Last Activity Date," +
	"Exchange License Assign Date,OneDrive License Assign Date,SharePoint License Assign Date,Skype For Business " +
	"License Assign Date,Yammer License Assign Date,Teams License Assign Date," +
	"Assigned Products"

// workloads in the order of the columns.
var workloads = [...]products.App{
	products.Exchange,
	products.OneDrive,
	products.SharePoint,
	products.Skype,
	products.Yammer,
	products.Teams,
}

// writeActiveUser fills a row of getOffice365ActiveUserDetail. In the report of one day, the dates are as of that day.
func writeActiveUser(v *view) bool {
	a := &v.activity
	var last [len(workloads)]calendar.Day
	latest := calendar.NoDay
	for i, x := range workloads {
		last[i] = a.LastDay(a.Days(x))
		latest = max(latest, last[i])
	}
	if v.one && latest != v.refresh || v.licenses.Apps&products.ServiceApps == 0 && latest == calendar.NoDay {
		return false
	}
	r := &v.row
	r.Date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	for _, x := range workloads {
		has := v.licenses.Apps.Has(x)
		if x == products.Yammer && v.wrong() {
			has = !has
		}
		r.TrueFalse(has)
	}
	for _, d := range last {
		r.Date(d)
	}
	for _, x := range workloads {
		since := calendar.NoDay
		for i := range v.licenses.All() {
			if g := &v.licenses.List[i]; !g.Failed && products.SKUs[g.SKU].Grants[g.Off].Has(x) {
				since = max(since, g.Since)
			}
		}
		r.Date(since)
	}
	v.products()
	return true
}
