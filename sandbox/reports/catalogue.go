package reports

import (
	"strconv"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// A report is one usage report function of Graph.
type report struct {
	function string
	header   string // columns in the order they are delivered in
	write    func(v *view) bool
	asks     question
	rows     func(v *view) int // rows that are not people; nil when they are
	parts    int               // rows a person can have; 0 is one
	shared   bool              // lists shared mailboxes
	v2       *report           // what version='v2' gives, nil when that is the same
}

// A question is the arguments a report takes.
type question uint8

const (
	periodOrDate question = iota
	periodOnly
	nothing
	copilotPeriod // period and version, under /copilot
)

var reports = []report{
	{function: "getOffice365ActiveUserDetail", header: activeHeader, write: writeActiveUser},
	{function: "getM365AppUserDetail", header: appsHeader, write: writeAppUser},
	{function: "getTeamsUserActivityUserDetail", header: teamsHeader, write: writeTeamsUser},
	{function: "getEmailActivityUserDetail", header: emailHeader, write: writeEmailUser},
	{function: "getYammerActivityUserDetail", header: yammerHeader, write: writeYammerUser},
	{function: "getOneDriveActivityUserDetail", header: oneDriveHeader, write: writeOneDriveUser},
	{function: "getSharePointActivityUserDetail", header: sharePointHeader, write: writeSharePointUser},
	{function: "getEmailAppUsageUserDetail", header: emailAppsHeader, write: writeEmailAppUser},
	{function: "getTeamsDeviceUsageUserDetail", header: teamsDeviceHeader, write: writeTeamsDevice},
	{function: "getYammerDeviceUsageUserDetail", header: yammerDeviceHeader, write: writeYammerDevice},
	{function: "getSkypeForBusinessActivityUserDetail", header: skypeHeader, write: writeNobody},
	{function: "getOneDriveUsageAccountDetail", header: driveHeader, write: writeDrive},
	{function: "getSharePointSiteUsageDetail", header: siteHeader, write: writeSite, rows: eachSite},
	{function: "getOffice365GroupsActivityDetail", header: groupHeader, write: writeGroup, rows: eachSite},
	{function: "getMailboxUsageDetail", header: mailboxHeader, write: writeMailbox, asks: periodOnly, shared: true},
	{
		function: "getOffice365ActivationsUserDetail",
		header:   activationsHeader,
		write:    writeActivation,
		asks:     nothing,
		parts:    len(company.DesktopProducts),
	},
	{
		function: "getMicrosoft365CopilotUsageUserDetail",
		header:   copilotHeader,
		write:    writeCopilotUser,
		asks:     copilotPeriod,
		v2: &report{
			function: "getMicrosoft365CopilotUsageUserDetail",
			header:   copilotHeader + copilotMore,
			write:    writeCopilotUserV2,
		},
	},
	{function: "getOffice365ActiveUserCounts", header: activeCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend(
			"0",
			anyService,
			metric(products.Exchange),
			metric(products.OneDrive),
			metric(products.SharePoint),
			metric(products.Skype),
			metric(products.Yammer),
			metric(products.Teams),
		)},
	{
		function: "getOffice365ServicesUserCounts",
		header:   servicesHeader,
		asks:     periodOnly,
		rows:     once,
		write:    writeServices,
	},
	{function: "getM365AppUserCounts", header: appCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend(
			"0",
			metric(products.OutlookApp),
			metric(products.Word),
			metric(products.Excel),
			metric(products.PowerPoint),
			metric(products.OneNote),
			metric(products.TeamsApp),
		)},
	{function: "getM365AppPlatformUserCounts", header: platformCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("0", inARow(platformUsers, company.PlatformCount)...)},
	{
		function: "getEmailActivityUserCounts",
		header:   emailCountsHeader,
		asks:     periodOnly,
		rows:     eachDay,
		write:    trend("", inARow(mailUsers, 5)...),
	},
	{
		function: "getTeamsUserActivityUserCounts",
		header:   teamsCountsHeader,
		asks:     periodOnly,
		rows:     eachDay,
		write:    trend("0", inARow(teamsUsers, 5)...),
	},
	{function: "getYammerActivityUserCounts", header: yammerCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend(
			"0",
			yammerUsers+company.YammerLiked,
			yammerUsers+company.YammerPosted,
			yammerUsers+company.YammerRead,
		)},
	{
		function: "getOneDriveActivityUserCounts",
		header:   driveCountsHeader,
		asks:     periodOnly,
		rows:     eachDay,
		write:    trend("", inARow(driveUsers, 4)...),
	},
	{function: "getSharePointActivityUserCounts", header: fileCountsHeader, asks: periodOnly, rows: eachDay,
		write: trend("", append([]metric{fileUsers + company.PageVisited}, inARow(fileUsers, 4)...)...)},
	{
		function: "getSkypeForBusinessActivityUserCounts",
		header:   skypeCountsHeader,
		asks:     periodOnly,
		write:    writeNobody,
	},
	{
		function: "getOffice365ActivationsUserCounts",
		header:   activatedCountsHeader,
		asks:     nothing,
		write:    writeActivatedCounts,
		rows:     func(*view) int { return len(company.DesktopProducts) },
	},
	{
		function: "getMicrosoft365CopilotUserCountSummary",
		header:   copilotCountsHeader,
		asks:     copilotPeriod,
		rows:     once,
		write:    writeCopilotCounts,
		v2: &report{
			function: "getMicrosoft365CopilotUserCountSummary",
			header:   copilotCountsHeader + copilotCountsMore,
			rows:     once,
			write:    writeCopilotCountsV2,
		},
	},
	{
		function: "getMicrosoft365CopilotUserCountTrend",
		header:   copilotTrendHeader,
		asks:     copilotPeriod,
		rows:     eachDay,
		write:    writeCopilotTrend,
	},
}

func reportByName(function string) *report {
	for i := range reports {
		if reports[i].function == function {
			return &reports[i]
		}
	}
	return nil
}

// Functions lists the reports that are served, by their names in Graph.
func Functions() []string {
	var names []string
	for _, r := range reports {
		names = append(names, r.function)
	}
	return names
}

// maxPeriod is the longest period, in days.
const maxPeriod = 180

var (
	periods          = []int{7, 30, 90, 180}
	copilotV2Periods = []int{7, 28, 90, 180} // D30 is D28 there
)

// covers is the lengths of the periods that were asked for: one, or all of them where the report allows it.
func (r *report) covers(period, version string) (days []int, ok bool) {
	all := periods
	if version == "v2" {
		all = copilotV2Periods
	}
	if period == "ALL" && r.asks == copilotPeriod {
		return all, true
	}
	for i, n := range all {
		if period == "D"+strconv.Itoa(n) {
			return all[i : i+1], true
		}
	}
	return nil, false
}

// periodNames lists the periods a report can be asked for, as the error names them.
func (r *report) periodNames(version string) string {
	switch {
	case version == "v2":
		return "'D7', 'D28', 'D90', 'D180' and 'ALL'"
	case r.asks == copilotPeriod:
		return "'D7', 'D30', 'D90', 'D180' and 'ALL'"
	}
	return "'D7', 'D30', 'D90' and 'D180'"
}
