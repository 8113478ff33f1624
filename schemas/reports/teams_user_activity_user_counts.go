package reports

// TeamsUserActivityUserCounts is how many users did what in Microsoft Teams on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getteamsuseractivityusercounts.
var TeamsUserActivityUserCounts = countReport(CountReport{
	Name: "teams_user_activity_user_counts", Function: "getTeamsUserActivityUserCounts",
	Measures: []Measure{
		{"Team Chat Messages", "microsoft_teams", "team_chat_messages"},
		{"Private Chat Messages", "microsoft_teams", "private_chat_messages"},
		{"Calls", "microsoft_teams", "calls"},
		{"Meetings", "microsoft_teams", "meetings"},
		{"Other Actions", "microsoft_teams", "other_actions"},
	},
})
