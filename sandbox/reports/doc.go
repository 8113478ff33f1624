// Package reports is the usage reports of Microsoft 365: by person, by site, by group and for the whole tenant. A
// report is asked for at Graph, which redirects to a signed link on a host of its own, where the CSV file is.
//
// To add a report, give it a file with its header and its write function, and a line in catalogue.go. What people did
// is not decided here but in package company. Writes do not change the reports: they tell of the tenant as it was
// invented.
//
// Source: https://learn.microsoft.com/graph/api/resources/report
package reports
