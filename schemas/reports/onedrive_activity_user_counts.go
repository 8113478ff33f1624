package reports

// OneDriveActivityUserCounts is how many users did what with files in OneDrive on each day.
// Source: learn.microsoft.com/graph/api/reportroot-getonedriveactivityusercounts.
var OneDriveActivityUserCounts = countReport(CountReport{
	Name: "onedrive_activity_user_counts", Function: "getOneDriveActivityUserCounts",
	Measures: fileMeasures("onedrive"),
})
