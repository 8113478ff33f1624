// Package reports says what Microsoft's usage reports are, a file for each: where Graph is asked for it, what
// its rows are about and which columns it has. It also says which report decides each app.
package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"m365lake/schemas"
)

// A Report is one usage report of Microsoft Graph: where it is asked for and what its rows mean.
// A new report is one file with such a value, one folder of test data and one line of pipelines.yaml.
type Report struct {
	Name     string         // as in pipelines.yaml and report_status
	Function string         // the Graph function
	Base     string         // the folder of the function at Graph; "" is /v1.0/reports
	Version  string         // its parameter "version", where it has one
	Once     bool           // it takes no period: it is asked once, and report_period is 0
	Month    schemas.Period // what Version offers in place of D30; 0 is D30 itself
	Days     bool           // whether Graph also gives single days of the last 28: date= instead of period=

	Subject Subject // what a row is about
	// Owner is the column that names the user to whom the subject belongs; "" where the report names none.
	// A report about users has none.
	Owner string
	// Identity names the columns that tell the rows apart: of a report about users the sign-in name unless
	// said otherwise.
	Identity []string
	// Account names the columns the first of which that says something is the column "account".
	Account []string
	// Optional says that a tenant may rightly not have the report (404) or have no rows in it,
	// unless somebody is licensed for an app that it decides.
	Optional bool
	// Lasting says that what a row is about outlives its owner: forgetting the owner empties the
	// columns about the owner and leaves the row.
	Lasting bool
	Table   schemas.Table
}

// A Subject is what a row of a usage report is about.
type Subject string

// The subjects of today's reports.
const (
	User     Subject = "user"
	Group    Subject = "group"
	Site     Subject = "site"
	OneDrive Subject = "OneDrive"
	Team     Subject = "team"
)

// signInName is the column that names the user in a report about users.
const signInName = "user_principal_name"

// UserColumn is the column that names a user: the user the row is about, or the owner of what it is about;
// "" where the report names none. Then its table has no user_key.
func (r *Report) UserColumn() string {
	if r.Subject == User {
		return signInName
	}
	return r.Owner
}

// The folders of the report functions at Graph.
const (
	reportsBase = "/v1.0/reports"
	copilotBase = "/v1.0/copilot/reports"
)

// reports are filled by report while the variables of the package are initialized.
var reports []*Report

// All returns all usage reports that can be pulled, by name.
func All() []*Report {
	return slices.SortedFunc(slices.Values(reports), func(a, b *Report) int { return strings.Compare(a.Name, b.Name) })
}

// ByName returns the report of that name, or false.
func ByName(name string) (*Report, bool) {
	for _, r := range All() {
		if r.Name == name {
			return r, true
		}
	}
	return nil, false
}

// Over are the periods of the configuration over which the report is asked for.
func (r *Report) Over(periods []schemas.Period) []schemas.Period {
	if r.Once {
		return []schemas.Period{0}
	}
	return periods
}

// Asked is the period that Graph is asked for where the configuration says period.
func (r *Report) Asked(period schemas.Period) schemas.Period {
	switch {
	case r.Once:
		return 0
	case period == 30 && r.Month != 0:
		return r.Month
	}
	return period
}

// Path is the Graph path of the report for a period of the configuration. CSV is the only format
// that v1.0 serves, whatever some pages say.
func (r *Report) Path(period schemas.Period) string {
	switch {
	case r.Once:
		return r.base() + "/" + r.Function
	case r.Version != "":
		return fmt.Sprintf("%s/%s(period='%s',version='%s')", r.base(), r.Function, r.Asked(period), r.Version)
	}
	return r.periodPath(period)
}

// FirstVersionPath is the Graph path of a report with a Version where Graph does not know it: the
// first one, which has D30 like every other report. "" for a report that has but one.
func (r *Report) FirstVersionPath(period schemas.Period) string {
	if r.Version == "" {
		return ""
	}
	return r.periodPath(period)
}

func (r *Report) base() string { return cmp.Or(r.Base, reportsBase) }

func (r *Report) periodPath(period schemas.Period) string {
	return fmt.Sprintf("%s/%s(period='%s')", r.base(), r.Function, period)
}

// DayPath is the Graph path of the report for a single day. The date stands without quotes, which
// is how the service's metadata types it, whatever two pages print.
func (r *Report) DayPath(day time.Time) string {
	return fmt.Sprintf("%s/%s(date=%s)", r.base(), r.Function, day.Format(time.DateOnly))
}

// DecidesApps says whether the activity in some app is told from the report.
func (r *Report) DecidesApps() bool {
	return slices.ContainsFunc(Apps(), func(a App) bool { return a.Report == r })
}

// report completes a usage report, Microsoft's columns between ours, and lists it in Reports. The
// columns "Report Refresh Date" and "Report Period" become report_date and report_period. It is for
// variables of the package alone: what Reports gives must not change once they are initialized.
func report(r Report, doc string, columns ...schemas.Column) *Report {
	described := New(r, doc, columns...)
	reports = append(reports, described)
	return described
}

// New completes a usage report without listing it in All. It panics when the report does not say what its
// rows are about or what tells them apart.
func New(r Report, doc string, columns ...schemas.Column) *Report {
	switch {
	case r.Subject == "":
		panic("reports: what is a row of " + r.Name + " about? Its Subject is not set")
	case r.Subject == User && r.Identity == nil:
		r.Identity = []string{signInName}
	case r.Identity == nil:
		panic("reports: what tells the rows of " + r.Name + " apart? Its Identity is not set")
	}
	period := "Days covered, counted back from report_date: 7, 30, 90 or 180, as requested."
	switch {
	case r.Once:
		period = "Always 0: the report has no period."
	case r.Month != 0:
		period = fmt.Sprintf(
			"Days covered, counted back from report_date: 7, %d, 90 or 180; 30 in place of %[1]d where Microsoft "+
				"still gives version 1.",
			r.Month,
		)
	}
	all := []schemas.Column{
		schemas.TenantID,
		{Name: "report_date", Type: schemas.Date, Header: "Report Refresh Date", Required: true,
			Doc: "Last day the report covers (Report Refresh Date)."},
		{Name: "report_period", Type: schemas.Integer, Required: true, Doc: period},
	}
	switch {
	case r.Subject == User:
		all = append(all, schemas.Column{Name: "user_key", Type: schemas.Key,
			Doc: "The user; NULL when the directory has nobody by this name (deleted long ago, or names are concealed)."})
	case r.Owner != "":
		all = append(all, schemas.Column{Name: "user_key", Type: schemas.Key,
			Doc: "The owner, where " + r.Owner + " names a user of the directory; NULL otherwise."})
	}
	all = append(all, columns...)
	all = append(
		all,
		schemas.Column{
			Name: "extra",
			Type: schemas.Text,
			Doc:  "Columns this program does not know yet, as a JSON object; NULL when there are none.",
		},
	)
	r.Table = schemas.Table{
		Name: "report_" + r.Name, Doc: doc, Columns: all,
		Key:       append([]string{"tenant_id", "report_date", "report_period"}, r.Identity...),
		Partition: []string{"report_date", "report_period"}, Lasting: r.Lasting,
	}
	return &r
}

// Columns that several reports share. Source: graph-docs "reportroot-*" pages.
var (
	reportUPN = schemas.Column{
		Name:     "user_principal_name",
		Type:     schemas.Text,
		Header:   "User Principal Name",
		Required: true,
		Doc:      "Sign-in name as the report gives it; 32 hexadecimal digits when the tenant conceals names.",
	}
	reportUserID = schemas.Column{
		Name:   "user_id",
		Type:   schemas.Text,
		Header: "User Id",
		Doc:    "Entra object id; all zeros when the tenant conceals names.",
	}
	reportDisplayName = schemas.Column{
		Name:   "display_name",
		Type:   schemas.Text,
		Header: "Display Name",
		Doc:    "Display name as the report gives it.",
	}
	reportIsDeleted = schemas.Column{
		Name:   "is_deleted",
		Type:   schemas.Boolean,
		Header: "Is Deleted",
		Doc:    "Whether the account is deleted or soft-deleted.",
	}
	reportDeletedDate = schemas.Column{
		Name:   "deleted_date",
		Type:   schemas.Date,
		Header: "Deleted Date",
		Doc:    "When the account was deleted.",
	}
	reportLastDate = schemas.Column{Name: "last_activity_date", Type: schemas.Date, Header: "Last Activity Date",
		Doc: "Latest activity ever known to the report, not bounded by the period; NULL means never."}
	reportProducts = schemas.Column{Name: "assigned_products", Type: schemas.Text, Header: "Assigned Products",
		Doc: "Products as the report gives them, joined by +. Known to be wrong at times; license_assignments is the truth."}
	reportProductList = schemas.Column{
		Name:   "assigned_product_list",
		Type:   schemas.TextList,
		Header: "Assigned Products",
		Doc:    "assigned_products as a list, split where Microsoft joins (a + with blanks belongs to a product name).",
	}
	// Yammer has states where the other reports have deletions.
	reportUserState = schemas.Column{
		Name:   "user_state",
		Type:   schemas.Text,
		Header: "User State",
		Doc:    "active, deleted or suspended; NULL for somebody who never joined.",
	}
	reportStateDate = schemas.Column{
		Name:   "state_change_date",
		Type:   schemas.Date,
		Header: "State Change Date",
		Doc:    "When the state changed.",
	}
)
