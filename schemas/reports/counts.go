package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"m365lake/schemas"
)

// A CountReport is one report of Microsoft's own numbers of a tenant: users mostly, or files, messages and
// the like.
type CountReport struct {
	Name     string // as in pipelines.yaml and report_status
	Function string // the Graph function
	Base     string // the folder of the function at Graph; "" is /v1.0/reports
	Whole    bool   // one row for the whole period instead of one for each of its days
	Counted  string // what is counted where that is not users, such as files; "" is users
	Optional bool   // a tenant may rightly not have it, or no rows in it
	Measures []Measure
}

// A Measure is one column of a CountReport.
type Measure struct{ Header, App, Name string }

// Over are the periods over which the report is asked for. A day is counted the same whatever the
// period, so that a report of days is asked for once, over the longest.
func (r *CountReport) Over(periods []schemas.Period) []schemas.Period {
	if r.Whole || len(periods) == 0 {
		return periods
	}
	return []schemas.Period{slices.Max(periods)}
}

// Path is the Graph path of the report for a period.
func (r *CountReport) Path(period schemas.Period) string {
	return fmt.Sprintf("%s/%s(period='%s')", cmp.Or(r.Base, reportsBase), r.Function, period)
}

// CountsByName returns the count report of that name, or false.
func CountsByName(name string) (*CountReport, bool) {
	for _, r := range Counts() {
		if r.Name == name {
			return r, true
		}
	}
	return nil, false
}

// services are the columns of reports that count each service.
var services = []Measure{
	{"Office 365", "office365", ""},
	{"Exchange", "exchange", ""},
	{"OneDrive", "onedrive", ""},
	{"SharePoint", "sharepoint", ""},
	{"Skype For Business", "skype_for_business", ""},
	{"Yammer", "yammer", ""},
	{"Teams", "microsoft_teams", ""},
}

// measuresOfServices are the columns of a report that has one for each service and state. A single state is
// not in the headers.
func measuresOfServices(states ...string) []Measure {
	var measures []Measure
	for _, s := range services {
		for _, state := range states {
			header := s.Header
			if len(states) > 1 {
				header += " " + strings.ToUpper(state[:1]) + state[1:]
			}
			measures = append(measures, Measure{header, s.App, state})
		}
	}
	return measures
}

// fileMeasures are what users do with files.
func fileMeasures(app string) []Measure {
	return []Measure{
		{"Viewed Or Edited", app, "viewed_or_edited"},
		{"Synced", app, "synced"},
		{"Shared Internally", app, "shared_internally"},
		{"Shared Externally", app, "shared_externally"},
	}
}

// copilotMeasures are how many hold Copilot and how many used it, in any app and in each. The order is
// Microsoft's.
func copilotMeasures() []Measure {
	measures := []Measure{
		{"Any App Enabled Users", "copilot", "enabled"},
		{"Any App Active Users", "copilot", "active"},
	}
	for _, in := range [][2]string{
		{"Microsoft Teams", "microsoft_teams"},
		{"Word", "word"},
		{"PowerPoint", "powerpoint"},
		{"Outlook", "outlook"},
		{"Excel", "excel"},
		{"OneNote", "onenote"},
		{"Loop", "loop"},
		{"Copilot Chat", "copilot_chat"},
	} {
		measures = append(
			measures,
			Measure{in[0] + " Enabled Users", "copilot", "enabled_in_" + in[1]},
			Measure{in[0] + " Active Users", "copilot", "active_in_" + in[1]},
		)
	}
	return measures
}

// countReports are filled by countReport while the variables of the package are initialized.
var countReports []*CountReport

// countReport lists a count report in Counts. It is for variables of the package alone.
func countReport(r CountReport) *CountReport {
	countReports = append(countReports, &r)
	return &r
}

// Counts are all count reports that can be pulled, by name.
// Source: learn.microsoft.com/graph/api/resources/report.
func Counts() []*CountReport {
	return slices.SortedFunc(
		slices.Values(countReports),
		func(a, b *CountReport) int { return strings.Compare(a.Name, b.Name) },
	)
}
