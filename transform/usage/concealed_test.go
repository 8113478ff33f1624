package usage

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"m365lake/schemas/reports"
	"m365lake/transform/report"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// pseudonymOf is what Microsoft writes for the nth person.
func pseudonymOf(n int) string { return fmt.Sprintf("%032X", n*0xABCDEF) }

// email and sharePoint are reports of the people, who were active on the days; "" is never.
func email(days map[string]string) []string {
	return linesOf("Report Refresh Date,User Principal Name,Last Activity Date,Send Count", "2026-11-18,%s,%s,3", days)
}

func sharePoint(days map[string]string) []string {
	return linesOf(
		"Report Refresh Date,User Principal Name,Last Activity Date,Visited Page Count",
		"2026-11-17,%s,%s,5",
		days,
	)
}

func linesOf(header, row string, days map[string]string) []string {
	lines := []string{header}
	for name, day := range days {
		lines = append(lines, fmt.Sprintf(row, name, day))
	}
	return lines
}

// Concealed reports give the numbers over all departments and nothing about anybody.
func TestActivityOfPseudonyms(t *testing.T) {
	a := testActivity(t, "exchange", "sharepoint")
	got := readReport(t, a, reports.EmailActivityUserDetail, 7, email(map[string]string{
		pseudonymOf(1): "2026-11-18", pseudonymOf(2): "2026-11-12", pseudonymOf(3): "2026-11-11", pseudonymOf(4): ""})...)
	if len(got) != 2 || len(got["report_email_activity_user_detail"]) != 4 {
		t.Fatalf("tables %v", got)
	}
	columns := []string{
		"report_date",
		"report_period",
		"report",
		"app",
		"licensed_users",
		"active_users",
		"inactive_users",
		"activity_percent",
		"actions",
	}
	// More are active than licensed: nobody can tell who, and no number leaves its range.
	want := [][]any{{"2026-11-18", 7.0, "email_activity_user_detail", "exchange", 1.0, 2.0, 0.0, 100.0, 12.0}}
	if diff := cmp.Diff(want, transformtest.Pick(got["concealed_metrics"], columns...)); diff != "" {
		t.Error(diff)
	}
	readReport(t, a, reports.SharePointActivityUserDetail, 7, sharePoint(map[string]string{
		pseudonymOf(1): "2026-11-16", pseudonymOf(3): "2026-11-17", pseudonymOf(4): "2026-11-01"})...)
	if all := transformtest.MustCollect(t, a.Cumulative(7, 3)); len(all) != 0 {
		t.Errorf("cumulative of two concealed reports of three: %v", all)
	}
	all := transformtest.MustCollect(t, a.Cumulative(7, 2))
	want = [][]any{{"2026-11-17", 7.0, "all", "cumulative", 1.0, 3.0, 0.0, 100.0, nil}} // 1, 2 and 3
	if diff := cmp.Diff(want, transformtest.Pick(all["concealed_metrics"], columns...)); diff != "" {
		t.Error(diff)
	}
	if len(all) != 1 {
		t.Errorf("cumulative of pseudonyms: %v", all)
	}
}

// Names and pseudonyms of one period are never put together, whichever come first.
func TestNamesAreNotMergedWithPseudonyms(t *testing.T) {
	for _, named := range []bool{true, false} {
		a := testActivity(t, "exchange", "sharepoint")
		person := map[bool]string{true: "a@x.example", false: pseudonymOf(1)}
		readReport(t, a, reports.EmailActivityUserDetail, 7, email(map[string]string{person[named]: "2026-11-18"})...)
		readReport(
			t,
			a,
			reports.SharePointActivityUserDetail,
			7,
			sharePoint(map[string]string{person[!named]: "2026-11-17"})...)
		if all := transformtest.MustCollect(t, a.Cumulative(7, 2)); len(all) != 0 {
			t.Errorf("cumulative of names and pseudonyms: %v", all)
		}
	}
}

// If reports do not share their pseudonyms, a person would be counted once for each.
func TestPseudonymsOfEachReport(t *testing.T) {
	a := testActivity(t, "exchange", "sharepoint")
	readReport(t, a, reports.EmailActivityUserDetail, 7, email(map[string]string{
		pseudonymOf(1): "2026-11-18", pseudonymOf(2): "2026-11-18", pseudonymOf(3): "2026-11-18"})...)
	readReport(t, a, reports.SharePointActivityUserDetail, 7, sharePoint(map[string]string{
		pseudonymOf(3): "2026-11-17", pseudonymOf(4): "2026-11-17", pseudonymOf(5): "2026-11-17"})...)
	if all := transformtest.MustCollect(t, a.Cumulative(7, 2)); len(all) != 0 {
		t.Errorf("cumulative of reports with pseudonyms of their own: %v", all)
	}
}

// A concealed report does not replace that of the same day with names.
func TestNamesAreKept(t *testing.T) {
	a := testActivity(t, "exchange")
	for _, day := range []string{"2026-11-18", "2026-11-17"} {
		request := report.Request{
			TenantID: transformtest.TenantID,
			Report:   reports.EmailActivityUserDetail,
			Period:   7,
			File:     "email",
			Named:    func(got arrow.Date32) bool { return got.FormattedString() == day },
		}
		lines := strings.Join(email(map[string]string{pseudonymOf(1): "2026-11-18"}), "\n") + "\n"
		reader := report.NewReader(strings.NewReader(lines), request, a.Users, a.Tenant.Mem)
		var last error
		for batch, err := range a.Report(reader, 7) {
			if last = err; err == nil && batch.Rows == nil {
				t.Error("neither rows nor an error")
			}
		}
		if kept := errors.Is(last, report.ErrConcealed); kept != (day == "2026-11-18") {
			t.Errorf("with names of %s: %v", day, last)
		}
	}
}

// A single day without names says nothing of anybody.
func TestDayOfPseudonyms(t *testing.T) {
	a := testActivity(t, "exchange")
	for name, rows := range map[string]int{pseudonymOf(1): 0, "A@x.example": 1} {
		if got := readDay(t, a, email(map[string]string{name: "2026-11-18"})...); len(
			got["app_activity_daily"],
		) != rows {
			t.Errorf("day of %s: %v", name, got)
		}
	}
}

func readDay(t *testing.T, a *Activity, lines ...string) transformtest.Tables {
	t.Helper()
	day := transformtest.Tenant(t, "2026-11-18").Day
	request := report.Request{
		TenantID: transformtest.TenantID,
		Report:   reports.EmailActivityUserDetail,
		Period:   1,
		Day:      day,
		File:     "email",
	}
	reader := report.NewReader(strings.NewReader(strings.Join(lines, "\n")+"\n"), request, a.Users, a.Tenant.Mem)
	return transformtest.MustCollect(t, a.Day(reader, true))
}

// Somebody whom a report names twice, in two spellings or by a former name, is one person: active if
// either is, with the later day and the actions of both.
func TestActivityOfUserNamedTwice(t *testing.T) {
	a := testActivity(t, "exchange")
	a.Users.ByName[userindex.HashName([]byte("maiden@x.example"))] = 1
	lines := []string{"Report Refresh Date,User Principal Name,Last Activity Date,Send Count,Read Count",
		"2026-11-18,maiden@x.example,2026-11-18,1,20",
		"2026-11-18,A@X.example,2026-10-01,300,",
		"2026-11-18,a@x.example,,,4000",
		"2026-11-18,b@x.example,2026-11-02,0,0"}
	got := readReport(t, a, reports.EmailActivityUserDetail, 7, lines...)
	want := [][]any{{1.0, true, true, "2026-11-18", 4321.0}, {2.0, false, false, "2026-11-02", 0.0}}
	if diff := cmp.Diff(want, transformtest.Pick(got["app_activity"], "user_key", "licensed", "active",
		"last_activity_date", "actions")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{1.0, 1.0, 0.0, 4321.0}},
		transformtest.Pick(got["activity_metrics"][:1], "licensed_users", "active_users", "unlicensed_active_users",
			"actions")); diff != "" {
		t.Error(diff)
	}
	if rows := got["report_email_activity_user_detail"]; len(rows) != 4 {
		t.Errorf("the report has %d rows", len(rows))
	}
	day := readDay(t, a, lines...)
	if diff := cmp.Diff([][]any{{"exchange", 1.0, 4321.0}},
		transformtest.Pick(day["app_activity_daily"], "app", "user_key", "actions")); diff != "" {
		t.Error(diff)
	}
}
