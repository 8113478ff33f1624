package schemas

// Roll-ups are small tables that the warehouse makes of a large one, month by month, so that no
// view has to read a long history. They are not in the lake.

// ActivityMonths is AppActivityDaily with a row per month instead of one per day.
var ActivityMonths = Table{
	Name: "activity_months",
	Doc: "On which days of each month each user was active in each app, and in any. A user who was not " +
		"active in the month has no row.",
	Key:      []string{"tenant_id", "month", "app", "user_key"},
	RollupOf: &AppActivityDaily,
	Columns: []Column{
		TenantID,
		{Name: "month", Type: Date, Required: true, Doc: "First day of the month."},
		{Name: "app", Type: Text, Required: true, Doc: appDoc},
		userKey,
		{Name: "active_days", Type: Integer, Required: true,
			Doc: "The days as bits: 1 is the first of the month, 2 the second, 4 the third. " +
				"bit_count(active_days) tells how many."},
	},
}

// ActivityTrend is how many people used what, for the whole history.
var ActivityTrend = Table{
	Name: "activity_trend",
	Doc: "How many users were active in each app, and in any, by day, week and month. A day, week or month " +
		"without any has no row.",
	Key:      []string{"tenant_id", "grain", "starts_on", "app"},
	RollupOf: &AppActivityDaily,
	Columns: []Column{
		TenantID,
		{Name: "grain", Type: Text, Required: true, Doc: "day, week (from Monday) or month."},
		{Name: "starts_on", Type: Date, Required: true, Doc: "First day of the day, week or month."},
		decidingReport,
		{Name: "app", Type: Text, Required: true, Doc: appDoc},
		{Name: "active_users", Type: Integer, Required: true, Doc: "Different users with activity, licensed or not."},
		{Name: "actions", Type: Integer, Doc: "Actions; NULL when the report counts none."},
	},
}
