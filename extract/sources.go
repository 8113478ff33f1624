// Package extract pulls what Microsoft Graph says into raw files, byte for byte as received, so
// that everything after it can be repeated without the network.
package extract

import (
	"strings"
	"time"

	"m365lake/schemas"
)

// A Source is one thing to ask Graph for. It becomes one raw file.
type Source struct {
	Name       string               // as in the manifest, run_steps and file names
	Path       string               // on the Graph host
	Permission string               // the least application permission that allows it
	Report     *schemas.Report      // or nil
	Counts     *schemas.CountReport // or nil; without either it is a collection of the directory
	Period     schemas.Period       // of the configuration; Graph may be asked for another, see Report.Asked
	Day        time.Time            // the single day of the report instead; zero for a period
}

// reportFile is how the name of a report's raw file ends.
const reportFile = ".csv.zst"

// File is the name of the source's raw file.
func (s Source) File() string {
	if s.csv() {
		return s.Name + reportFile
	}
	return s.Name + ".jsonl.zst"
}

// csv says that Graph answers with a CSV file and not with pages.
func (s Source) csv() bool { return s.Report != nil || s.Counts != nil }

// Names of the directory sources.
const (
	Organization   = "organization"
	Users          = "users"
	SubscribedSKUs = "subscribed_skus"
	Subscriptions  = "subscriptions"
)

// userProperties is what we ask of each user. Without $select Graph leaves most of them out.
// Source: learn.microsoft.com/graph/api/user-list.
var userProperties = []string{
	"id", "userPrincipalName", "mail", "displayName", "givenName", "surname", "jobTitle", "department",
	"companyName", "officeLocation", "city", "country", "usageLocation", "employeeId", "employeeType",
	"employeeHireDate", "preferredLanguage", "userType", "accountEnabled", "onPremisesSyncEnabled",
	"createdDateTime", "assignedLicenses", "licenseAssignmentStates",
}

// Directory is what every run asks of the directory. 999 is the largest page of users.
func Directory() []Source {
	return []Source{
		{Name: Organization, Path: "/v1.0/organization", Permission: "Organization.Read.All"},
		{Name: SubscribedSKUs, Path: "/v1.0/subscribedSkus", Permission: "Organization.Read.All"},
		{Name: Subscriptions, Path: "/v1.0/directory/subscriptions", Permission: "Organization.Read.All"},
		{Name: Users, Path: "/v1.0/users?$select=" + strings.Join(userProperties, ",") + "&$top=999", Permission: "User.Read.All"},
	}
}

// ReportSources are the given usage reports, each over the given periods, or once if it has none.
func ReportSources(reports []*schemas.Report, periods []schemas.Period) []Source {
	var sources []Source
	for _, r := range reports {
		for _, p := range r.Over(periods) {
			sources = append(sources, Source{Name: r.Name + r.Asked(p).Suffix(), Path: r.Path(p), Permission: reportPermission, Report: r, Period: p})
		}
	}
	return sources
}

// DaySource is a usage report of a single day.
func DaySource(r *schemas.Report, day time.Time) Source {
	return Source{
		Name: r.Name + "_" + day.Format(time.DateOnly), Path: r.DayPath(day), Permission: reportPermission,
		Report: r, Day: day,
	}
}

// CountSources are the given count reports over what they need of the given periods.
func CountSources(reports []*schemas.CountReport, periods []schemas.Period) []Source {
	var sources []Source
	for _, r := range reports {
		for _, p := range r.Over(periods) {
			sources = append(sources, Source{Name: r.Name + p.Suffix(), Path: r.Path(p), Permission: reportPermission, Counts: r, Period: p})
		}
	}
	return sources
}

const reportPermission = "Reports.Read.All"
