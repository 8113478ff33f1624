package reports

// Office365ActiveUserCounts is how many users each service had on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getoffice365activeusercounts.
var Office365ActiveUserCounts = countReport(CountReport{
	Name: "office365_active_user_counts", Function: "getOffice365ActiveUserCounts",
	Measures: measuresOfServices("active"),
})
