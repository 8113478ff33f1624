package reports

import "m365lake/schemas"

// EmailActivityUserDetail is what each user did with mail and meetings in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getemailactivityuserdetail.
var EmailActivityUserDetail = report(Report{
	Name: "email_activity_user_detail", Function: "getEmailActivityUserDetail", Subject: User,
	Days: true,
},
	"What each user with a mailbox did with mail and meetings in the period, as Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportIsDeleted,
	reportDeletedDate,
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Last day mail was read or sent, not bounded by the period; NULL means never."},
	schemas.Column{Name: "send_count", Type: schemas.Integer, Header: "Send Count", Doc: "Messages sent."},
	schemas.Column{Name: "receive_count", Type: schemas.Integer, Header: "Receive Count",
		Doc: "Messages received; no action of the user."},
	schemas.Column{Name: "read_count", Type: schemas.Integer, Header: "Read Count", Doc: "Messages read."},
	schemas.Column{Name: "meeting_created_count", Type: schemas.Integer, Header: "Meeting Created Count",
		Doc: "Meeting requests sent."},
	schemas.Column{Name: "meeting_interacted_count", Type: schemas.Integer, Header: "Meeting Interacted Count",
		Doc: "Meeting requests accepted, tentatively accepted, declined or cancelled."},
	reportProducts,
	reportProductList,
)
