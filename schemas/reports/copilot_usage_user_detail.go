package reports

import "m365lake/schemas"

// CopilotUsageUserDetail is when each holder of a Microsoft 365 Copilot licence last used it, and how
// much. Version 2 has counts and 28 days in place of 30; where a tenant's Graph
// lacks it, version 1 is asked, whose rows leave the counts NULL. Microsoft names its new columns in prose only,
// so they may come under other names (then they are in extra) or not at all.
// Source: https://learn.microsoft.com/microsoft-365-copilot/extensibility/api/admin-settings/reports/copilotreportroot-getmicrosoft365copilotusageuserdetail.
var CopilotUsageUserDetail = report(
	Report{
		Name: "copilot_usage_user_detail", Function: "getMicrosoft365CopilotUsageUserDetail", Subject: User,
		Base: copilotBase, Version: "v2", Month: 28, Optional: true,
	},
	"When each holder of a Microsoft 365 Copilot licence last used it, and how much in the period, as Microsoft "+
		"reports it.",
	reportUPN,
	reportDisplayName,
	schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Last day Copilot was used in any app, not bounded by the period; NULL means never."},
	schemas.Column{
		Name:   "copilot_chat_last_activity_date",
		Type:   schemas.Date,
		Header: "Copilot Chat Last Activity Date",
		Doc:    "Last day Copilot was used in Copilot Chat; NULL means never.",
	},
	schemas.Column{
		Name:   "microsoft_teams_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "Microsoft Teams Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in Microsoft Teams; NULL means never.",
	},
	schemas.Column{
		Name:   "word_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "Word Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in Word; NULL means never.",
	},
	schemas.Column{
		Name:   "excel_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "Excel Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in Excel; NULL means never.",
	},
	schemas.Column{
		Name:   "powerpoint_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "PowerPoint Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in PowerPoint; NULL means never.",
	},
	schemas.Column{
		Name:   "outlook_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "Outlook Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in Outlook; NULL means never.",
	},
	schemas.Column{
		Name:   "onenote_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "OneNote Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in OneNote; NULL means never.",
	},
	schemas.Column{
		Name:   "loop_copilot_last_activity_date",
		Type:   schemas.Date,
		Header: "Loop Copilot Last Activity Date",
		Doc:    "Last day Copilot was used in Loop; NULL means never.",
	},
	schemas.Column{
		Name:      "copilot_chat_work_last_activity_date",
		Type:      schemas.Date,
		Header:    "Copilot Chat (work) Last Activity Date",
		Sometimes: true,
		Doc:       "Last day Copilot was used in Copilot Chat grounded in work data; NULL means never.",
	},
	schemas.Column{
		Name:      "copilot_chat_web_last_activity_date",
		Type:      schemas.Date,
		Header:    "Copilot Chat (web) Last Activity Date",
		Sometimes: true,
		Doc:       "Last day Copilot was used in Copilot Chat grounded in the web; NULL means never.",
	},
	schemas.Column{
		Name:      "microsoft_365_copilot_last_activity_date",
		Type:      schemas.Date,
		Header:    "Microsoft 365 Copilot Last Activity Date",
		Sometimes: true,
		Doc:       "Last day Copilot was used in the Microsoft 365 Copilot app; NULL means never.",
	},
	schemas.Column{
		Name:      "edge_last_activity_date",
		Type:      schemas.Date,
		Header:    "Edge Last Activity Date",
		Sometimes: true,
		Doc:       "Last day Copilot was used in Edge; NULL means never.",
	},
	schemas.Column{
		Name:      "copilot_agent_last_activity_date",
		Type:      schemas.Date,
		Header:    "Copilot Agent Last Activity Date",
		Sometimes: true,
		Doc:       "Last day Copilot was used in an agent; NULL means never.",
	},
	schemas.Column{
		Name:      "prompts_submitted_all_apps",
		Type:      schemas.Integer,
		Header:    "Prompts submitted for all apps",
		Sometimes: true,
		Doc:       "Prompts in the period; NULL means unknown.",
	},
	schemas.Column{
		Name:      "prompts_submitted_copilot_chat_work",
		Type:      schemas.Integer,
		Header:    "Prompts submitted for Copilot Chat (work)",
		Sometimes: true,
		Doc:       "Prompts in Copilot Chat grounded in work data; NULL means unknown.",
	},
	schemas.Column{
		Name:      "prompts_submitted_copilot_chat_web",
		Type:      schemas.Integer,
		Header:    "Prompts submitted for Copilot Chat (web)",
		Sometimes: true,
		Doc:       "Prompts in Copilot Chat grounded in the web; NULL means unknown.",
	},
	schemas.Column{
		Name:      "active_usage_days_all_apps",
		Type:      schemas.Integer,
		Header:    "Active Usage Days for all apps",
		Sometimes: true,
		Doc:       "Days of the period on which Copilot was used; NULL means unknown.",
	},
)
