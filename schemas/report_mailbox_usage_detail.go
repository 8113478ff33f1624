package schemas

// MailboxUsageDetail is how much each mailbox stores. It is offered over periods only.
// Source: learn.microsoft.com/graph/api/reportroot-getmailboxusagedetail.
var MailboxUsageDetail = report(Report{Name: "mailbox_usage_detail", Function: "getMailboxUsageDetail"},
	"How much each mailbox stores, archives left out, as Microsoft reports it. Shared mailboxes are in it.",
	reportUPN,
	reportDisplayName,
	reportIsDeleted,
	reportDeletedDate,
	Column{Name: "created_date", Type: Date, Header: "Created Date", Doc: "When the mailbox was made."},
	Column{Name: "last_activity_date", Type: Date, Header: "Last Activity Date", Doc: "Last day mail was read or sent, not bounded by the period; NULL means never."},
	Column{Name: "item_count", Type: Integer, Header: "Item Count", Doc: "Items stored."},
	Column{Name: "storage_used_byte", Type: Integer, Header: "Storage Used (Byte)", Doc: "Bytes stored."},
	Column{Name: "issue_warning_quota_byte", Type: Integer, Header: "Issue Warning Quota (Byte)", Doc: "Bytes from which the user is warned."},
	Column{Name: "prohibit_send_quota_byte", Type: Integer, Header: "Prohibit Send Quota (Byte)", Doc: "Bytes from which the mailbox cannot send."},
	Column{Name: "prohibit_send_receive_quota_byte", Type: Integer, Header: "Prohibit Send/Receive Quota (Byte)", Doc: "Bytes from which it cannot receive either."},
	Column{Name: "deleted_item_count", Type: Integer, Header: "Deleted Item Count", Doc: "Recoverable items."},
	Column{Name: "deleted_item_size_byte", Type: Integer, Header: "Deleted Item Size (Byte)", Doc: "Bytes of recoverable items."},
	Column{Name: "deleted_item_quota_byte", Type: Integer, Header: "Deleted Item Quota (Byte)", Sometimes: true, Doc: "Bytes of recoverable items that are kept."},
	Column{Name: "has_archive", Type: Boolean, Header: "Has Archive", Sometimes: true, Doc: "Whether the mailbox has an archive."},
	Column{Name: "recipient_type", Type: Text, Header: "Recipient Type", Sometimes: true, Doc: "Kind of mailbox, such as User or Shared; NULL when Microsoft does not say."},
)
