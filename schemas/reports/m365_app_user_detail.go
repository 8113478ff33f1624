package reports

import "m365lake/schemas"

// M365AppUserDetail is which Microsoft 365 Apps each user used in the period, by platform.
// It has flags only: no counts and no date per app.
// Source: learn.microsoft.com/graph/api/reportroot-getm365appuserdetail.
var M365AppUserDetail = report(Report{
	Name: "m365_app_user_detail", Function: "getM365AppUserDetail", Subject: User, Days: true,
},
	"Which Microsoft 365 Apps each user used at least once in the period, and on which platform, as Microsoft reports it.",
	reportUPN,
	schemas.Column{Name: "last_activation_date", Type: schemas.Date, Header: "Last Activation Date", Doc: "Last activation of the Apps on a machine."},
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date", Doc: "Latest intentional action in any of the Apps, not bounded by the period; NULL means never."},
	schemas.Column{Name: "windows", Type: schemas.Boolean, Header: "Windows", Doc: "Any app used on Windows in the period."},
	schemas.Column{Name: "mac", Type: schemas.Boolean, Header: "Mac", Doc: "Any app used on Mac in the period."},
	schemas.Column{Name: "mobile", Type: schemas.Boolean, Header: "Mobile", Doc: "Any app used on Mobile in the period."},
	schemas.Column{Name: "web", Type: schemas.Boolean, Header: "Web", Doc: "Any app used on Web in the period."},
	schemas.Column{Name: "outlook", Type: schemas.Boolean, Header: "Outlook", Doc: "Outlook used in the period."},
	schemas.Column{Name: "word", Type: schemas.Boolean, Header: "Word", Doc: "Word used in the period."},
	schemas.Column{Name: "excel", Type: schemas.Boolean, Header: "Excel", Doc: "Excel used in the period."},
	schemas.Column{Name: "powerpoint", Type: schemas.Boolean, Header: "PowerPoint", Doc: "PowerPoint used in the period."},
	schemas.Column{Name: "onenote", Type: schemas.Boolean, Header: "OneNote", Doc: "OneNote used in the period."},
	schemas.Column{Name: "teams", Type: schemas.Boolean, Header: "Teams", Doc: "Teams used in the period."},
	schemas.Column{Name: "outlook_windows", Type: schemas.Boolean, Header: "Outlook (Windows)", Doc: "Outlook used on Windows in the period."},
	schemas.Column{Name: "word_windows", Type: schemas.Boolean, Header: "Word (Windows)", Doc: "Word used on Windows in the period."},
	schemas.Column{Name: "excel_windows", Type: schemas.Boolean, Header: "Excel (Windows)", Doc: "Excel used on Windows in the period."},
	schemas.Column{Name: "powerpoint_windows", Type: schemas.Boolean, Header: "PowerPoint (Windows)", Doc: "PowerPoint used on Windows in the period."},
	schemas.Column{Name: "onenote_windows", Type: schemas.Boolean, Header: "OneNote (Windows)", Doc: "OneNote used on Windows in the period."},
	schemas.Column{Name: "teams_windows", Type: schemas.Boolean, Header: "Teams (Windows)", Doc: "Teams used on Windows in the period."},
	schemas.Column{Name: "outlook_mac", Type: schemas.Boolean, Header: "Outlook (Mac)", Doc: "Outlook used on Mac in the period."},
	schemas.Column{Name: "word_mac", Type: schemas.Boolean, Header: "Word (Mac)", Doc: "Word used on Mac in the period."},
	schemas.Column{Name: "excel_mac", Type: schemas.Boolean, Header: "Excel (Mac)", Doc: "Excel used on Mac in the period."},
	schemas.Column{Name: "powerpoint_mac", Type: schemas.Boolean, Header: "PowerPoint (Mac)", Doc: "PowerPoint used on Mac in the period."},
	schemas.Column{Name: "onenote_mac", Type: schemas.Boolean, Header: "OneNote (Mac)", Doc: "OneNote used on Mac in the period."},
	schemas.Column{Name: "teams_mac", Type: schemas.Boolean, Header: "Teams (Mac)", Doc: "Teams used on Mac in the period."},
	schemas.Column{Name: "outlook_mobile", Type: schemas.Boolean, Header: "Outlook (Mobile)", Doc: "Outlook used on Mobile in the period."},
	schemas.Column{Name: "word_mobile", Type: schemas.Boolean, Header: "Word (Mobile)", Doc: "Word used on Mobile in the period."},
	schemas.Column{Name: "excel_mobile", Type: schemas.Boolean, Header: "Excel (Mobile)", Doc: "Excel used on Mobile in the period."},
	schemas.Column{Name: "powerpoint_mobile", Type: schemas.Boolean, Header: "PowerPoint (Mobile)", Doc: "PowerPoint used on Mobile in the period."},
	schemas.Column{Name: "onenote_mobile", Type: schemas.Boolean, Header: "OneNote (Mobile)", Doc: "OneNote used on Mobile in the period."},
	schemas.Column{Name: "teams_mobile", Type: schemas.Boolean, Header: "Teams (Mobile)", Doc: "Teams used on Mobile in the period."},
	schemas.Column{Name: "outlook_web", Type: schemas.Boolean, Header: "Outlook (Web)", Doc: "Outlook used on Web in the period."},
	schemas.Column{Name: "word_web", Type: schemas.Boolean, Header: "Word (Web)", Doc: "Word used on Web in the period."},
	schemas.Column{Name: "excel_web", Type: schemas.Boolean, Header: "Excel (Web)", Doc: "Excel used on Web in the period."},
	schemas.Column{Name: "powerpoint_web", Type: schemas.Boolean, Header: "PowerPoint (Web)", Doc: "PowerPoint used on Web in the period."},
	schemas.Column{Name: "onenote_web", Type: schemas.Boolean, Header: "OneNote (Web)", Doc: "OneNote used on Web in the period."},
	schemas.Column{Name: "teams_web", Type: schemas.Boolean, Header: "Teams (Web)", Doc: "Teams used on Web in the period."},
)
