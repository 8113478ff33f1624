package reports

import "m365lake/schemas"

// SharePointSiteUsageDetail is how much each SharePoint site stores and is used.
// Source: learn.microsoft.com/graph/api/reportroot-getsharepointsiteusagedetail.
var SharePointSiteUsageDetail = report(Report{
	Name: "sharepoint_site_usage_detail", Function: "getSharePointSiteUsageDetail", Subject: Site,
	Days: true, Owner: "owner_principal_name", Identity: []string{"site_id"}, Lasting: true,
},
	"How much each SharePoint site stores and is used in the period, as Microsoft reports it. While the tenant "+
		"conceals names, sites cannot be told apart and there are no rows.",
	schemas.Column{Name: "site_id", Type: schemas.Text, Header: "Site Id", Required: true, Doc: "Id of the site."},
	schemas.Column{Name: "site_url", Type: schemas.Text, Header: "Site URL",
		Doc: "Address of the site; Microsoft often leaves it out."},
	schemas.Column{Name: "owner_display_name", Type: schemas.Text, Header: "Owner Display Name",
		Doc: "Name of the owner, a person or a group."},
	schemas.Column{Name: "is_deleted", Type: schemas.Boolean, Header: "Is Deleted",
		Doc: "Whether the site is deleted; known a week later at the earliest."},
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Last day a file was used or a page visited, not bounded by the period; NULL means never."},
	schemas.Column{Name: "file_count", Type: schemas.Integer, Header: "File Count", Doc: "Files stored."},
	schemas.Column{Name: "active_file_count", Type: schemas.Integer, Header: "Active File Count",
		Doc: "Files saved, synced, changed or shared in the period; can exceed file_count, which no longer has " +
			"the deleted ones."},
	schemas.Column{Name: "page_view_count", Type: schemas.Integer, Header: "Page View Count",
		Doc: "Views of pages in the period."},
	schemas.Column{Name: "visited_page_count", Type: schemas.Integer, Header: "Visited Page Count",
		Doc: "Different pages visited in the period."},
	schemas.Column{Name: "storage_used_byte", Type: schemas.Integer, Header: "Storage Used (Byte)", Doc: "Bytes stored."},
	schemas.Column{Name: "storage_allocated_byte", Type: schemas.Integer, Header: "Storage Allocated (Byte)",
		Doc: "Bytes all sites of the tenant share, mostly the same in every row: never add them up."},
	schemas.Column{Name: "root_web_template", Type: schemas.Text, Header: "Root Web Template",
		Doc: "Kind of site, such as Group or Team Site."},
	schemas.Column{Name: "owner_principal_name", Type: schemas.Text, Header: "Owner Principal Name",
		Doc: "Sign-in name of the owner, a person or a group."},
)
