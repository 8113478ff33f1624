package reports

// EmailActivityUserCounts is how many users did what with mail and meetings on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getemailactivityusercounts.
var EmailActivityUserCounts = countReport(CountReport{
	Name: "email_activity_user_counts", Function: "getEmailActivityUserCounts",
	Measures: []Measure{
		{"Send", "exchange", "send"},
		{"Receive", "exchange", "receive"},
		{"Read", "exchange", "read"},
		{"Meeting Created", "exchange", "meeting_created"},
		{"Meeting Interacted", "exchange", "meeting_interacted"},
	},
})
