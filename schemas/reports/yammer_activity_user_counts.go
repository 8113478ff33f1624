package reports

// YammerActivityUserCounts is how many users did what in Yammer (Viva Engage) on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getyammeractivityusercounts.
var YammerActivityUserCounts = countReport(CountReport{
	Name: "yammer_activity_user_counts", Function: "getYammerActivityUserCounts", Optional: true,
	Measures: []Measure{
		{"Liked", "yammer", "liked"},
		{"Posted", "yammer", "posted"},
		{"Read", "yammer", "read"},
	},
})
