package reports

// Office365ServicesUserCounts is how many holders of a licence used each service in the whole
// period, and how many did not.
// Source: learn.microsoft.com/graph/api/reportroot-getoffice365servicesusercounts.
var Office365ServicesUserCounts = countReport(CountReport{
	Name: "office365_services_user_counts", Function: "getOffice365ServicesUserCounts", Whole: true,
	Measures: measuresOfServices("active", "inactive"),
})
