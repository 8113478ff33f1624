package sandbox

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var teamsCounters = strings.Split("Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,"+
	"Meetings Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended "+
	"Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,Scheduled "+
	"Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count,Audio Duration In "+
	"Seconds,Video Duration In Seconds,Screen Share Duration In Seconds,Urgent Messages,Post Messages,"+
	"Reply Messages", ",")

func number(t *testing.T, r map[string]string, column string) int {
	t.Helper()
	n, err := strconv.Atoi(r[column])
	if err != nil {
		t.Fatalf("%s: %v", column, err)
	}
	return n
}

func TestPeriodIsTheSumOfItsDays(t *testing.T) {
	c := start(t, Options{Users: 700})
	sum := map[string]map[string]int{}
	other := map[string]bool{}
	apps := map[string]map[string]string{}
	for d := range 7 {
		day := monday.AddDate(0, 0, -2-d).Format(time.DateOnly)
		for _, r := range c.table("getTeamsUserActivityUserDetail(date=" + day + ")") {
			upn := r["User Principal Name"]
			if r["Last Activity Date"] != day || r["Report Refresh Date"] != day || r["Report Period"] != "1" {
				t.Fatalf("%s lists %v", day, r)
			}
			if sum[upn] == nil {
				sum[upn] = map[string]int{}
			}
			total := 0
			for _, col := range teamsCounters {
				sum[upn][col] += number(t, r, col)
				total += number(t, r, col)
			}
			if (r["Has Other Action"] == "Yes") != (total == 0) {
				t.Errorf("%s: other action %s with a total of %d", upn, r["Has Other Action"], total)
			}
			other[upn] = other[upn] || r["Has Other Action"] == "Yes"
		}
		for _, r := range c.table("getM365AppUserDetail(date=" + day + ")") {
			upn := r["User Principal Name"]
			if apps[upn] == nil {
				apps[upn] = map[string]string{}
			}
			for col, v := range r {
				if v == "Yes" {
					apps[upn][col] = v
				}
			}
		}
	}
	week := c.table("getTeamsUserActivityUserDetail(period='D7')")
	unlicensed := 0
	for _, r := range week {
		upn := r["User Principal Name"]
		for _, col := range teamsCounters {
			if n := number(t, r, col); n != sum[upn][col] {
				t.Errorf("%s: %s is %d in the week, %d in its days", upn, col, n, sum[upn][col])
			}
		}
		if (r["Has Other Action"] == "Yes") != other[upn] {
			t.Errorf("%s: Has Other Action", upn)
		}
		n := func(col string) int { return number(t, r, col) }
		if n("Team Chat Message Count") != n("Post Messages")+n("Reply Messages") ||
			n("Meeting Count") != n("Meetings Organized Count")+n("Meetings Attended Count") ||
			n("Meetings Organized Count") != n("Ad Hoc Meetings Organized Count")+n("Scheduled One-time Meetings "+
				"Organized Count")+n("Scheduled Recurring Meetings Organized Count") ||
			n("Meetings Attended Count") != n("Ad Hoc Meetings Attended Count")+n("Scheduled One-time Meetings "+
				"Attended Count")+n("Scheduled Recurring Meetings Attended Count") {
			t.Errorf("parts and whole: %v", r)
		}
		for _, col := range []string{"Audio Duration", "Video Duration", "Screen Share Duration"} {
			if got := seconds(t, r[col]); got != n(col+" In Seconds") {
				t.Errorf("%s %s is %d s, not %d", col, r[col], got, n(col+" In Seconds"))
			}
		}
		if r["Is Licensed"] == "No" {
			unlicensed++
		}
		delete(sum, upn)
	}
	if len(sum) != 0 || unlicensed == 0 || unlicensed > 30 {
		t.Errorf("only in the days: %d people; unlicensed: %d", len(sum), unlicensed)
	}
	for _, r := range c.table("getM365AppUserDetail(period='D7')") {
		for col, v := range r {
			if v != "Yes" && v != "No" {
				continue
			}
			if want := apps[r["User Principal Name"]][col] == "Yes"; (v == "Yes") != want {
				t.Errorf("%s: %s is %s in the week", r["User Principal Name"], col, v)
			}
		}
	}
}

var isoDuration = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)

func seconds(t *testing.T, text string) int {
	t.Helper()
	m := isoDuration.FindStringSubmatch(text)
	if m == nil || text == "P" || strings.HasSuffix(text, "T") {
		t.Fatalf("not a duration: %q", text)
	}
	total := 0
	for i, unit := range []int{86400, 3600, 60, 1} {
		n, _ := strconv.Atoi(m[i+1])
		total += n * unit
	}
	return total
}

func TestReportsAgreeWithTheTruth(t *testing.T) {
	c := start(t, Options{Users: 400, Seed: 5})
	upnOf := map[string]string{}
	for _, u := range c.truth("users.csv") {
		upnOf[u["user_id"]] = u["user_principal_name"]
	}
	last := map[string]string{} // "upn app" to last active day
	on := map[string]int{}      // "upn app day" to actions
	for _, r := range c.truth("activity.csv") {
		key := upnOf[r["user_id"]] + " " + r["app"]
		last[key] = max(last[key], r["day"])
		on[key+" "+r["day"]], _ = strconv.Atoi(r["actions"])
	}
	usable := map[string]bool{}
	for _, r := range c.truth("licensed_apps.csv") {
		usable[upnOf[r["user_id"]]+" "+r["app"]] = true
	}
	columns := map[string]string{"Exchange": "exchange", "OneDrive": "onedrive", "SharePoint": "sharepoint",
		"Skype For Business": "skype_for_business", "Yammer": "yammer", "Teams": "microsoft_teams"}
	clients := map[string]string{"Outlook": "outlook_app", "Word": "word", "Excel": "excel", "PowerPoint": "powerpoint",
		"OneNote": "onenote", "Teams": "teams_app"}
	wrong, rows := 0, 0
	for _, r := range c.table("getOffice365ActiveUserDetail(period='D90')") {
		upn := r["User Principal Name"]
		for col, app := range columns {
			if got, want := r[col+" Last Activity Date"], last[upn+" "+app]; got != want {
				t.Errorf("%s %s: %q in the report, %q in truth", upn, app, got, want)
			}
			rows++
			if (r["Has "+col+" License"] == "True") != usable[upn+" "+app] {
				wrong++
			}
		}
	}
	if wrong == 0 || wrong > rows/50 {
		t.Errorf("%d of %d licence columns disagree with the directory; a few should", wrong, rows)
	}
	actions := map[string]int{}
	for key, n := range on {
		f := strings.Fields(key)
		if f[1] == "microsoft_teams" && f[2] > "2026-02-12" { // the 30 days up to 2026-03-14
			actions[f[0]] += n
		}
	}
	for _, r := range c.table("getTeamsUserActivityUserDetail(period='D30')") {
		upn := r["User Principal Name"]
		if got, want := r["Last Activity Date"], last[upn+" microsoft_teams"]; got != want {
			t.Errorf("%s: Teams %q in the report, %q in truth", upn, got, want)
		}
		got := number(
			t,
			r,
			"Team Chat Message Count",
		) + number(
			t,
			r,
			"Private Chat Message Count",
		) + number(
			t,
			r,
			"Call Count",
		) + number(
			t,
			r,
			"Meeting Count",
		)
		if got != actions[upn] {
			t.Errorf("%s: %d actions in the report, %d in truth", upn, got, actions[upn])
		}
	}
	for period, since := range map[string]string{"D7": "2026-03-08", "D180": "2025-09-16"} {
		used := map[string]bool{}
		for key := range on {
			f := strings.Fields(key)
			if f[2] >= since {
				used[f[0]+" "+f[1]] = true
			}
		}
		for _, r := range c.table("getM365AppUserDetail(period='" + period + "')") {
			for col, app := range clients {
				key := r["User Principal Name"] + " " + app
				if (r[col] == "Yes") != used[key] {
					t.Errorf("%s %s: %s in the report, %t in truth", period, key, r[col], used[key])
				}
				if used[key] && !usable[key] {
					t.Errorf("%s is used without a licence", key)
				}
				platform := r[col+" (Windows)"] + r[col+" (Mac)"] + r[col+" (Mobile)"] + r[col+" (Web)"]
				if strings.Contains(platform, "Yes") != used[key] {
					t.Errorf("%s: platforms %s", key, platform)
				}
			}
		}
	}
	for _, day := range []string{"2026-03-13", "2026-03-03", "2026-02-16"} {
		listed := map[string]bool{}
		for _, r := range c.table("getOffice365ActiveUserDetail(date=" + day + ")") {
			for col, app := range columns {
				if r[col+" Last Activity Date"] == day {
					listed[r["User Principal Name"]+" "+app] = true
				}
			}
		}
		for _, r := range c.table("getM365AppUserDetail(date=" + day + ")") {
			for col, app := range clients {
				if r[col] == "Yes" {
					listed[r["User Principal Name"]+" "+app] = true
				}
			}
		}
		n := 0
		for key := range on {
			if strings.Contains(key, " copilot ") {
				continue // its report has no single days
			}
			if before, ok := strings.CutSuffix(key, " "+day); ok {
				n++
				if !listed[before] {
					t.Errorf("%s is missing on %s", before, day)
				}
			}
		}
		if n != len(listed) || n == 0 {
			t.Errorf("%s: %d in truth, %d in the reports", day, n, len(listed))
		}
	}
}

func TestTruthOfSeats(t *testing.T) {
	c := start(t, Options{Users: 900})
	held := map[string]map[string]bool{}
	for _, l := range c.truth("licenses.csv") {
		if l["state"] == "Active" {
			if held[l["sku_part_number"]] == nil {
				held[l["sku_part_number"]] = map[string]bool{}
			}
			held[l["sku_part_number"]][l["user_id"]] = true
		}
	}
	for _, s := range c.truth("skus.csv") {
		if fmt.Sprint(len(held[s["sku_part_number"]])) != s["consumed"] {
			t.Errorf(
				"%s: %d holders, %s consumed",
				s["sku_part_number"],
				len(held[s["sku_part_number"]]),
				s["consumed"],
			)
		}
	}
}

// The company must look like one: most people work on weekdays, some stopped, some never came.
func TestActivityIsPlausible(t *testing.T) {
	c := start(t, Options{Users: 2000, Today: at(monday)})
	active := func(call, column string) (n, total int, share float64) {
		for _, r := range c.table(call) {
			total++
			if d := r[column]; d >= "2026-03-08" {
				n++
			}
		}
		return n, total, float64(n) / float64(total)
	}
	if n, total, share := active("getTeamsUserActivityUserDetail(period='D7')", "Last Activity Date"); share < 0.55 ||
		share > 0.9 {
		t.Errorf("Teams: %d of %d active in a week", n, total)
	}
	never, stale := 0, 0
	for _, r := range c.table("getOffice365ActiveUserDetail(period='D7')") {
		switch d := r["Exchange Last Activity Date"]; {
		case d == "":
			never++
		case d < "2026-01-15":
			stale++
		}
	}
	if never < 60 || never > 400 || stale < 30 || stale > 400 {
		t.Errorf("%d never active, %d not for two months", never, stale)
	}
	weekday := len(c.table("getOffice365ActiveUserDetail(date=2026-03-12)"))
	sunday := len(c.table("getOffice365ActiveUserDetail(date=2026-03-08)"))
	if sunday == 0 || sunday*10 > weekday {
		t.Errorf("%d people on a Sunday, %d on a Thursday", sunday, weekday)
	}
}
