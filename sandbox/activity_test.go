package sandbox

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// The reports whose numbers add up over days, with the app they are about and the columns that are the truth's actions.
var countingReports = []struct {
	function, app string
	actions       []string
}{
	{
		"getEmailActivityUserDetail",
		"exchange",
		[]string{"Send Count", "Read Count", "Meeting Created Count", "Meeting Interacted Count"},
	},
	{"getYammerActivityUserDetail", "yammer", []string{"Posted Count", "Read Count", "Liked Count"}},
	{"getOneDriveActivityUserDetail", "onedrive", []string{"Viewed Or Edited File Count", "Synced File Count",
		"Shared Internally File Count", "Shared Externally File Count"}},
	{"getSharePointActivityUserDetail", "sharepoint", []string{"Viewed Or Edited File Count", "Synced File Count",
		"Shared Internally File Count", "Shared Externally File Count", "Visited Page Count"}},
	{"getEmailAppUsageUserDetail", "exchange", nil},
	{"getTeamsDeviceUsageUserDetail", "microsoft_teams", nil},
	{"getYammerDeviceUsageUserDetail", "yammer", nil},
}

// used says whether a cell names a device or a program that was used.
func used(column, cell string) bool {
	return strings.HasPrefix(column, "Used ") && cell == "Yes" || cell == "ProPlus" || cell == "Undetermined"
}

func TestActivityReports(t *testing.T) {
	c := start(t, Options{Users: 500, Seed: 3})
	upnOf := map[string]string{}
	for _, u := range c.truth("users.csv") {
		if u["created_date"] < "2026-03-14" { // the others came after the reports' last day
			upnOf[u["user_id"]] = u["user_principal_name"]
		}
	}
	usable := map[string]bool{}
	for _, l := range c.truth("licensed_apps.csv") {
		if upn := upnOf[l["user_id"]]; upn != "" {
			usable[upn+" "+l["app"]] = true
		}
	}
	last := map[string]string{} // "upn app"
	actions := map[string]int{} // "upn app" in 30 days
	day7 := map[string]int{}    // "upn app": days in the week
	for _, r := range c.truth("activity.csv") {
		key := upnOf[r["user_id"]] + " " + r["app"]
		last[key] = max(last[key], r["day"])
		if n, err := strconv.Atoi(r["actions"]); err == nil && r["day"] > "2026-02-12" {
			actions[key] += n
			if n == 0 && r["app"] != "microsoft_teams" {
				t.Fatalf("active without an action: %v", r)
			}
		}
		if r["day"] > "2026-03-07" {
			day7[key]++
		}
	}
	for _, report := range countingReports {
		sum, flags, days := map[string]int{}, map[string]bool{}, map[string]int{}
		for d := range 7 {
			day := monday.AddDate(0, 0, -2-d).Format(time.DateOnly)
			for _, r := range c.table(report.function + "(date=" + day + ")") {
				upn, some := r["User Principal Name"], false
				days[upn]++
				if r["Last Activity Date"] != day || r["Report Refresh Date"] != day || r["Report Period"] != "1" {
					t.Fatalf("%s of %s lists %v", report.function, day, r)
				}
				for col, cell := range r {
					if strings.HasSuffix(col, " Count") {
						sum[upn+" "+col] += number(t, r, col)
						some = some || number(t, r, col) > 0
					}
					flags[upn+" "+col] = flags[upn+" "+col] || used(col, cell)
					some = some || used(col, cell)
				}
				if !some {
					t.Fatalf("%s: active without doing anything: %v", report.function, r)
				}
			}
		}
		week := c.table(report.function + "(period='D7')")
		listed := map[string]bool{}
		for _, r := range week {
			upn := r["User Principal Name"]
			listed[upn] = true
			if days[upn] != day7[upn+" "+report.app] {
				t.Errorf("%s: %s in %d reports of a day, on %d days in "+
					"truth", report.function, upn, days[upn], day7[upn+" "+report.app])
			}
			for col, cell := range r {
				if strings.HasSuffix(col, " Count") && number(t, r, col) != sum[upn+" "+col] {
					t.Errorf("%s: %s: %s is %s in the week, %d in its "+
						"days", report.function, upn, col, cell, sum[upn+" "+col])
				}
				if used(col, cell) != flags[upn+" "+col] {
					t.Errorf("%s: %s: %s is %q in the week", report.function, upn, col, cell)
				}
			}
		}
		for upn := range days {
			if !listed[upn] {
				t.Errorf("%s: %s only in the reports of a day", report.function, upn)
			}
		}
		for _, r := range c.table(report.function + "(period='D30')") {
			key := r["User Principal Name"] + " " + report.app
			if r["Last Activity Date"] != last[key] {
				t.Errorf("%s: %s: %q, %q in truth", report.function, key, r["Last Activity Date"], last[key])
			}
			if last[key] == "" && !usable[key] {
				t.Errorf("%s lists %s without a licence", report.function, key)
			}
			total := 0
			for _, col := range report.actions {
				total += number(t, r, col)
			}
			if report.actions != nil && total != actions[key] {
				t.Errorf("%s: %s: %d actions, %d in truth", report.function, key, total, actions[key])
			}
		}
		for key := range usable {
			if upn, ok := strings.CutSuffix(key, " "+report.app); ok && !listed[upn] {
				t.Errorf("%s leaves out %s", report.function, upn)
			}
		}
	}
}

// Outlook and Teams must be on the same platforms in every report that tells.
func TestPlatformsAgree(t *testing.T) {
	c := start(t, Options{Users: 300})
	mail := c.table("getEmailAppUsageUserDetail(period='D30')").by("User Principal Name")
	devices := c.table("getTeamsDeviceUsageUserDetail(period='D30')").by("User Principal Name")
	for _, r := range c.table("getM365AppUserDetail(period='D30')") {
		upn := r["User Principal Name"]
		for col, want := range map[string]string{"Outlook For Windows": "Windows", "Outlook For Mac": "Mac",
			"Outlook For Mobile": "Mobile", "Outlook For Web": "Web"} {
			if (mail[upn][col] != "") != (r["Outlook ("+want+")"] == "Yes") {
				t.Errorf("%s: %s is %q, Outlook (%s) is %s", upn, col, mail[upn][col], want, r["Outlook ("+want+")"])
			}
		}
		for col, want := range map[string]string{"Used Windows": "Windows", "Used Mac": "Mac"} {
			if d := devices[upn]; d != nil && d[col] != r["Teams ("+want+")"] {
				t.Errorf("%s: %s is %s, Teams (%s) is %s", upn, col, d[col], want, r["Teams ("+want+")"])
			}
		}
	}
	upnOf := map[string]string{}
	for _, u := range c.truth("users.csv") {
		upnOf[u["user_id"]] = u["user_principal_name"]
	}
	truth := map[string]bool{}
	for _, r := range c.truth("platforms.csv") {
		if r["day"] > "2026-02-12" {
			truth[upnOf[r["user_id"]]+" "+r["app"]+" "+r["platform"]] = true
		}
	}
	cells := map[string]string{"Outlook": "outlook_app", "Word": "word", "Excel": "excel", "PowerPoint": "powerpoint",
		"OneNote": "onenote", "Teams": "teams_app"}
	for _, r := range c.table("getM365AppUserDetail(period='D30')") {
		for col, app := range cells {
			for _, p := range []string{"Windows", "Mac", "Mobile", "Web"} {
				key := r["User Principal Name"] + " " + app + " " + strings.ToLower(p)
				if (r[col+" ("+p+")"] == "Yes") != truth[key] {
					t.Errorf("%s: %s in the report, %t in truth", key, r[col+" ("+p+")"], truth[key])
				}
			}
		}
	}
}
