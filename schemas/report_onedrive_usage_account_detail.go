package schemas

// OneDriveUsageAccountDetail is how much each OneDrive stores. Microsoft tells its rows apart by Site
// Id, which older files lack and concealed ones set to zero, or Site URL, which is often blank, or the
// owner; so the column account takes the first of them that says something.
// Source: learn.microsoft.com/graph/api/reportroot-getonedriveusageaccountdetail.
var OneDriveUsageAccountDetail = report(Report{Name: "onedrive_usage_account_detail", Function: "getOneDriveUsageAccountDetail", Days: true, User: "owner_principal_name", Identity: []string{"account"}, Account: []string{"site_id", "site_url", "owner_principal_name"}},
	"How much each OneDrive stores, as Microsoft reports it; the OneDrives of deleted users stay for a while.",
	Column{Name: "account", Type: Text, Required: true, Doc: "What tells the OneDrive apart: site_id, else site_url, else owner_principal_name, whichever says something."},
	Column{Name: "site_id", Type: Text, Header: "Site Id", Sometimes: true, Doc: "Id of the site; all zeros when the tenant conceals names."},
	Column{Name: "site_url", Type: Text, Header: "Site URL", Doc: "Address of the site; Microsoft often leaves it out."},
	Column{Name: "owner_display_name", Type: Text, Header: "Owner Display Name", Doc: "Name of the owner as the report gives it."},
	Column{Name: "is_deleted", Type: Boolean, Header: "Is Deleted", Doc: "Whether the OneDrive is deleted."},
	Column{Name: "last_activity_date", Type: Date, Header: "Last Activity Date", Doc: "Last day a file was viewed, edited, shared or synced, not bounded by the period; NULL means never."},
	Column{Name: "file_count", Type: Integer, Header: "File Count", Doc: "Files stored."},
	Column{Name: "active_file_count", Type: Integer, Header: "Active File Count", Doc: "Files saved, synced, changed or shared in the period; can exceed file_count, which no longer has the deleted ones."},
	Column{Name: "storage_used_byte", Type: Integer, Header: "Storage Used (Byte)", Doc: "Bytes stored."},
	Column{Name: "storage_allocated_byte", Type: Integer, Header: "Storage Allocated (Byte)", Doc: "Bytes the owner may store."},
	Column{Name: "owner_principal_name", Type: Text, Header: "Owner Principal Name", Doc: "Sign-in name of the owner as the report gives it; 32 hexadecimal digits when the tenant conceals names."},
)
