package sandbox

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// Headers of the reports that are asked for in another way or have other rows, by call, copied once more.
var deliveredByCall = map[string]string{
	"getOneDriveUsageAccountDetail(period='D7')": `Report Refresh Date,Site Id,Site URL,Owner ` +
		`Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Storage Used (Byte),Storage ` +
		`Allocated (Byte),Owner Principal Name,Report Period`,
	"getSharePointSiteUsageDetail(period='D7')": `Report Refresh Date,Site Id,Site URL,Owner ` +
		`Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Page View Count,Visited Page Count,` +
		`Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period`,
	"getMailboxUsageDetail(period='D7')": `Report Refresh Date,User Principal Name,` +
		`Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue ` +
		`Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,` +
		`Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Recipient Type,Report Period`,
	"getOffice365ActivationsUserDetail": `Report Refresh Date,User Principal Name,` +
		`Display Name,Product Type,Last Activated Date,Windows,Mac,Windows 10 Mobile,iOS,Android,Activated On ` +
		`Shared Computer`,
	"getMicrosoft365CopilotUsageUserDetail(period='D30')": `Report Refresh Date,User Principal Name,` +
		`Display Name,Last Activity Date,Copilot Chat Last Activity Date,Microsoft Teams Copilot Last Activity Date,` +
		`Word Copilot Last Activity Date,Excel Copilot Last Activity Date,PowerPoint Copilot Last Activity Date,` +
		`Outlook Copilot Last Activity Date,OneNote Copilot Last Activity Date,Loop Copilot Last Activity ` +
		`Date,Report Period`,
	"getMicrosoft365CopilotUsageUserDetail(period='D28',version='v2')": `Report Refresh Date,User Principal Name,` +
		`Display Name,Last Activity Date,Copilot Chat Last Activity Date,Microsoft Teams Copilot Last Activity Date,` +
		`Word Copilot Last Activity Date,Excel Copilot Last Activity Date,PowerPoint Copilot Last Activity Date,` +
		`Outlook Copilot Last Activity Date,OneNote Copilot Last Activity Date,Loop Copilot Last Activity ` +
		`Date,Report Period,Prompts submitted for all apps,Prompts submitted for Copilot Chat (work),` +
		`Prompts submitted for Copilot Chat (web),Active Usage Days for all apps,Copilot Chat ` +
		`(work) Last Activity Date,Copilot Chat (web) Last Activity Date,Microsoft 365 Copilot ` +
		`Last Activity Date,Edge Last Activity Date,Copilot Agent Last Activity Date`,
}

func TestOtherReportFiles(t *testing.T) {
	c := start(t, Options{Users: 600})
	for call, header := range deliveredByCall {
		if body := c.raw(call); !strings.HasPrefix(body, bom+header+"\r\n2026-03-14,") ||
			!strings.HasSuffix(body, "\r\n") {
			t.Errorf("%s begins %.900q", call, body)
		}
	}
	const copilot = "/copilot/reports/getMicrosoft365CopilotUsageUserDetail"
	for path, want := range map[string]string{
		"/reports/getMailboxUsageDetail(date=2026-03-14)":                  "Resource not found for the segment",
		"/reports/getOffice365ActivationsUserDetail(period='D7')":          "Resource not found for the segment",
		"/reports/getEmailActivityUserDetail":                              "Resource not found for the segment",
		"/reports/getEmailActivityUserDetail(period='ALL')":                "InvalidArgument",
		"/reports/getEmailActivityUserDetail(period='D7',date=2026-03-14)": "Resource not found for the segment",
		"/reports/getEmailActivityUserDetail(period='D7',version='v2')":    "Resource not found for the segment",
		"/reports/getMicrosoft365CopilotUsageUserDetail(period='D7')":      "Resource not found for the segment",
		"/copilot/reports/getEmailActivityUserDetail(period='D7')":         "Resource not found for the segment",
		copilot + "(period='D28')":                                         "InvalidArgument",
		copilot + "(period='D30',version='v2')":                            "InvalidArgument",
		copilot + "(period='D7',version='v3')":                             "InvalidArgument",
		copilot + "(date=2026-03-14)":                                      "Resource not found for the segment",
	} {
		if resp, body := c.graph(path); resp.StatusCode != 400 || !strings.Contains(body, want) {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		}
	}
	c.raw("getOffice365ActivationsUserDetail()")
}

func TestStorage(t *testing.T) {
	c := start(t, Options{Users: 500})
	for _, report := range []struct {
		function string
		counters []string
	}{
		{"getOneDriveUsageAccountDetail", []string{"Active File Count"}},
		{"getSharePointSiteUsageDetail", []string{"Active File Count", "Page View Count", "Visited Page Count"}},
	} {
		sum, earlier := map[string]int{}, map[string]map[string]string{}
		for d := range 7 {
			day := monday.AddDate(0, 0, -2-d).Format(time.DateOnly)
			for _, r := range c.table(report.function + "(date=" + day + ")") {
				if r["Last Activity Date"] != day {
					t.Fatalf("%s of %s lists %v", report.function, day, r)
				}
				for _, col := range report.counters {
					sum[r["Site Id"]+col] += number(t, r, col)
				}
				earlier[r["Site Id"]] = r
			}
		}
		week := c.table(report.function + "(period='D7')")
		ids, urls := map[string]bool{}, map[string]bool{}
		for _, r := range week {
			ids[r["Site Id"]], urls[r["Site URL"]] = true, true
			for _, col := range report.counters {
				if number(t, r, col) != sum[r["Site Id"]+col] {
					t.Errorf("%s: %s %s is %s in the week, %d in its "+
						"days", report.function, r["Site URL"], col, r[col], sum[r["Site Id"]+col])
				}
			}
			for _, col := range []string{"File Count", "Storage Used (Byte)"} {
				if e := earlier[r["Site Id"]]; e != nil && number(t, e, col) > number(t, r, col) {
					t.Errorf("%s: %s shrank from %s to %s", report.function, col, e[col], r[col])
				}
			}
			if number(t, r, "Storage Used (Byte)") > number(t, r, "Storage Allocated (Byte)") ||
				!strings.HasPrefix(r["Site URL"], "https://") {
				t.Errorf("%s: %v", report.function, r)
			}
		}
		if len(ids) != len(week) || len(urls) != len(week) || len(week) < 24 || len(earlier) == 0 ||
			len(earlier) == len(week) {
			t.Errorf("%s: %d rows, %d ids, %d addresses, %d "+
				"active", report.function, len(week), len(ids), len(urls), len(earlier))
		}
	}

	// A OneDrive is its owner's, and its last activity is that of the activity report.
	activity := c.table("getOneDriveActivityUserDetail(period='D7')").by("User Principal Name")
	for _, r := range c.table("getOneDriveUsageAccountDetail(period='D7')") {
		a := activity[r["Owner Principal Name"]]
		if a == nil || a["Last Activity Date"] != r["Last Activity Date"] {
			t.Errorf("drive %v, activity %v", r, a)
		}
	}

	kinds := map[string]int{}
	mail := c.table("getEmailActivityUserDetail(period='D7')").by("User Principal Name")
	people, _ := c.list("/users?$top=999&$select=userPrincipalName")
	known := map[string]bool{}
	for _, u := range people {
		known[u["userPrincipalName"].(string)] = true
	}
	for _, r := range c.table("getMailboxUsageDetail(period='D7')") {
		kinds[r["Recipient Type"]]++
		if m := mail[r["User Principal Name"]]; r["Recipient Type"] == "User" &&
			m["Last Activity Date"] != r["Last Activity Date"] {
			t.Errorf("mailbox %v, activity %v", r, m)
		}
		if !known[r["User Principal Name"]] || r["Created Date"] > r["Report Refresh Date"] ||
			r["Is Deleted"] != "False" {
			t.Errorf("mailbox %v", r)
		}
	}
	if kinds["User"] != len(mail) || kinds["Shared"] < 3 || len(kinds) != 2 {
		t.Errorf("mailboxes: %v, %d people", kinds, len(mail))
	}
}

func TestActivations(t *testing.T) {
	c := start(t, Options{Users: 800})
	held := map[string]map[string]bool{}
	for _, l := range c.truth("licenses.csv") {
		if l["state"] == "Active" {
			if held[l["user_id"]] == nil {
				held[l["user_id"]] = map[string]bool{}
			}
			held[l["user_id"]][l["sku_part_number"]] = true
		}
	}
	want := map[string]bool{}
	for _, u := range c.truth("users.csv") {
		h, upn := held[u["user_id"]], u["user_principal_name"]
		if u["created_date"] >= "2026-03-14" {
			continue
		}
		if h["SPE_E5"] || h["SPE_E3"] || h["ENTERPRISEPACK"] {
			want[upn+" MICROSOFT 365 APPS FOR ENTERPRISE"] = true
		}
		if h["PROJECTPROFESSIONAL"] {
			want[upn+" PROJECT ONLINE DESKTOP CLIENT"] = true
		}
		if h["VISIOCLIENT"] {
			want[upn+" VISIO DESKTOP APP"] = true
		}
	}
	apps := c.table("getM365AppUserDetail(period='D7')").by("User Principal Name")
	never := 0
	for _, r := range c.table("getOffice365ActivationsUserDetail") {
		key := r["User Principal Name"] + " " + r["Product Type"]
		if !want[key] {
			t.Errorf("listed twice or without a licence: %v", r)
		}
		delete(want, key)
		computers := number(t, r, "Windows") + number(t, r, "Mac")
		if (computers > 0) != (r["Last Activated Date"] != "") || r["Last Activated Date"] > "2026-03-14" {
			t.Errorf("%v", r)
		}
		if computers == 0 {
			never++
		}
		if a := apps[r["User Principal Name"]]; strings.HasPrefix(r["Product Type"], "MICROSOFT 365") &&
			a["Last Activation Date"] != r["Last Activated Date"] {
			t.Errorf("%v, in the report of the apps %s", r, a["Last Activation Date"])
		}
	}
	if len(want) != 0 || never == 0 {
		t.Errorf("not listed: %v; never activated: %d", want, never)
	}
}

func TestCopilot(t *testing.T) {
	c := start(t, Options{Users: 1500, Seed: 2})
	upnOf := map[string]string{}
	for _, u := range c.truth("users.csv") {
		if u["created_date"] < "2026-03-14" {
			upnOf[u["user_id"]] = u["user_principal_name"]
		}
	}
	holders := map[string]bool{}
	for _, l := range c.truth("licenses.csv") {
		if upn := upnOf[l["user_id"]]; l["sku_part_number"] == "Microsoft_365_Copilot" && upn != "" {
			holders[upn] = true
		}
	}
	for _, l := range c.truth("licensed_apps.csv") {
		if upn := upnOf[l["user_id"]]; l["app"] == "copilot" && !holders[upn] && upn != "" {
			t.Errorf("%s has the app without the licence", upn)
		}
	}
	last, days, prompts := map[string]string{}, map[string]int{}, map[string]int{}
	usedOn := map[string]bool{}
	for _, r := range c.truth("activity.csv") {
		usedOn[r["user_id"]+r["app"]+r["day"]] = true
		if key := upnOf[r["user_id"]]; r["app"] == "copilot" {
			last[key] = max(last[key], r["day"])
			if r["day"] > "2026-02-14" { // 28 days
				days[key]++
			}
			if r["actions"] != "" {
				t.Fatalf("%v", r)
			}
		}
	}
	former := 0
	for upn := range last {
		if !holders[upn] {
			former++
		}
	}
	for _, r := range c.truth("copilot.csv") {
		home := r["app"]
		switch {
		case home == "outlook":
			home = "exchange"
		case home == "loop" || strings.Contains(home, "copilot") || home == "edge":
			home = "copilot"
		}
		if !usedOn[r["user_id"]+home+r["day"]] ||
			!usedOn[r["user_id"]+"exchange"+r["day"]] && !usedOn[r["user_id"]+"microsoft_teams"+r["day"]] {
			t.Fatalf("Copilot was used where nobody worked: %v", r)
		}
		key := upnOf[r["user_id"]] + " " + r["app"]
		last[key] = max(last[key], r["day"])
		if r["day"] > "2026-02-14" {
			prompts[key] += number(t, r, "prompts")
		}
	}
	columns := map[string]string{
		"Copilot Chat":            "copilot_chat",
		"Microsoft Teams Copilot": "microsoft_teams",
		"Word Copilot":            "word",
		"Excel Copilot":           "excel",
		"PowerPoint Copilot":      "powerpoint",
		"Outlook Copilot":         "outlook",
		"OneNote Copilot":         "onenote",
		"Loop Copilot":            "loop",
		"Copilot Chat (work)":     "copilot_chat_work",
		"Copilot Chat (web)":      "copilot_chat_web",
		"Microsoft 365 Copilot":   "microsoft_365_copilot",
		"Edge":                    "edge",
		"Copilot Agent":           "copilot_agent",
	}
	first := c.table("getMicrosoft365CopilotUsageUserDetail(period='D30')").by("User Principal Name")
	seen := map[string]int{}
	never := 0
	for _, r := range c.table("getMicrosoft365CopilotUsageUserDetail(period='D28',version='v2')") {
		upn := r["User Principal Name"]
		if !holders[upn] {
			t.Errorf("%s is listed and holds no Copilot", upn)
		}
		delete(holders, upn)
		latest := ""
		for col, app := range columns {
			cell := r[col+" Last Activity Date"]
			if cell != last[upn+" "+app] {
				t.Errorf("%s %s: %q, %q in truth", upn, app, cell, last[upn+" "+app])
			}
			if one, ok := first[upn][col+" Last Activity Date"]; ok {
				latest = max(latest, one)
				if one != cell {
					t.Errorf("%s %s: %q in version 1, %q in version 2", upn, app, one, cell)
				}
			}
			if cell != "" {
				seen[app]++
			}
		}
		if r["Last Activity Date"] != last[upn] || latest != last[upn] || r["Report Period"] != "28" ||
			first[upn]["Report Period"] != "30" {
			t.Errorf("%s: %v", upn, r)
		}
		if last[upn] == "" {
			never++
		}
		total := 0
		for _, i := range company.PromptApps {
			total += prompts[upn+" "+company.CopilotNames[i]]
		}
		if number(t, r, "Prompts submitted for all apps") != total || number(t, r, "Active Usage Days for all "+
			"apps") != days[upn] ||
			number(t, r, "Prompts submitted for Copilot Chat (work)") != prompts[upn+" copilot_chat_work"] ||
			number(t, r, "Prompts submitted for Copilot Chat (web)") != prompts[upn+" copilot_chat_web"] {
			t.Errorf("%s: %v; truth: %d prompts on %d days", upn, r, total, days[upn])
		}
	}
	if len(holders) != 0 || len(seen) != int(company.CopilotApps) || never == 0 || former == 0 {
		t.Errorf("not listed: %v; apps: %v; %d never active, %d former holders", holders, seen, never, former)
	}
	count := map[string]int{}
	for _, r := range c.table("getMicrosoft365CopilotUsageUserDetail(period='ALL',version='v2')") {
		count[r["Report Period"]]++
	}
	if got := slices.Sorted(maps.Keys(count)); fmt.Sprint(got) != "[180 28 7 90]" || count["7"] != len(first) ||
		count["180"] != len(first) {
		t.Errorf("ALL: %v", count)
	}
}

// The one app that is licensed for a while only: its days are those of the licence.
func TestCopilotIsUsedWhileItIsHeld(t *testing.T) {
	tenant, err := New(Options{Users: 3000, Seed: 9, Today: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.Of(monday)
	for n := range tenant.company.Users {
		p := tenant.company.Person(n, today)
		if p.Kind != company.Member {
			continue
		}
		since, until := p.CopilotSpan()
		for d := max(p.Start, today-900); d <= today; d += 3 {
			l := p.Licenses(d)
			if held := d >= since && d < until; l.Holds(products.Copilot) != held {
				t.Fatalf("seat %d, day %d: held is %t, the span says %t", n, d, l.Holds(products.Copilot), held)
			}
		}
	}
}

func TestConcealedSitesAndOwners(t *testing.T) {
	c := start(t, Options{Users: 300, Faults: []string{"concealed_names"}})
	hidden := regexp.MustCompile(`^[0-9A-F]{32}$`)
	people := c.table("getOneDriveActivityUserDetail(period='D7')").by("User Principal Name")
	for call := range deliveredByCall {
		for _, r := range c.table(call) {
			for col, cell := range r {
				switch col {
				case "User Principal Name", "Display Name", "Owner Display Name", "Owner Principal Name":
					if !hidden.MatchString(cell) && !(strings.HasPrefix(col, "Owner") && cell == "") {
						t.Errorf("%s: %s is %q", call, col, cell)
					}
				case "Site Id":
					if cell != wire.ZeroGUID {
						t.Errorf("%s: %s is %q", call, col, cell)
					}
				case "Site URL":
					if cell != "" {
						t.Errorf("%s: %s is %q", call, col, cell)
					}
				}
				if strings.Contains(cell, ".example") {
					t.Errorf("%s: %s gives away %q", call, col, cell)
				}
			}
			if strings.HasPrefix(call, "getOneDrive") && people[r["Owner Principal Name"]] == nil {
				t.Errorf("the owner of a drive has another pseudonym than in the activity report: %v", r)
			}
		}
	}
}
