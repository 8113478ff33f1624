package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Headers of the reports about the whole tenant, copied once more.
var deliveredTotals = map[string]string{
	"getOffice365ActiveUserCounts": `Report Refresh Date,Office 365,Exchange,OneDrive,SharePoint,Skype ` +
		`For Business,Yammer,Teams,Report Date,Report Period`,
	"getOffice365ServicesUserCounts": `Report Refresh Date,Exchange Active,Exchange Inactive,OneDrive ` +
		`Active,OneDrive Inactive,SharePoint Active,SharePoint Inactive,Skype For Business Active,Skype For ` +
		`Business Inactive,Yammer Active,Yammer Inactive,Teams Active,Teams Inactive,Office 365 Active,Office ` +
		`365 Inactive,Report Period`,
	"getM365AppUserCounts": `Report Refresh Date,Report Period,Report Date,Outlook,Word,Excel,` +
		`PowerPoint,OneNote,Teams`,
	"getM365AppPlatformUserCounts": `Report Refresh Date,Report Period,Report Date,Windows,Mac,Mobile,Web`,
	"getEmailActivityUserCounts": `Report Refresh Date,Send,Receive,Read,Meeting Created,Meeting ` +
		`Interacted,Report Date,Report Period`,
	"getTeamsUserActivityUserCounts": `Report Refresh Date,Report Date,Team Chat Messages,Private Chat ` +
		`Messages,Calls,Meetings,Other Actions,Report Period`,
	"getYammerActivityUserCounts": `Report Refresh Date,Liked,Posted,Read,Report Date,Report Period`,
	"getOneDriveActivityUserCounts": `Report Refresh Date,Viewed Or Edited,Synced,Shared Internally,Shared ` +
		`Externally,Report Date,Report Period`,
	"getSharePointActivityUserCounts": `Report Refresh Date,Visited Page,Viewed Or Edited,Synced,Shared ` +
		`Internally,Shared Externally,Report Date,Report Period`,
	"getSkypeForBusinessActivityUserCounts": `Report Refresh Date,Report Date,Report Period,Peer-to-peer,Organized,` +
		`Participated`,
	"getOffice365ActivationsUserCounts": `Report Refresh Date,Product Type,Assigned,Activated,Shared Computer ` +
		`Activation`,
	"getMicrosoft365CopilotUserCountSummary": `Report Refresh Date,Report Period,Microsoft Teams Enabled Users,` +
		`Microsoft Teams Active Users,Word Enabled Users,Word Active Users,PowerPoint Enabled Users,PowerPoint ` +
		`Active Users,Outlook Enabled Users,Outlook Active Users,Excel Enabled Users,Excel Active Users,OneNote ` +
		`Enabled Users,OneNote Active Users,Loop Enabled Users,Loop Active Users,Any App Enabled Users,Any ` +
		`App Active Users,Copilot Chat Enabled Users,Copilot Chat Active Users`,
	"getMicrosoft365CopilotUserCountTrend": `Report Refresh Date,Report Date,Microsoft Teams Enabled Users,` +
		`Microsoft Teams Active Users,Word Enabled Users,Word Active Users,PowerPoint Enabled Users,PowerPoint ` +
		`Active Users,Outlook Enabled Users,Outlook Active Users,Excel Enabled Users,Excel Active Users,OneNote ` +
		`Enabled Users,OneNote Active Users,Loop Enabled Users,Loop Active Users,Any App Enabled Users,Any ` +
		`App Active Users,Copilot Chat Enabled Users,Copilot Chat Active Users,Report Period`,
}

func TestTotalFiles(t *testing.T) {
	c := start(t, Options{Users: 200})
	for function, header := range deliveredTotals {
		call, rows := function+"(period='D30')", 30
		switch function {
		case "getOffice365ActivationsUserCounts":
			call, rows = function, 3
		case "getOffice365ServicesUserCounts", "getMicrosoft365CopilotUserCountSummary":
			rows = 1
		case "getSkypeForBusinessActivityUserCounts":
			rows = 0
		}
		body := c.raw(call)
		if !strings.HasPrefix(body, bom+header+"\r\n") || strings.Count(body, "\n") != rows+1 {
			t.Errorf("%s: %d lines, begins %.500q", function, strings.Count(body, "\n"), body)
		}
		days := map[string]bool{}
		for _, r := range c.table(call) {
			if r["Report Refresh Date"] != "2026-03-14" ||
				r["Report Period"] != "30" && function != "getOffice365ActivationsUserCounts" {
				t.Fatalf("%s: %v", function, r)
			}
			days[r["Report Date"]] = true
			for col, cell := range r {
				blank := strings.HasPrefix(function, "getEmail") || strings.HasPrefix(function, "getOneDrive") ||
					strings.HasPrefix(function, "getSharePoint")
				if cell == "" || cell == "0" && blank {
					if !blank || cell == "0" {
						t.Errorf("%s: %s is %q", function, col, cell)
					}
				}
			}
		}
		if rows == 30 && (len(days) != 30 || !days["2026-03-14"] || !days["2026-02-13"]) {
			t.Errorf("%s: %d days", function, len(days))
		}
	}
}

// count is a cell that may be empty for none.
func count(t *testing.T, r map[string]string, col string) int {
	t.Helper()
	if r[col] == "" {
		return 0
	}
	return number(t, r, col)
}

func TestTotalsAreThePeopleListed(t *testing.T) {
	c := start(t, Options{Users: 900, Seed: 4, Throttle: Throttle{Calls: -1}})
	for _, report := range []struct {
		totals, detail string
		columns        map[string]func(r map[string]string, day string) bool
	}{
		{"getOffice365ActiveUserCounts", "getOffice365ActiveUserDetail", map[string]func(map[string]string,
			string) bool{
			"Office 365": anybody, "Exchange": on("Exchange"), "OneDrive": on("OneDrive"),
			"SharePoint":         on("SharePoint"),
			"Skype For Business": on("Skype For Business"), "Yammer": on("Yammer"), "Teams": on("Teams")}},
		{"getM365AppUserCounts", "getM365AppUserDetail", map[string]func(map[string]string, string) bool{
			"Outlook": yes("Outlook"), "Word": yes("Word"), "Excel": yes("Excel"), "PowerPoint": yes("PowerPoint"),
			"OneNote": yes("OneNote"), "Teams": yes("Teams")}},
		{"getM365AppPlatformUserCounts", "getM365AppUserDetail", map[string]func(map[string]string, string) bool{
			"Windows": yes("Windows"), "Mac": yes("Mac"), "Mobile": yes("Mobile"), "Web": yes("Web")}},
		{"getEmailActivityUserCounts", "getEmailActivityUserDetail", map[string]func(map[string]string, string) bool{
			"Send": some("Send Count"), "Receive": some("Receive Count"), "Read": some("Read Count"),
			"Meeting Created": some("Meeting Created Count"), "Meeting Interacted": some("Meeting Interacted Count")}},
		{"getTeamsUserActivityUserCounts", teamsReport, map[string]func(map[string]string, string) bool{
			"Team Chat Messages": some("Team Chat Message Count"), "Private Chat Messages": some("Private Chat " +
				"Message Count"),
			"Calls": some("Call Count"), "Meetings": some("Meeting Count"), "Other Actions": yes("Has Other Action")}},
		{"getYammerActivityUserCounts", "getYammerActivityUserDetail", map[string]func(map[string]string, string) bool{
			"Liked": some("Liked Count"), "Posted": some("Posted Count"), "Read": some("Read Count")}},
		{"getOneDriveActivityUserCounts", "getOneDriveActivityUserDetail", map[string]func(map[string]string,
			string) bool{
			"Viewed Or Edited":  some("Viewed Or Edited File Count"),
			"Synced":            some("Synced File Count"),
			"Shared Internally": some("Shared Internally File Count"), "Shared Externally": some("Shared Externally " +
				"File Count")}},
		{"getSharePointActivityUserCounts", "getSharePointActivityUserDetail", map[string]func(map[string]string,
			string) bool{
			"Visited Page": some("Visited Page Count"), "Viewed Or Edited": some("Viewed Or Edited File Count"),
			"Synced":            some("Synced File Count"),
			"Shared Internally": some("Shared Internally File Count"), "Shared Externally": some("Shared Externally " +
				"File Count")}},
	} {
		seen := 0
		for _, r := range c.table(report.totals + "(period='D90')") {
			day := r["Report Date"]
			if day < "2026-02-16" || day > "2026-03-14" || day[9]%3 != 0 {
				continue // out of reach of the reports of a day, or enough of them
			}
			seen++
			people := c.table(report.detail + "(date=" + day + ")")
			for col, test := range report.columns {
				n := 0
				for _, p := range people {
					if test(p, day) {
						n++
					}
				}
				if count(t, r, col) != n {
					t.Errorf("%s of %s: %s is %q, %d people are listed", report.totals, day, col, r[col], n)
				}
			}
		}
		if seen < 5 {
			t.Errorf("%s: %d days", report.totals, seen)
		}
	}
}

func anybody(map[string]string, string) bool { return true }

func on(service string) func(map[string]string, string) bool {
	return func(r map[string]string, day string) bool { return r[service+" Last Activity Date"] == day }
}

func yes(col string) func(map[string]string, string) bool {
	return func(r map[string]string, _ string) bool { return r[col] == "Yes" }
}

func some(col string) func(map[string]string, string) bool {
	return func(r map[string]string, _ string) bool { return r[col] != "0" }
}

func TestTotalsOfPeriods(t *testing.T) {
	c := start(t, Options{Users: 900, Seed: 4})
	since := map[string]string{"D7": "2026-03-08", "D30": "2026-02-13", "D90": "2025-12-15", "D180": "2025-09-16"}
	people := c.table("getOffice365ActiveUserDetail(period='D7')")
	upnOf, usable := map[string]string{}, map[string]bool{}
	for _, u := range c.truth("users.csv") {
		upnOf[u["user_id"]] = u["user_principal_name"]
	}
	for _, l := range c.truth("licensed_apps.csv") {
		usable[upnOf[l["user_id"]]+" "+l["app"]] = true
	}
	services := map[string]string{"Exchange": "exchange", "OneDrive": "onedrive", "SharePoint": "sharepoint",
		"Skype For Business": "skype_for_business", "Yammer": "yammer", "Teams": "microsoft_teams"}
	for period, first := range since {
		want := map[string]int{}
		for _, p := range people {
			upn, active, licensed := p["User Principal Name"], false, false
			for col, app := range services {
				licensed = licensed || usable[upn+" "+app]
				switch {
				case p[col+" Last Activity Date"] >= first:
					want[col+" Active"]++
					active = true
				case usable[upn+" "+app]:
					want[col+" Inactive"]++
				}
			}
			switch {
			case active:
				want["Office 365 Active"]++
			case licensed:
				want["Office 365 Inactive"]++
			}
		}
		r := c.table("getOffice365ServicesUserCounts(period='" + period + "')")[0]
		for col, cell := range r {
			if strings.HasSuffix(col, "ctive") && fmt.Sprint(want[col]) != cell {
				t.Errorf("%s: %s is %s, %d are listed", period, col, cell, want[col])
			}
		}
	}

	for _, version := range []string{"", ",version='v2'"} {
		month, first := "D30", "2026-02-13"
		if version != "" {
			month, first = "D28", "2026-02-15"
		}
		ask := "(period='" + month + "'" + version + ")"
		want, prompts := map[string]int{}, 0
		holders := c.table("getMicrosoft365CopilotUsageUserDetail" + ask)
		for _, r := range holders {
			for col, cell := range r {
				name, isDate := strings.CutSuffix(col, " Last Activity Date")
				if !isDate {
					name = "Any App"
				}
				if name = strings.TrimSuffix(name, " Copilot"); (isDate || col == "Last Activity Date") &&
					cell >= first {
					want[name]++
				}
			}
			if version != "" {
				prompts += number(t, r, "Prompts submitted for all apps")
			}
		}
		want["Microsoft 365 Copilot"] = want["Microsoft 365"]
		r := c.table("getMicrosoft365CopilotUserCountSummary" + ask)[0]
		for col, cell := range r {
			if name, ok := strings.CutSuffix(col, " Active Users"); ok && fmt.Sprint(want[name]) != cell {
				t.Errorf("%s: %s is %s, %d are listed", ask, col, cell, want[name])
			}
			if strings.HasSuffix(col, " Enabled Users") && fmt.Sprint(len(holders)) != cell {
				t.Errorf("%s: %s is %s, %d are listed", ask, col, cell, len(holders))
			}
		}
		if version != "" && (number(t, r, "Total prompts submitted") != prompts || number(t, r, "Average prompts "+
			"submitted") != prompts/want["Any App"]) {
			t.Errorf("%d prompts: %v", prompts, r)
		}
	}
	rows := c.table("getMicrosoft365CopilotUserCountSummary(period='ALL')")
	if len(rows) != 4 || rows[0]["Report Period"] != "7" || rows[3]["Report Period"] != "180" {
		t.Errorf("ALL: %v", rows)
	}

	want := map[string][3]int{}
	for _, r := range c.table("getOffice365ActivationsUserDetail") {
		n := want[r["Product Type"]]
		n[0]++
		if r["Last Activated Date"] != "" {
			n[1]++
		}
		if r["Activated On Shared Computer"] == "True" {
			n[2]++
		}
		want[r["Product Type"]] = n
	}
	for _, r := range c.table("getOffice365ActivationsUserCounts") {
		got := [3]int{number(t, r, "Assigned"), number(t, r, "Activated"), number(t, r, "Shared Computer Activation")}
		if got != want[r["Product Type"]] {
			t.Errorf("%v, %v are listed", r, want[r["Product Type"]])
		}
	}
}

// Who asked Copilot on a day, of those who hold it now.
func TestCopilotTrendIsTheTruth(t *testing.T) {
	c := start(t, Options{Users: 900, Seed: 4})
	holds := map[string]bool{}
	for _, r := range c.truth("licensed_apps.csv") {
		holds[r["user_id"]] = holds[r["user_id"]] || r["app"] == "copilot"
	}
	columns := map[string]string{
		"copilot_chat":    "Copilot Chat",
		"microsoft_teams": "Microsoft Teams",
		"word":            "Word",
		"excel":           "Excel",
		"powerpoint":      "PowerPoint",
		"outlook":         "Outlook",
		"onenote":         "OneNote",
		"loop":            "Loop",
	}
	users := map[string]map[string]bool{} // by column and day
	for _, r := range c.truth("copilot.csv") {
		if !holds[r["user_id"]] || columns[r["app"]] == "" {
			continue
		}
		for _, col := range []string{columns[r["app"]], "Any App"} {
			key := col + r["day"]
			if users[key] == nil {
				users[key] = map[string]bool{}
			}
			users[key][r["user_id"]] = true
		}
	}
	most := 0
	rows := c.table("getMicrosoft365CopilotUserCountTrend(period='D180')")
	for _, r := range rows {
		for col, cell := range r {
			if name, active := strings.CutSuffix(col, " Active Users"); active {
				want := len(users[name+r["Report Date"]])
				if most = max(most, want); fmt.Sprint(want) != cell {
					t.Errorf("%s of %s: %s, the truth is %d", col, r["Report Date"], cell, want)
				}
			}
		}
	}
	if len(rows) != 180 || most < 5 {
		t.Errorf("%d days, at most %d users", len(rows), most)
	}
}

func TestTotalsAreQuick(t *testing.T) {
	c := start(t, Options{Users: 5000})
	began := time.Now()
	for function := range deliveredTotals {
		if function != "getOffice365ActivationsUserCounts" {
			c.raw(function + "(period='D7')")
		}
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("the totals of 5,000 people take %v", d)
	}
}
