package reports

// SharePointActivityUserCounts is how many users did what with files and pages in SharePoint on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getsharepointactivityusercounts.
var SharePointActivityUserCounts = countReport(CountReport{
	Name: "sharepoint_activity_user_counts", Function: "getSharePointActivityUserCounts",
	Measures: append(fileMeasures("sharepoint"), Measure{"Visited Page", "sharepoint", "visited_page"}),
})
