package schemas

// Office365ActiveUserDetail is the last activity of each user in the Microsoft 365 services.
// Source: learn.microsoft.com/graph/api/reportroot-getoffice365activeuserdetail.
var Office365ActiveUserDetail = report(Report{Name: "office365_active_user_detail", Function: "getOffice365ActiveUserDetail", Days: true},
	"Last activity of each user in Exchange, OneDrive, SharePoint, Skype for Business, Yammer and Teams, as Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportIsDeleted,
	reportDeletedDate,
	Column{Name: "has_exchange_license", Type: Boolean, Header: "Has Exchange License", Doc: hasLicenseDoc},
	Column{Name: "has_onedrive_license", Type: Boolean, Header: "Has OneDrive License", Doc: hasLicenseDoc},
	Column{Name: "has_sharepoint_license", Type: Boolean, Header: "Has SharePoint License", Doc: hasLicenseDoc},
	Column{Name: "has_skype_for_business_license", Type: Boolean, Header: "Has Skype For Business License", Doc: hasLicenseDoc},
	Column{Name: "has_yammer_license", Type: Boolean, Header: "Has Yammer License", Doc: hasLicenseDoc},
	Column{Name: "has_teams_license", Type: Boolean, Header: "Has Teams License", Doc: hasLicenseDoc},
	Column{Name: "exchange_last_activity_date", Type: Date, Header: "Exchange Last Activity Date", Doc: "Last day mail was read or sent; NULL means never."},
	Column{Name: "onedrive_last_activity_date", Type: Date, Header: "OneDrive Last Activity Date", Doc: "Last day a file was viewed, edited, shared or synced; NULL means never."},
	Column{Name: "sharepoint_last_activity_date", Type: Date, Header: "SharePoint Last Activity Date", Doc: "Last day a file was viewed, edited, shared or synced, or a page viewed; NULL means never."},
	Column{Name: "skype_for_business_last_activity_date", Type: Date, Header: "Skype For Business Last Activity Date", Doc: "Last conference or peer-to-peer session; the service is retired."},
	Column{Name: "yammer_last_activity_date", Type: Date, Header: "Yammer Last Activity Date", Doc: "Last day a message was posted, read or liked (now Viva Engage); NULL means never."},
	Column{Name: "teams_last_activity_date", Type: Date, Header: "Teams Last Activity Date", Doc: "Last channel post, private chat, meeting or call; NULL means never."},
	Column{Name: "exchange_license_assign_date", Type: Date, Header: "Exchange License Assign Date", Doc: assignDateDoc},
	Column{Name: "onedrive_license_assign_date", Type: Date, Header: "OneDrive License Assign Date", Doc: assignDateDoc},
	Column{Name: "sharepoint_license_assign_date", Type: Date, Header: "SharePoint License Assign Date", Doc: assignDateDoc},
	Column{Name: "skype_for_business_license_assign_date", Type: Date, Header: "Skype For Business License Assign Date", Doc: assignDateDoc},
	Column{Name: "yammer_license_assign_date", Type: Date, Header: "Yammer License Assign Date", Doc: assignDateDoc},
	Column{Name: "teams_license_assign_date", Type: Date, Header: "Teams License Assign Date", Doc: assignDateDoc},
	reportProducts,
	reportProductList,
)

const (
	hasLicenseDoc = "As the report says; known to be wrong at times, license_assignments is the truth."
	assignDateDoc = "Last time such a licence was assigned, as the report says."
)
