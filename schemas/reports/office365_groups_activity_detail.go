package reports

import "m365lake/schemas"

// Office365GroupsActivityDetail is what happened in each Microsoft 365 group in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getoffice365groupsactivitydetail.
var Office365GroupsActivityDetail = report(
	Report{
		Name: "office365_groups_activity_detail", Function: "getOffice365GroupsActivityDetail",
		Subject: Group, Days: true, Owner: "owner_principal_name", Identity: []string{"group_id"},
		Optional: true,
	},
	"What happened in each Microsoft 365 group in the period, and what it stores, as Microsoft reports it. While "+
		"the tenant conceals names, groups cannot be told apart and there are no rows.",
	schemas.Column{Name: "group_id", Type: schemas.Text, Header: "Group Id", Required: true,
		Doc: "Entra object id of the group."},
	schemas.Column{Name: "group_display_name", Type: schemas.Text, Header: "Group Display Name",
		Doc: "Name of the group."},
	schemas.Column{Name: "is_deleted", Type: schemas.Boolean, Header: "Is Deleted",
		Doc: "Whether the group is deleted or soft-deleted."},
	schemas.Column{Name: "owner_principal_name", Type: schemas.Text, Header: "Owner Principal Name",
		Doc: "Sign-in name of one owner; NULL when the group has none."},
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Last day the group received mail, or somebody used its files or pages or posted, read or liked in " +
			"its community, not bounded by the period; NULL means never."},
	schemas.Column{Name: "group_type", Type: schemas.Text, Header: "Group Type", Doc: "Public or Private."},
	schemas.Column{Name: "member_count", Type: schemas.Integer, Header: "Member Count", Doc: "Members of the group."},
	schemas.Column{
		Name:      "external_member_count",
		Type:      schemas.Integer,
		Header:    "External Member Count",
		Sometimes: true,
		Doc: "Members from outside the tenant. One of Microsoft's pages calls the column Guest Count; then it is " +
			"in extra.",
	},
	schemas.Column{
		Name:   "exchange_received_email_count",
		Type:   schemas.Integer,
		Header: "Exchange Received Email Count",
		Doc:    "Messages the group's mailbox received in the period; NULL for none.",
	},
	schemas.Column{Name: "sharepoint_active_file_count", Type: schemas.Integer, Header: "SharePoint Active File Count",
		Doc: "Files of the group's site viewed, changed, shared or synced in the period; NULL for none."},
	schemas.Column{
		Name:      "yammer_posted_message_count",
		Type:      schemas.Integer,
		Header:    "Yammer Posted Message Count",
		Sometimes: true,
		Doc:       "Messages posted to the group's community in the period; NULL for none, and in China.",
	},
	schemas.Column{
		Name:      "yammer_read_message_count",
		Type:      schemas.Integer,
		Header:    "Yammer Read Message Count",
		Sometimes: true,
		Doc:       "Messages read in the group's community in the period; NULL for none, and in China.",
	},
	schemas.Column{
		Name:      "yammer_liked_message_count",
		Type:      schemas.Integer,
		Header:    "Yammer Liked Message Count",
		Sometimes: true,
		Doc:       "Messages liked in the group's community in the period; NULL for none, and in China.",
	},
	schemas.Column{
		Name:   "exchange_mailbox_total_item_count",
		Type:   schemas.Integer,
		Header: "Exchange Mailbox Total Item Count",
		Doc:    "Items the group's mailbox stores.",
	},
	schemas.Column{
		Name:   "exchange_mailbox_storage_used_byte",
		Type:   schemas.Integer,
		Header: "Exchange Mailbox Storage Used (Byte)",
		Doc:    "Bytes the group's mailbox stores.",
	},
	schemas.Column{Name: "sharepoint_total_file_count", Type: schemas.Integer, Header: "SharePoint Total File Count",
		Doc: "Files the group's site stores."},
	schemas.Column{
		Name:   "sharepoint_site_storage_used_byte",
		Type:   schemas.Integer,
		Header: "SharePoint Site Storage Used (Byte)",
		Doc:    "Bytes the group's site stores.",
	},
)
