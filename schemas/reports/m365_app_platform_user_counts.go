package reports

// M365AppPlatformUserCounts is on which platforms users used the Microsoft 365 Apps on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getm365appplatformusercounts.
var M365AppPlatformUserCounts = countReport(CountReport{
	Name: "m365_app_platform_user_counts", Function: "getM365AppPlatformUserCounts",
	Measures: []Measure{
		{"Windows", "m365_apps", "windows"},
		{"Mac", "m365_apps", "mac"},
		{"Mobile", "m365_apps", "mobile"},
		{"Web", "m365_apps", "web"},
	},
})
