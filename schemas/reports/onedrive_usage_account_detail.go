package reports

import "m365lake/schemas"

// OneDriveUsageAccountDetail is how much each OneDrive stores. Microsoft tells its rows apart by Site
// Id, which older files lack and concealed ones set to zero, or Site URL, which is often blank, or the
// owner; so the column account takes the first of them that says something.
// Source: learn.microsoft.com/graph/api/reportroot-getonedriveusageaccountdetail.
var OneDriveUsageAccountDetail = report(Report{
	Name: "onedrive_usage_account_detail", Function: "getOneDriveUsageAccountDetail", Subject: OneDrive,
	Days: true, Owner: "owner_principal_name", Identity: []string{"account"},
	Account: []string{"site_id", "site_url", "owner_principal_name"},
},
	"How much each OneDrive stores, as Microsoft reports it; the OneDrives of deleted users stay for a while.",
	schemas.Column{Name: "account", Type: schemas.Text, Required: true,
		Doc: "What tells the OneDrive apart: site_id, else site_url, else owner_principal_name, whichever says " +
			"something."},
	schemas.Column{Name: "site_id", Type: schemas.Text, Header: "Site Id", Sometimes: true,
		Doc: "Id of the site; all zeros when the tenant conceals names."},
	schemas.Column{Name: "site_url", Type: schemas.Text, Header: "Site URL",
		Doc: "Address of the site; Microsoft often leaves it out."},
	schemas.Column{Name: "owner_display_name", Type: schemas.Text, Header: "Owner Display Name",
		Doc: "Name of the owner as the report gives it."},
	schemas.Column{Name: "is_deleted", Type: schemas.Boolean, Header: "Is Deleted",
		Doc: "Whether the OneDrive is deleted."},
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Last day a file was viewed, edited, shared or synced, not bounded by the period; NULL means never."},
	schemas.Column{Name: "file_count", Type: schemas.Integer, Header: "File Count", Doc: "Files stored."},
	schemas.Column{Name: "active_file_count", Type: schemas.Integer, Header: "Active File Count",
		Doc: "Files saved, synced, changed or shared in the period; can exceed file_count, which no longer has " +
			"the deleted ones."},
	schemas.Column{Name: "storage_used_byte", Type: schemas.Integer, Header: "Storage Used (Byte)", Doc: "Bytes stored."},
	schemas.Column{Name: "storage_allocated_byte", Type: schemas.Integer, Header: "Storage Allocated (Byte)",
		Doc: "Bytes the owner may store."},
	schemas.Column{Name: "owner_principal_name", Type: schemas.Text, Header: "Owner Principal Name",
		Doc: "Sign-in name of the owner as the report gives it; 32 hexadecimal digits when the tenant conceals " +
			"names."},
)
