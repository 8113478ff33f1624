package sandbox

const activationsHeader = "Report Refresh Date,User Principal Name,Display Name,Product Type,Last Activated Date," +
	"Windows,Mac,Windows 10 Mobile,iOS,Android,Activated On Shared Computer"

// writeActivation fills a row of getOffice365ActivationsUserDetail: one for
// each product a person has.
func writeActivation(v *reportView) bool {
	n, assigned := v.activity.activation(v.part, &v.licenses, v.refresh)
	if !assigned {
		return false
	}
	r := &v.row
	r.date(v.refresh)
	v.upn()
	v.displayName()
	r.plain(desktopProducts[v.part].name)
	r.date(n.last)
	for _, count := range [...]int{n.windows, n.mac, 0, n.ios, n.android} {
		r.int(count)
	}
	r.truth(n.shared)
	return true
}
