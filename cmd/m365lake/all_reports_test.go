package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/quote"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
	"m365lake/schemas/reports"
)

var askedPeriod = regexp.MustCompile(`period='D(\d+)'`)

// Every report of the default configuration goes all the way into the warehouse. The reports are
// those of the golden tests, about people of a sandbox that answers the rest.
func TestAllReportsReachTheWarehouse(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 40, seed: 3, day: "2026-11-20"})
	truth := t.TempDir()
	if err := s.tenant.WriteTruth(truth); err != nil {
		t.Fatal(err)
	}
	people := []string{}
	for _, row := range readCSV(t, filepath.Join(truth, "users.csv"))[1:4] {
		people = append(people, row[1])
	}
	target, err := url.Parse(s.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	sandbox := httputil.NewSingleHostReverseProxy(target)
	tenant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, asked, isReport := strings.Cut(r.URL.Path, "/reports/")
		function, _, _ := strings.Cut(asked, "(")
		period := "0"
		if found := askedPeriod.FindStringSubmatch(asked); found != nil {
			period = found[1]
		}
		switch {
		case !isReport:
			sandbox.ServeHTTP(w, r)
		case function == reports.SkypeForBusinessActivityUserDetail.Function:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"UnknownTenantId\",`+
				`\"message\":\"We do not recognize this tenant ID.\"}}"}}`)
		default:
			if body := deliveredReport(t, function, period, people); body != nil {
				_, _ = w.Write(body)
			} else {
				w.WriteHeader(http.StatusBadRequest)
			}
		}
	}))
	defer tenant.Close()
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	connection := strings.ReplaceAll(strings.TrimSuffix(string(text), sandboxReports), s.server.URL(), tenant.URL)
	write(t, s.config, connection+allReports)
	data := filepath.Join(t.TempDir(), "data")
	printed := s.sync(t, data, exitGood)
	all := allAnswers()
	if !strings.Contains(printed, fmt.Sprintf("%d of %[1]d reports good", all)) {
		t.Error(printed)
	}

	var empty []string
	for _, table := range catalog.Tables() {
		if got := answer(t, data, "SELECT count(*) AS n FROM "+quote.Identifier(table.Name)); got[1] == "0" {
			empty = append(empty, table.Name)
		}
	}
	// Rosters and the control database are the user's own files, of which there are none here; and no names are concealed.
	if diff := cmp.Diff([]string{"sso_roster", "hris_roster", "sku_prices", "provisioning_actions", "provisioning_plans",
		"provisioning_ledger", "report_skype_for_business_activity_user_detail", "report_yammer_device_usage_user_detail",
		"concealed_metrics"}, empty); diff != "" {
		t.Errorf("empty tables: %s", diff)
	}
	want := []string{"status,reports", "empty,8", fmt.Sprintf("good,%d", all-8)}
	statuses := "SELECT status, count(*) AS reports FROM report_status WHERE asked_day IS NULL GROUP BY ALL ORDER BY 1"
	if diff := cmp.Diff(want, answer(t, data, statuses)); diff != "" {
		t.Error(diff)
	}
	apps := []string{"apps"}
	for range schemas.Periods {
		apps = append(apps, fmt.Sprint(1+len(reports.Apps())))
	}
	if diff := cmp.Diff(apps,
		answer(t, data, "SELECT count(*) AS apps FROM app_usage GROUP BY report_period")); diff != "" {
		t.Errorf("apps of each period: %s", diff)
	}
	want = []string{"report,periods", "copilot_usage_user_detail,\"[7, 28, 90, 180]\"",
		"office365_activations_user_detail,[0]"}
	got := answer(t, data, `SELECT report, list(report_period ORDER BY report_period) AS periods FROM report_status
		WHERE report IN ('copilot_usage_user_detail', 'office365_activations_user_detail') GROUP BY ALL ORDER BY 1`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// allAnswers is how many answers every report over every period makes.
func allAnswers() int {
	n := 0
	for _, r := range reports.All() {
		n += len(r.Over(schemas.Periods))
	}
	for _, r := range reports.Counts() {
		n += len(r.Over(schemas.Periods))
	}
	return n
}

// A tenant without Copilot has no counts of it, which is no gap.
func TestCountsThatATenantLacks(t *testing.T) {
	t.Parallel()
	const reports = "reports: [copilot_user_count_summary, copilot_user_count_trend, office365_active_user_detail]\n"
	s := serveSandbox(t, sandboxOptions{users: 40, seed: 3, day: "2026-11-20", reports: reports, faults: []string{
		"report_gone:getMicrosoft365CopilotUserCountSummary", "report_empty:getMicrosoft365CopilotUserCountTrend",
	}})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, exitGood)
	want := []string{"report,status,reports", "copilot_user_count_summary,empty,4", "copilot_user_count_trend,empty,1"}
	if diff := cmp.Diff(want, answer(t, data, `SELECT report, status, count(*) AS reports FROM report_status
		WHERE report LIKE 'copilot%' GROUP BY ALL ORDER BY 1`)); diff != "" {
		t.Error(diff)
	}
}

// deliveredReport is a report as Microsoft delivers it, about the people; nil when there is none.
func deliveredReport(t *testing.T, function, period string, people []string) []byte {
	for _, r := range reports.Counts() {
		if r.Function == function {
			header, row := []string{"Report Refresh Date", "Report Date", "Report Period"},
				[]string{"2026-11-18", "2026-11-18", period}
			for _, m := range r.Measures {
				header, row = append(header, m.Header), append(row, "3")
			}
			return csvText(t, [][]string{header, row})
		}
	}
	for _, r := range reports.All() {
		if r.Function != function {
			continue
		}
		rows := readCSV(t, filepath.Join("../../transform/report/testdata/reports", r.Name, "as_delivered", "input.csv"))
		if function == reports.YammerDeviceUsageUserDetail.Function {
			rows = rows[:1]
		}
		named := slices.Index(rows[0], "User Principal Name")
		if named < 0 {
			named = slices.Index(rows[0], "Owner Principal Name")
		}
		for i, row := range rows[1:] {
			row[0] = "2026-11-18"
			row[named] = people[i]
			if at := slices.Index(rows[0], "Report Period"); at >= 0 {
				row[at] = period
			}
		}
		return csvText(t, rows)
	}
	return nil
}

func readCSV(t *testing.T, file string) [][]string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return nil
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF")))).ReadAll()
	if err != nil {
		t.Error(err)
	}
	return rows
}

func csvText(t *testing.T, rows [][]string) []byte {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Error(err)
	}
	return b.Bytes()
}

// A cloud whose Graph knows nothing of Copilot: its counts are not missed, but the report is as long as
// somebody holds Copilot.
func TestCloudWithoutCopilot(t *testing.T) {
	t.Parallel()
	const reports = "reports: [copilot_user_count_summary, copilot_usage_user_detail, office365_active_user_detail]\n"
	s := serveSandbox(t, sandboxOptions{users: 200, seed: 3, day: "2026-11-20", reports: reports})
	s.answerBefore(t, func(path string) (int, string) {
		if strings.HasPrefix(path, "/v1.0/copilot/") {
			return http.StatusBadRequest, `{"error":{"code":"BadRequest","message":"Resource not found for the segment ` +
				`'copilot'."}}`
		}
		return 0, ""
	})
	data := filepath.Join(t.TempDir(), "data")
	printed := s.sync(t, data, exitGaps)
	if want := "copilot_usage_user_detail D7 D28 D90 D180: failed: "; !strings.Contains(printed, want) ||
		strings.Contains(printed, "  copilot_user_count_summary") {
		t.Error(printed)
	}
	want := []string{"report,status,reports", "copilot_usage_user_detail,failed,4", "copilot_user_count_summary,empty,4"}
	if diff := cmp.Diff(want, answer(t, data, `SELECT report, status, count(*) AS reports FROM report_status
		WHERE report LIKE 'copilot%' GROUP BY ALL ORDER BY 1`)); diff != "" {
		t.Error(diff)
	}
}
