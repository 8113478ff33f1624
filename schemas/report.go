package schemas

import (
	"fmt"
	"time"
)

// A Report is one usage report of Microsoft Graph: where it is asked for and what its rows mean.
// A new report is one file with such a value, its entry in Reports, one folder of test data and
// one line of pipelines.yaml.
type Report struct {
	Name     string // as in pipelines.yaml and report_status
	Function string // the Graph function
	User     string // the column that names the user
	Days     bool   // whether Graph also gives single days of the last 28: date= instead of period=
	Table    Table
}

// Reports are all usage reports that can be pulled.
func Reports() []*Report {
	return []*Report{
		&Office365ActiveUserDetail,
		&M365AppUserDetail,
		&TeamsUserActivityDetail,
	}
}

// ReportByName returns the report of that name, or false.
func ReportByName(name string) (*Report, bool) {
	for _, r := range Reports() {
		if r.Name == name {
			return r, true
		}
	}
	return nil, false
}

// Path is the Graph path of the report for a period. CSV is the only format that v1.0 serves,
// whatever some pages say.
func (r *Report) Path(period Period) string {
	return fmt.Sprintf("/v1.0/reports/%s(period='%s')", r.Function, period)
}

// DayPath is the Graph path of the report for a single day. The date stands without quotes, which
// is how the service's metadata types it, whatever two pages print.
func (r *Report) DayPath(day time.Time) string {
	return fmt.Sprintf("/v1.0/reports/%s(date=%s)", r.Function, day.Format(time.DateOnly))
}

// report builds the value of a usage report: Microsoft's columns between ours. The columns
// "Report Refresh Date" and "Report Period" become report_date and report_period.
func report(name, function, doc string, columns ...Column) Report {
	all := []Column{
		tenantID,
		{Name: "report_date", Type: Date, Header: "Report Refresh Date", Required: true, Doc: "Last day the report covers (Report Refresh Date)."},
		{Name: "report_period", Type: Integer, Required: true, Doc: "Days covered, counted back from report_date: 7, 30, 90 or 180, as requested."},
		{Name: "user_key", Type: Key, Doc: "The user; NULL when the directory has nobody by this name (deleted long ago, or names are concealed)."},
	}
	all = append(all, columns...)
	all = append(all, Column{Name: "extra", Type: Text, Doc: "Columns this program does not know yet, as a JSON object; NULL when there are none."})
	return Report{
		Name: name, Function: function, User: "user_principal_name", Days: true,
		Table: Table{
			Name: "report_" + name, Doc: doc, Columns: all,
			Key:       []string{"tenant_id", "report_date", "report_period", "user_principal_name"},
			Partition: []string{"report_date", "report_period"},
		},
	}
}

// Columns that several reports share. Source: graph-docs "reportroot-*" pages.
var (
	reportUPN = Column{Name: "user_principal_name", Type: Text, Header: "User Principal Name", Required: true,
		Doc: "Sign-in name as the report gives it; 32 hexadecimal digits when the tenant conceals names."}
	reportDisplayName = Column{Name: "display_name", Type: Text, Header: "Display Name", Doc: "Display name as the report gives it."}
	reportIsDeleted   = Column{Name: "is_deleted", Type: Boolean, Header: "Is Deleted", Doc: "Whether the account is deleted or soft-deleted."}
	reportDeletedDate = Column{Name: "deleted_date", Type: Date, Header: "Deleted Date", Doc: "When the account was deleted."}
	reportLastDate    = Column{Name: "last_activity_date", Type: Date, Header: "Last Activity Date",
		Doc: "Latest activity ever known to the report, not bounded by the period; NULL means never."}
	reportProducts = Column{Name: "assigned_products", Type: Text, Header: "Assigned Products",
		Doc: "Products as the report gives them, joined by +. Known to be wrong at times; license_assignments is the truth."}
	reportProductList = Column{Name: "assigned_product_list", Type: TextList, Header: "Assigned Products",
		Doc: "assigned_products as a list, split where Microsoft joins (a + with blanks belongs to a product name)."}
)
