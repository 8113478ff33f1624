package schemas

// AppActivity is who used what in which period.
var AppActivity = Table{
	Name: "app_activity",
	Doc: "Activity of each user in each app over a report period. Users neither licensed for the app nor " +
		"ever active in it have no row.",
	Key:       []string{"tenant_id", "report_date", "report_period", "app", "user_key"},
	Partition: []string{"report_date", "report_period", "report"},
	Columns: []Column{
		TenantID,
		reportDate,
		reportPeriod,
		decidingReport,
		{Name: "app", Type: Text, Required: true, Doc: appDoc},
		userKey,
		{Name: "licensed", Type: Boolean, Required: true,
			Doc: "Whether an assigned licence grants the app (directory and service plans, never the report's " +
				"word)."},
		{Name: "active", Type: Boolean, Required: true, Doc: "Whether the user was active in the period."},
		{Name: "last_activity_date", Type: Date,
			Doc: "Last day of activity in the app, also before the period; NULL when never or when the report " +
				"gives no date per app."},
		{Name: "actions", Type: Integer, Doc: "Actions in the period; NULL when the report counts none."},
	},
}

// AppActivityDaily is who used what on which day: our own history, which goes on where Microsoft's
// 28 days end.
var AppActivityDaily = Table{
	Name: "app_activity_daily",
	Doc: "Who was active in each app on each day, from the reports of single days. A user who was not " +
		"active has no row; report_status says which days are known.",
	Key:       []string{"tenant_id", "report_date", "app", "user_key"},
	Partition: []string{"report_date", "report"},
	Columns: []Column{
		TenantID,
		{Name: "report_date", Type: Date, Required: true, Doc: "The day."},
		decidingReport,
		{Name: "app", Type: Text, Required: true, Doc: appDoc},
		userKey,
		{Name: "actions", Type: Integer, Doc: "Actions on the day; NULL when the report counts none."},
	},
}

// ActivityMetrics are the numbers of the product's first screens.
var ActivityMetrics = Table{
	Name:      "activity_metrics",
	Doc:       "Activity of each app over a report period, for each department and for all departments together.",
	Key:       []string{"tenant_id", "report_date", "report_period", "app", "all_departments", "department"},
	Partition: []string{"report_date", "report_period", "report"},
	Columns: []Column{
		TenantID,
		reportDate,
		reportPeriod,
		decidingReport,
		{Name: "app", Type: Text, Required: true, Doc: appDoc},
		{Name: "all_departments", Type: Boolean, Required: true,
			Doc: "True in the row of all departments together; department is then NULL."},
		{Name: "department", Type: Text, Doc: "The department; NULL also for users without one."},
		{Name: "licensed_users", Type: Integer, Required: true,
			Doc: "Users with a licence that grants the app on the run day."},
		{Name: "active_users", Type: Integer, Required: true, Doc: "Licensed users with activity in the period."},
		{Name: "inactive_users", Type: Integer, Required: true,
			Doc: "Licensed users with none: licensed_users - active_users."},
		{Name: "unreported_users", Type: Integer, Required: true,
			Doc: "Those of inactive_users whom the report does not list at all, such as new accounts; no row is " +
				"not the same as no activity."},
		{Name: "unlicensed_active_users", Type: Integer, Required: true,
			Doc: "Users with activity but without such a licence; not in active_users."},
		{Name: "activity_percent", Type: Number,
			Doc: "active_users as a percentage of licensed_users; NULL when nobody is licensed."},
		{Name: "actions", Type: Integer, Doc: "Actions of all users in the period; NULL when the report counts none."},
		{Name: "windows_users", Type: Integer,
			Doc: "Those of active_users who used the app on Windows; NULL when the report does not tell " +
				"platforms. Somebody on two platforms is in both."},
		{Name: "mac_users", Type: Integer, Doc: "Those of active_users who used the app on Mac; NULL likewise."},
		{Name: "mobile_users", Type: Integer,
			Doc: "Those of active_users who used the app on a phone or tablet; NULL likewise."},
		{Name: "web_users", Type: Integer, Doc: "Those of active_users who used the app in a browser; NULL likewise."},
		{Name: "desktop_users", Type: Integer,
			Doc: "Those of active_users who used the app on Windows or Mac; NULL likewise."},
	},
}

// ConcealedMetrics are the numbers that are left while the tenant conceals names. They are a table
// of their own, so that nothing takes a pseudonym for a user.
var ConcealedMetrics = Table{
	Name: "concealed_metrics",
	Doc: "Activity of each app over a report period in which the tenant conceals names: users are counted " +
		"by pseudonym, over all departments together. Who is licensed comes from the directory, which conceals " +
		"nothing.",
	Key:       []string{"tenant_id", "report_date", "report_period", "app"},
	Partition: []string{"report_date", "report_period", "report"},
	Columns: []Column{
		TenantID,
		reportDate,
		reportPeriod,
		decidingReport,
		{Name: "app", Type: Text, Required: true, Doc: appDoc},
		{Name: "licensed_users", Type: Integer, Required: true,
			Doc: "Users with a licence that grants the app on the run day."},
		{Name: "active_users", Type: Integer, Required: true,
			Doc: "Pseudonyms with activity in the period. Some of them may be unlicensed or unknown to the " +
				"directory; nobody can tell which."},
		{Name: "inactive_users", Type: Integer, Required: true,
			Doc: "Licensed users with none, at least: licensed_users - active_users, never below 0."},
		{Name: "activity_percent", Type: Number,
			Doc: "active_users as a percentage of licensed_users, at most 100; an upper bound. NULL when nobody " +
				"is licensed."},
		{
			Name: "actions",
			Type: Integer,
			Doc:  "Actions of all pseudonyms in the period; NULL when the report counts none.",
		},
	},
}

const appDoc = "cumulative, word, excel, powerpoint, onenote, teams_app, outlook_app, yammer, skype_for_business, " +
	"onedrive, sharepoint, microsoft_teams, exchange or copilot."

var (
	reportDate   = Column{Name: "report_date", Type: Date, Required: true, Doc: "Last day the period covers."}
	reportPeriod = Column{
		Name:     "report_period",
		Type:     Integer,
		Required: true,
		Doc:      "Days covered, counted back from report_date: 7, 30, 90 or 180.",
	}
	decidingReport = Column{
		Name:     "report",
		Type:     Text,
		Required: true,
		Doc:      "The usage report that decided; all for cumulative, which needs every one that decides an app.",
	}
)
