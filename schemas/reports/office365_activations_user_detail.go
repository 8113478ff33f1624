package reports

import "m365lake/schemas"

// Office365ActivationsUserDetail is on how many machines each user activated each product. It is how
// things stand: it takes no period and its rows have none, so report_period is 0.
// Source: learn.microsoft.com/graph/api/reportroot-getoffice365activationsuserdetail.
var Office365ActivationsUserDetail = report(Report{
	Name: "office365_activations_user_detail", Function: "getOffice365ActivationsUserDetail",
	Subject: User, Once: true, Identity: []string{"user_principal_name", "product_type"},
},
	"On how many machines each user activated each product, as Microsoft reports it: one row per user and "+
		"product, as things stand on report_date.",
	reportUPN,
	reportDisplayName,
	schemas.Column{Name: "product_type", Type: schemas.Text, Header: "Product Type", Doc: "The product."},
	schemas.Column{Name: "last_activated_date", Type: schemas.Date, Header: "Last Activated Date",
		Doc: "Last activation; NULL means never."},
	schemas.Column{Name: "windows", Type: schemas.Integer, Header: "Windows", Doc: "Activations on Windows."},
	schemas.Column{Name: "mac", Type: schemas.Integer, Header: "Mac", Doc: "Activations on Mac."},
	schemas.Column{Name: "windows_10_mobile", Type: schemas.Integer, Header: "Windows 10 Mobile",
		Doc: "Activations on Windows 10 Mobile."},
	schemas.Column{Name: "ios", Type: schemas.Integer, Header: "iOS", Doc: "Activations on iPhones and iPads."},
	schemas.Column{Name: "android", Type: schemas.Integer, Header: "Android", Doc: "Activations on Android."},
	schemas.Column{Name: "activated_on_shared_computer", Type: schemas.Boolean, Header: "Activated On Shared Computer",
		Doc: "Whether the user activated it on a shared computer."},
)
