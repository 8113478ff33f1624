package reports

import "m365lake/schemas"

// MailboxUsageDetail is how much each mailbox stores. It is offered over periods only.
// Source: learn.microsoft.com/graph/api/reportroot-getmailboxusagedetail.
var MailboxUsageDetail = report(
	Report{
		Name: "mailbox_usage_detail", Function: "getMailboxUsageDetail", Subject: User,
	},
	"How much each mailbox stores, archives left out, as Microsoft reports it. Shared mailboxes are in it.",
	reportUPN,
	reportDisplayName,
	reportIsDeleted,
	reportDeletedDate,
	schemas.Column{Name: "created_date", Type: schemas.Date, Header: "Created Date", Doc: "When the mailbox was made."},
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Last day mail was read or sent, not bounded by the period; NULL means never."},
	schemas.Column{Name: "item_count", Type: schemas.Integer, Header: "Item Count", Doc: "Items stored."},
	schemas.Column{
		Name:   "storage_used_byte",
		Type:   schemas.Integer,
		Header: "Storage Used (Byte)",
		Doc:    "Bytes stored.",
	},
	schemas.Column{Name: "issue_warning_quota_byte", Type: schemas.Integer, Header: "Issue Warning Quota (Byte)",
		Doc: "Bytes from which the user is warned."},
	schemas.Column{Name: "prohibit_send_quota_byte", Type: schemas.Integer, Header: "Prohibit Send Quota (Byte)",
		Doc: "Bytes from which the mailbox cannot send."},
	schemas.Column{
		Name:   "prohibit_send_receive_quota_byte",
		Type:   schemas.Integer,
		Header: "Prohibit Send/Receive Quota (Byte)",
		Doc:    "Bytes from which it cannot receive either.",
	},
	schemas.Column{Name: "deleted_item_count", Type: schemas.Integer, Header: "Deleted Item Count",
		Doc: "Recoverable items."},
	schemas.Column{Name: "deleted_item_size_byte", Type: schemas.Integer, Header: "Deleted Item Size (Byte)",
		Doc: "Bytes of recoverable items."},
	schemas.Column{
		Name:      "deleted_item_quota_byte",
		Type:      schemas.Integer,
		Header:    "Deleted Item Quota (Byte)",
		Sometimes: true,
		Doc:       "Bytes of recoverable items that are kept.",
	},
	schemas.Column{Name: "has_archive", Type: schemas.Boolean, Header: "Has Archive", Sometimes: true,
		Doc: "Whether the mailbox has an archive."},
	schemas.Column{Name: "recipient_type", Type: schemas.Text, Header: "Recipient Type", Sometimes: true,
		Doc: "Kind of mailbox, such as User or Shared; NULL when Microsoft does not say."},
)
