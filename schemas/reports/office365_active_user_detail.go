package reports

import "m365lake/schemas"

// Office365ActiveUserDetail is the last activity of each user in the Microsoft 365 services.
// Source: learn.microsoft.com/graph/api/reportroot-getoffice365activeuserdetail.
var Office365ActiveUserDetail = report(
	Report{
		Name: "office365_active_user_detail", Function: "getOffice365ActiveUserDetail", Subject: User,
		Days: true,
	},
	"Last activity of each user in Exchange, OneDrive, SharePoint, Skype for Business, Yammer and Teams, as "+
		"Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportIsDeleted,
	reportDeletedDate,
	schemas.Column{
		Name:   "has_exchange_license",
		Type:   schemas.Boolean,
		Header: "Has Exchange License",
		Doc:    hasLicenseDoc,
	},
	schemas.Column{
		Name:   "has_onedrive_license",
		Type:   schemas.Boolean,
		Header: "Has OneDrive License",
		Doc:    hasLicenseDoc,
	},
	schemas.Column{
		Name:   "has_sharepoint_license",
		Type:   schemas.Boolean,
		Header: "Has SharePoint License",
		Doc:    hasLicenseDoc,
	},
	schemas.Column{
		Name:   "has_skype_for_business_license",
		Type:   schemas.Boolean,
		Header: "Has Skype For Business License",
		Doc:    hasLicenseDoc,
	},
	schemas.Column{Name: "has_yammer_license", Type: schemas.Boolean, Header: "Has Yammer License", Doc: hasLicenseDoc},
	schemas.Column{Name: "has_teams_license", Type: schemas.Boolean, Header: "Has Teams License", Doc: hasLicenseDoc},
	schemas.Column{Name: "exchange_last_activity_date", Type: schemas.Date, Header: "Exchange Last Activity Date",
		Doc: "Last day mail was read or sent; NULL means never."},
	schemas.Column{Name: "onedrive_last_activity_date", Type: schemas.Date, Header: "OneDrive Last Activity Date",
		Doc: "Last day a file was viewed, edited, shared or synced; NULL means never."},
	schemas.Column{Name: "sharepoint_last_activity_date", Type: schemas.Date, Header: "SharePoint Last Activity Date",
		Doc: "Last day a file was viewed, edited, shared or synced, or a page viewed; NULL means never."},
	schemas.Column{
		Name:   "skype_for_business_last_activity_date",
		Type:   schemas.Date,
		Header: "Skype For Business Last Activity Date",
		Doc:    "Last conference or peer-to-peer session; the service is retired.",
	},
	schemas.Column{Name: "yammer_last_activity_date", Type: schemas.Date, Header: "Yammer Last Activity Date",
		Doc: "Last day a message was posted, read or liked (now Viva Engage); NULL means never."},
	schemas.Column{Name: "teams_last_activity_date", Type: schemas.Date, Header: "Teams Last Activity Date",
		Doc: "Last channel post, private chat, meeting or call; NULL means never."},
	schemas.Column{
		Name:   "exchange_license_assign_date",
		Type:   schemas.Date,
		Header: "Exchange License Assign Date",
		Doc:    assignDateDoc,
	},
	schemas.Column{
		Name:   "onedrive_license_assign_date",
		Type:   schemas.Date,
		Header: "OneDrive License Assign Date",
		Doc:    assignDateDoc,
	},
	schemas.Column{
		Name:   "sharepoint_license_assign_date",
		Type:   schemas.Date,
		Header: "SharePoint License Assign Date",
		Doc:    assignDateDoc,
	},
	schemas.Column{
		Name:   "skype_for_business_license_assign_date",
		Type:   schemas.Date,
		Header: "Skype For Business License Assign Date",
		Doc:    assignDateDoc,
	},
	schemas.Column{
		Name:   "yammer_license_assign_date",
		Type:   schemas.Date,
		Header: "Yammer License Assign Date",
		Doc:    assignDateDoc,
	},
	schemas.Column{
		Name:   "teams_license_assign_date",
		Type:   schemas.Date,
		Header: "Teams License Assign Date",
		Doc:    assignDateDoc,
	},
	reportProducts,
	reportProductList,
)

const (
	hasLicenseDoc = "As the report says; known to be wrong at times, license_assignments is the truth."
	assignDateDoc = "Last time such a licence was assigned, as the report says."
)
