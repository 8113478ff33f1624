package sandbox

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/wire"
)

func TestFaultReportErrors(t *testing.T) {
	c := start(t, Options{Users: 5, Faults: []string{"report_forbidden:" + teamsReport}})
	resp, body := c.graph("/reports/" + teamsWeek)
	if code, message := inner(t, body); resp.StatusCode != 403 || code != "S2SUnauthorized" ||
		message != "Invalid permission." {
		t.Errorf("%s %s", resp.Status, body)
	}
	c.raw("getM365AppUserDetail(period='D7')") // the others go on

	c = start(t, Options{Users: 5, Faults: []string{"report_unknown_tenant"}})
	resp, body = c.graph("/reports/" + teamsWeek)
	if code, _ := inner(t, body); resp.StatusCode != 404 || code != "UnknownTenantId" {
		t.Errorf("%s %s", resp.Status, body)
	}

	c = start(t, Options{Users: 5, Faults: []string{"users_forbidden"}})
	if resp, body := c.graph("/users"); resp.StatusCode != 403 ||
		!strings.Contains(body, `"code":"Authorization_RequestDenied"`) {
		t.Errorf("%s %s", resp.Status, body)
	}
}

func TestFaultEmptyAndLate(t *testing.T) {
	c := start(
		t,
		Options{Users: 50, Faults: []string{"report_empty:" + teamsReport, "report_late:getM365AppUserDetail"}},
	)
	if body := c.raw(teamsWeek); body != bom+delivered[teamsReport]+"\r\n" {
		t.Errorf("empty report: %.200q", body)
	}
	for call, want := range map[string]string{"getM365AppUserDetail": "2026-03-10",
		"getOffice365ActiveUserDetail": "2026-03-14"} {
		for _, r := range c.table(call + "(period='D7')") {
			if r["Report Refresh Date"] != want || r["Last Activity Date"] > want {
				t.Fatalf("%s: %v", call, r)
			}
		}
	}
	if rows := c.table("getM365AppUserDetail(date=2026-03-13)"); len(rows) != 0 {
		t.Errorf("%d rows of a day the late report cannot know", len(rows))
	}
}

func TestFaultConcealedNames(t *testing.T) {
	c := start(t, Options{Users: 80, Faults: []string{"concealed_names"}})
	if _, body := c.graph("/admin/reportSettings"); !strings.Contains(body, `"displayConcealedNames":true`) {
		t.Errorf("settings: %s", body)
	}
	hidden := regexp.MustCompile(`^[0-9A-F]{32}$`)
	everywhere := map[string]int{}
	for function := range delivered {
		for _, r := range c.table(function + "(period='D30')") {
			everywhere[r["User Principal Name"]]++
			if !hidden.MatchString(r["User Principal Name"]) {
				t.Fatalf("%s: %v", function, r)
			}
			if name, ok := r["Display Name"]; ok && (!hidden.MatchString(name) || name == r["User Principal Name"]) {
				t.Errorf("display name: %v", r)
			}
			if id, ok := r["User Id"]; ok && id != wire.ZeroGUID {
				t.Errorf("user id: %v", r)
			}
		}
	}
	all := 0
	for _, n := range everywhere {
		if n == len(delivered)-1 { // without the retired one
			all++
		}
	}
	if all < 40 || len(everywhere) > 80 {
		t.Errorf("%d pseudonyms, %d of them in all reports", len(everywhere), all)
	}
	if _, body := start(t, Options{}).graph("/admin/reportSettings"); !strings.Contains(
		body,
		`"displayConcealedNames":false`,
	) {
		t.Errorf("settings without the fault: %s", body)
	}
}

func TestFaultColumns(t *testing.T) {
	plain := start(t, Options{Users: 40}).table(teamsWeek).by("User Principal Name")
	c := start(t, Options{Users: 40, Faults: []string{"extra_columns"}})
	header, _, _ := strings.Cut(c.raw(teamsWeek), "\r\n")
	names := strings.Split(header, ",")
	if i := strings.Index(header, "Loop Last Activity Date"); len(names) != 34 || i < 100 ||
		header == bom+delivered[teamsReport] {
		t.Errorf("header: %s", header)
	}
	changed := c.table(teamsWeek)
	if len(changed) != len(plain) {
		t.Errorf("%d rows, %d without the fault", len(changed), len(plain))
	}
	for _, r := range changed {
		for col, want := range plain[r["User Principal Name"]] {
			if r[col] != want {
				t.Fatalf("%s is %q, and %q without the fault", col, r[col], want)
			}
		}
	}

	c = start(t, Options{Users: 40, Faults: []string{"duplicate_header"}})
	body := strings.SplitN(c.raw(teamsWeek), "\r\n", 3)
	if strings.Count(body[0], "Last Activity Date") != 2 || strings.Count(body[0], ",") != 33 ||
		strings.Count(body[1], ",") != 33 {
		t.Errorf("duplicate: %q", body[:2])
	}
}

func TestFaultBrokenDownloads(t *testing.T) {
	whole := len(start(t, Options{Users: 3000}).raw(teamsWeek))
	c := start(
		t,
		Options{
			Users:  3000,
			Faults: []string{"truncated_download:" + teamsReport, "short_download:getM365AppUserDetail"},
		},
	)
	body, trouble, found := strings.Cut(c.raw(teamsWeek), "\x00")
	if !found || !strings.Contains(trouble, "unexpected EOF") || len(body) < whole/4 || len(body) > whole*3/4 ||
		strings.HasSuffix(body, "\n") {
		t.Errorf("truncated: %d of %d bytes, error %q", len(body), whole, trouble)
	}
	body = c.raw("getM365AppUserDetail(period='D7')")
	if strings.Contains(body, "\x00") || strings.HasSuffix(body, "\n") || len(body) < 10000 {
		t.Errorf("short: %d bytes ending in %q", len(body), body[len(body)-40:])
	}
}

func TestFaultBadCell(t *testing.T) {
	for function := range delivered {
		if function == skypeReport {
			continue
		}
		c := start(t, Options{Users: 40, Faults: []string{"bad_cell:" + function}})
		if body := c.raw(function + "(period='D7')"); strings.Count(body, "not-a-date") != 1 {
			t.Errorf("%s: %d bad cells", function, strings.Count(body, "not-a-date"))
		}
	}
}

func TestFaultReportGone(t *testing.T) {
	c := start(t, Options{Users: 5, Faults: []string{"report_gone:" + skypeReport}})
	if resp, body := c.graph("/reports/" + skypeReport + "(period='D7')"); resp.StatusCode != 404 ||
		!strings.Contains(body, `"code":"ResourceNotFound"`) {
		t.Errorf("%s %s", resp.Status, body)
	}
	c.raw("getEmailActivityUserDetail(period='D7')")
}

func TestFaultDays(t *testing.T) {
	now := monday
	c := start(t, Options{Users: 100, Today: func() time.Time { return now },
		Faults: []string{"day_late:getEmailActivityUserDetail", "missing_day:2026-03-10"}})
	rows := func(function, day string) int {
		c.token = c.tenant.tokens.Reader()
		return len(c.table(function + "(date=" + day + ")"))
	}
	for day, late := range map[string]bool{"2026-03-14": true, "2026-03-13": true, "2026-03-12": true,
		"2026-03-11": false, "2026-03-10": true} {
		if n := rows("getEmailActivityUserDetail", day); (n == 0) != late {
			t.Errorf("%s: %d rows", day, n)
		}
		if n := rows("getM365AppUserDetail", day); (n == 0) != (day == "2026-03-10") {
			t.Errorf("the other report, %s: %d rows", day, n)
		}
	}
	now = now.AddDate(0, 0, 3)
	for _, day := range []string{"2026-03-14", "2026-03-13", "2026-03-12"} {
		if rows("getEmailActivityUserDetail", day) == 0 {
			t.Errorf("%s does not fill in", day)
		}
	}
	if rows("getEmailActivityUserDetail", "2026-03-10") != 0 {
		t.Error("the missing day turned up")
	}
}

// Without version 2 there is version 1, and its D30.
func TestFaultNoVersion2(t *testing.T) {
	c := start(t, Options{Users: 200, Faults: []string{"no_version_2"}})
	for _, function := range []string{"getMicrosoft365CopilotUsageUserDetail",
		"getMicrosoft365CopilotUserCountSummary"} {
		resp, body := c.graph("/copilot/reports/" + function + "(period='D28',version='v2')")
		if resp.StatusCode != 400 || !strings.Contains(body, "Resource not found for the segment '"+function+"'.") {
			t.Errorf("%s: %s", resp.Status, body)
		}
		rows := c.table(function + "(period='D30')")
		if len(rows) == 0 || rows[0]["Report Period"] != "30" {
			t.Errorf("%s: %v", function, rows)
		}
	}
}

func TestFaultShrunkReport(t *testing.T) {
	whole := start(t, Options{Users: 300}).table(teamsWeek)
	c := start(
		t,
		Options{
			Users:  300,
			Faults: []string{"shrunk_report:" + teamsReport, "shrunk_report:getSharePointSiteUsageDetail"},
		},
	)
	if n := len(c.table(teamsWeek)); n < len(whole)/4 || n > len(whole)*5/12 {
		t.Errorf("%d rows of %d", n, len(whole))
	}
	if n := len(c.table("getSharePointSiteUsageDetail(period='D7')")); n == 0 || n > 20 {
		t.Errorf("%d sites", n)
	}
}

// Every fault of one report must do to every report what it says.
func TestFaultsOfEveryReport(t *testing.T) {
	ask := func(c *client, r usageReport) string {
		return c.raw(r.call("D7"))
	}
	whole := start(t, Options{Users: 300})
	for _, r := range whole.everyReport() {
		c := start(t, Options{Users: 300, Faults: []string{"report_empty:" + r.function}})
		if body := ask(c, r); body != bom+r.header+"\r\n" {
			t.Errorf("%s: %.300q", r.function, body)
		}
		body := ask(whole, r)
		if strings.Count(body, "\n") == 1 {
			continue // retired
		}
		c = start(t, Options{Users: 300, Faults: []string{"bad_cell:" + r.function}})
		if bad := ask(c, r); strings.Count(bad, "not-a-date") != 1 {
			t.Errorf("%s: %d bad cells", r.function, strings.Count(bad, "not-a-date"))
		}
		c = start(t, Options{Users: 300, Faults: []string{"extra_columns"}})
		if more := ask(c, r); !strings.Contains(more, "Loop Last Activity Date") || len(more) <= len(body) {
			t.Errorf("%s has no extra column", r.function)
		}
		c = start(t, Options{Users: 300, Faults: []string{"duplicate_header"}})
		if header, _, _ := strings.Cut(ask(c, r), "\r\n"); strings.Count(
			header,
			",",
		) != strings.Count(
			r.header,
			",",
		)+1 {
			t.Errorf("%s: %s", r.function, header)
		}
		c = start(t, Options{Users: 300, Faults: []string{"short_download:" + r.function}})
		if cut := ask(c, r); len(cut) >= len(body) || strings.HasSuffix(cut, "\n") || !strings.HasPrefix(body, cut) {
			t.Errorf("%s: short download of %d bytes of %d", r.function, len(cut), len(body))
		}
		c = start(t, Options{Users: 300, Faults: []string{"report_late:" + r.function}})
		if late := ask(c, r); !strings.Contains(late, "2026-03-10,") || strings.Contains(late, "2026-03-14") {
			t.Errorf("%s does not stand still", r.function)
		}
	}
}
