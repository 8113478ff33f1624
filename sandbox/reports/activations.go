package reports

import "m365lake/sandbox/company"

const activationsHeader = "Report Refresh Date,User Principal Name,Display Name,Product Type,Last Activated Date," +
	"Windows,Mac,Windows 10 Mobile,iOS,Android,Activated On Shared Computer"

// writeActivation fills a row of getOffice365ActivationsUserDetail: one for each product a person has.
func writeActivation(v *view) bool {
	n, assigned := v.activity.Activation(v.part, &v.licenses, v.refresh)
	if !assigned {
		return false
	}
	r := &v.row
	r.Date(v.refresh)
	v.upn()
	v.displayName()
	r.Plain(company.DesktopProducts[v.part].Name)
	r.Date(n.Last)
	for _, count := range [...]int{n.Windows, n.Mac, 0, n.IOS, n.Android} {
		r.Int(count)
	}
	r.TrueFalse(n.Shared)
	return true
}
