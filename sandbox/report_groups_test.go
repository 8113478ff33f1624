package sandbox

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/wire"
)

const groupsReport = "getOffice365GroupsActivityDetail"

// The header of Microsoft's page, copied once more.
const deliveredGroups = `Report Refresh Date,Group Display Name,Is Deleted,Owner Principal Name,Last Activity Date,` +
	`Group Type,Member Count,External Member Count,Exchange Received Email Count,SharePoint Active File Count,` +
	`Yammer Posted Message Count,Yammer Read Message Count,Yammer Liked Message Count,Exchange Mailbox Total ` +
	`Item Count,Exchange Mailbox Storage Used (Byte),SharePoint Total File Count,SharePoint Site Storage ` +
	`Used (Byte),Group Id,Report Period`

var groupCounters = []string{"Exchange Received Email Count", "SharePoint Active File Count",
	"Yammer Posted Message Count", "Yammer Read Message Count", "Yammer Liked Message Count"}

// The week of every group is the sum of its seven days, and a day lists who was active on it.
func TestGroupsWeekIsItsDays(t *testing.T) {
	c := start(t, Options{Users: 500})
	if body := c.raw(groupsReport + "(period='D7')"); !strings.HasPrefix(body, bom+deliveredGroups+"\r\n2026-03-14,") {
		t.Errorf("begins %.900q", body)
	}
	sum, active := map[string]int{}, map[string]string{}
	for d := range 7 {
		day := monday.AddDate(0, 0, -2-d).Format(time.DateOnly)
		for _, r := range c.table(groupsReport + "(date=" + day + ")") {
			if r["Last Activity Date"] != day || r["Report Period"] != "1" {
				t.Fatalf("%s lists %v", day, r)
			}
			for _, column := range groupCounters {
				sum[r["Group Id"]+column] += countOrNone(t, r, column)
			}
			active[r["Group Id"]] = max(active[r["Group Id"]], day)
		}
	}
	week := c.table(groupsReport + "(period='D7')").by("Group Id")
	total := map[string]int{}
	for id, r := range week {
		for _, column := range groupCounters {
			n := countOrNone(t, r, column)
			if total[column] += n; n != sum[id+column] {
				t.Errorf("%s of %s: %d in the week, %d in its days", column, r["Group Display Name"], n, sum[id+column])
			}
		}
		if last := r["Last Activity Date"]; active[id] != "" && last != active[id] ||
			active[id] == "" && last >= "2026-03-08" {
			t.Errorf("%s was last active on %s, and in the days on %q", r["Group Display Name"], last, active[id])
		}
	}
	for _, column := range groupCounters {
		if total[column] == 0 {
			t.Errorf("%s is always 0", column)
		}
	}
	if len(week) < 15 || len(active) == 0 || len(active) == len(week) {
		t.Errorf("%d groups, %d of them active", len(week), len(active))
	}
	for _, longer := range []string{"D30", "D90", "D180"} {
		for id, r := range c.table(groupsReport + "(period='" + longer + "')").by("Group Id") {
			if countOrNone(t, r, groupCounters[0]) < countOrNone(t, week[id], groupCounters[0]) ||
				"D"+r["Report Period"] != longer {
				t.Errorf("%s: %v", longer, r)
			}
		}
	}
}

// A group's files are those of its site, and its owner is somebody of the directory.
func TestGroupsAreThoseOfTheSites(t *testing.T) {
	c := start(t, Options{Users: 500})
	people := c.truth("users.csv")
	known := map[string]bool{}
	for _, u := range people {
		known[u["user_principal_name"]] = true
	}
	sites := map[string]map[string]string{}
	for _, s := range c.table("getSharePointSiteUsageDetail(period='D7')") {
		if s["Root Web Template"] == "Group" {
			sites[strings.TrimSuffix(s["Owner Display Name"], " Owners")] = s
		}
	}
	groups := c.table(groupsReport + "(period='D7')")
	kinds, ownerless := map[string]int{}, 0
	for _, g := range groups {
		s := sites[g["Group Display Name"]]
		if s == nil || g["SharePoint Total File Count"] != s["File Count"] || g["SharePoint Site Storage Used "+
			"(Byte)"] != s["Storage Used (Byte)"] ||
			countOrNone(t, g, "SharePoint Active File "+
				"Count") != number(t, s, "Active File Count") || g["Last Activity Date"] < s["Last Activity Date"] {
			t.Errorf("group %v, site %v", g, s)
		}
		if owner := g["Owner Principal Name"]; owner == "" {
			ownerless++
		} else if !known[owner] {
			t.Errorf("nobody is called %s", owner)
		}
		if number(t, g, "External Member Count") >= number(t, g, "Member Count") || g["Is Deleted"] != "False" {
			t.Errorf("%v", g)
		}
		kinds[g["Group Type"]]++
	}
	if len(groups) != len(sites) || kinds["Private"] == 0 || kinds["Public"] == 0 || len(kinds) != 2 ||
		ownerless > len(groups)/2 {
		t.Errorf("%d groups of %d sites, %v, %d without owner", len(groups), len(sites), kinds, ownerless)
	}
}

func TestConcealedGroups(t *testing.T) {
	c := start(t, Options{Users: 500, Faults: []string{"concealed_names"}})
	people := c.table("getOffice365ActiveUserDetail(period='D7')").by("User Principal Name")
	hidden := regexp.MustCompile(`^[0-9A-F]{32}$`)
	names, owned := map[string]bool{}, 0
	groups := c.table(groupsReport + "(period='D7')")
	for _, g := range groups {
		names[g["Group Display Name"]] = true
		owner := g["Owner Principal Name"]
		if !hidden.MatchString(g["Group Display Name"]) || g["Group Id"] != wire.ZeroGUID ||
			owner != "" && !hidden.MatchString(owner) {
			t.Errorf("%v", g)
		}
		if people[owner] != nil {
			owned++
		}
	}
	if len(groups) < 15 || len(names) != len(groups) || owned == 0 {
		t.Errorf("%d names of %d groups, %d with an owner of the other reports", len(names), len(groups), owned)
	}
}

// countOrNone is a cell that is empty for none.
func countOrNone(t *testing.T, r map[string]string, column string) int {
	t.Helper()
	if r[column] == "" {
		return 0
	}
	n, err := strconv.Atoi(r[column])
	if err != nil || n == 0 {
		t.Errorf("%s is %q: %v", column, r[column], err)
	}
	return n
}
