package reports

import "m365lake/schemas"

// OneDriveActivityUserDetail is what each user did with files in OneDrive in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getonedriveactivityuserdetail.
var OneDriveActivityUserDetail = report(Report{
	Name: "onedrive_activity_user_detail", Function: "getOneDriveActivityUserDetail", Subject: User,
	Days: true,
},
	"What each user did with files in OneDrive in the period, as Microsoft reports it.",
	reportUPN,
	reportIsDeleted,
	reportDeletedDate,
	reportLastDate,
	schemas.Column{Name: "viewed_or_edited_file_count", Type: schemas.Integer, Header: "Viewed Or Edited File Count",
		Doc: "Files viewed or edited."},
	schemas.Column{Name: "synced_file_count", Type: schemas.Integer, Header: "Synced File Count",
		Doc: "Files synced to a device."},
	schemas.Column{Name: "shared_internally_file_count", Type: schemas.Integer, Header: "Shared Internally File Count",
		Doc: "Files shared within the organization."},
	schemas.Column{Name: "shared_externally_file_count", Type: schemas.Integer, Header: "Shared Externally File Count",
		Doc: "Files shared with people outside it."},
	reportProducts,
	reportProductList,
)
