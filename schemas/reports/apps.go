package reports

// Cumulative is the pseudo-app of users active in any app.
const Cumulative = "cumulative"

// An App is one line of the product's menu. Exactly one report decides whether a user was active
// in it, so that a number never changes its meaning because some other report failed.
type App struct {
	Name   string // in tables
	Label  string // on screens
	Report *Report
	// Flag is the report's column that says "used in the period". LastActivity is its column of the last
	// day, which makes a user active if it lies within the period. An app has one of them or both; either
	// makes a user active.
	Flag         string
	LastActivity string
	Actions      []string // the report's counters whose sum is the app's number of actions
	// Platforms begins the names of the report's columns that say on which platforms the app was
	// used: word those of word_windows, word_mac, word_mobile and word_web. Empty: it does not tell.
	Platforms string
}

// Apps are the apps in the order of the product's menu, without Cumulative.
func Apps() []App {
	flag := func(name, label, column string) App {
		return App{Name: name, Label: label, Report: M365AppUserDetail, Flag: column, Platforms: column}
	}
	service := func(name, label string, report *Report, actions ...string) App {
		return App{Name: name, Label: label, Report: report, LastActivity: "last_activity_date", Actions: actions}
	}
	return []App{
		flag("word", "Word", "word"),
		flag("excel", "Excel", "excel"),
		flag("powerpoint", "PowerPoint", "powerpoint"),
		flag("onenote", "OneNote", "onenote"),
		flag("teams_app", "Teams (app)", "teams"),
		flag("outlook_app", "Outlook (app)", "outlook"),
		service(
			"yammer",
			"Yammer (Viva Engage)",
			YammerActivityUserDetail,
			"posted_count",
			"read_count",
			"liked_count",
		),
		{ // its own report is mostly empty or gone
			Name: "skype_for_business", Label: "Skype for Business",
			Report: Office365ActiveUserDetail, LastActivity: "skype_for_business_last_activity_date",
		},
		service(
			"onedrive",
			"OneDrive",
			OneDriveActivityUserDetail,
			"viewed_or_edited_file_count",
			"synced_file_count",
			"shared_internally_file_count",
			"shared_externally_file_count",
		),
		service(
			"sharepoint",
			"SharePoint",
			SharePointActivityUserDetail,
			"viewed_or_edited_file_count",
			"synced_file_count",
			"shared_internally_file_count",
			"shared_externally_file_count",
			"visited_page_count",
		),
		service("microsoft_teams", "Microsoft Teams", TeamsUserActivityDetail,
			"team_chat_message_count", "private_chat_message_count", "call_count", "meeting_count"),
		service("exchange", "Exchange", EmailActivityUserDetail, // receiving mail is no action of the user
			"send_count", "read_count", "meeting_created_count", "meeting_interacted_count"),
		service("copilot", "Microsoft 365 Copilot", CopilotUsageUserDetail),
	}
}
