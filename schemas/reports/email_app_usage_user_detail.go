package reports

import "m365lake/schemas"

// EmailAppUsageUserDetail is which mail clients each user used in the period. The clients are text,
// not flags: the version or kind of the client, such as ProPlus.
// Source: learn.microsoft.com/graph/api/reportroot-getemailappusageuserdetail.
var EmailAppUsageUserDetail = report(Report{
	Name: "email_app_usage_user_detail", Function: "getEmailAppUsageUserDetail", Subject: User,
	Days: true,
},
	"Which mail clients each user used in the period, as Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportIsDeleted,
	reportDeletedDate,
	reportLastDate,
	schemas.Column{Name: "mail_for_mac", Type: schemas.Text, Header: "Mail For Mac",
		Doc: "Apple Mail on Mac: its version or kind, such as ProPlus or Undetermined; NULL when not used in the " +
			"period."},
	schemas.Column{Name: "outlook_for_mac", Type: schemas.Text, Header: "Outlook For Mac",
		Doc: "Outlook on Mac: its version or kind, such as ProPlus or Undetermined; NULL when not used in the " +
			"period."},
	schemas.Column{Name: "outlook_for_windows", Type: schemas.Text, Header: "Outlook For Windows",
		Doc: "Outlook on Windows: its version or kind, such as ProPlus or Undetermined; NULL when not used in the " +
			"period."},
	schemas.Column{Name: "outlook_for_mobile", Type: schemas.Text, Header: "Outlook For Mobile",
		Doc: "Outlook on a phone or tablet: its version or kind, such as ProPlus or Undetermined; NULL when not " +
			"used in the period."},
	schemas.Column{Name: "other_for_mobile", Type: schemas.Text, Header: "Other For Mobile",
		Doc: "Another mail app on a phone or tablet: its version or kind, such as ProPlus or Undetermined; NULL " +
			"when not used in the period."},
	schemas.Column{Name: "outlook_for_web", Type: schemas.Text, Header: "Outlook For Web",
		Doc: "Outlook in a browser: its version or kind, such as ProPlus or Undetermined; NULL when not used in " +
			"the period."},
	schemas.Column{Name: "pop3_app", Type: schemas.Text, Header: "POP3 App",
		Doc: "A POP3 client: its version or kind, such as ProPlus or Undetermined; NULL when not used in the " +
			"period."},
	schemas.Column{Name: "imap4_app", Type: schemas.Text, Header: "IMAP4 App",
		Doc: "An IMAP4 client: its version or kind, such as ProPlus or Undetermined; NULL when not used in the " +
			"period."},
	schemas.Column{Name: "smtp_app", Type: schemas.Text, Header: "SMTP App",
		Doc: "An SMTP client: its version or kind, such as ProPlus or Undetermined; NULL when not used in the " +
			"period."},
)
