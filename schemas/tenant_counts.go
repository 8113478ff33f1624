package schemas

// TenantCounts are Microsoft's own numbers, to hold ours against.
var TenantCounts = Table{
	Name: "tenant_counts",
	Doc: "How many users Microsoft counts, or files, messages and the like, by app and kind of activity. " +
		"Microsoft corrects past days: of several as_of for one report_date the newest is the best.",
	Key:       []string{"tenant_id", "as_of", "report_period", "report", "report_date", "app", "measure"},
	Partition: []string{"as_of", "report_period", "report"},
	Columns: []Column{
		TenantID,
		{Name: "as_of", Type: Date, Required: true, Doc: "Last day Microsoft had counted (Report Refresh Date)."},
		{Name: "report_period", Type: Integer, Required: true, Doc: "Days asked for: 7, 30, 90 or 180."},
		{Name: "report", Type: Text, Required: true, Doc: "The count report."},
		{Name: "report_date", Type: Date, Required: true,
			Doc: "The day that was counted; in a report of the whole period, such as " +
				"office365_services_user_counts, its last day."},
		{Name: "app", Type: Text, Required: true,
			Doc: "An app as in app_activity, office365 (any service) or m365_apps (any of the Apps)."},
		{Name: "measure", Type: Text, Required: true,
			Doc: "What they did or what was done with them, such as active, inactive, send or calls; for " +
				"m365_apps the platform they used; for copilot enabled (they hold it) or active, in any app or " +
				"with _in_ and the app."},
		{Name: "users", Type: Integer,
			Doc: "Users who did, each counted once; NULL where something else is counted. Microsoft often leaves " +
				"a number out in place of 0; then there is no row."},
		{Name: "counted", Type: Text, Doc: "What amount counts, such as files; NULL where users are counted."},
		{Name: "amount", Type: Integer, Doc: "How many of what counted says; NULL where users are counted."},
	},
}
