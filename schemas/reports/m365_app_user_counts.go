package reports

// M365AppUserCounts is how many users each of the Microsoft 365 Apps had on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getm365appusercounts.
var M365AppUserCounts = countReport(CountReport{
	Name: "m365_app_user_counts", Function: "getM365AppUserCounts",
	Measures: []Measure{
		{"Outlook", "outlook_app", "active"},
		{"Word", "word", "active"},
		{"Excel", "excel", "active"},
		{"PowerPoint", "powerpoint", "active"},
		{"OneNote", "onenote", "active"},
		{"Teams", "teams_app", "active"},
	},
})
