package reports

import (
	"slices"
	"strings"

	"m365lake/sandbox/company"
)

// The reports about the whole tenant: a row for each day of the period, newest first, or one row for all of it.

const (
	activeCountsHeader = "Report Refresh Date,Office 365,Exchange,OneDrive,SharePoint,Skype For Business,Yammer," +
		"Teams,Report Date,Report Period"
	appCountsHeader      = "Report Refresh Date,Report Period,Report Date,Outlook,Word,Excel,PowerPoint,OneNote,Teams"
	platformCountsHeader = "Report Refresh Date,Report Period,Report Date,Windows,Mac,Mobile,Web"
	emailCountsHeader    = "Report Refresh Date,Send,Receive,Read,Meeting Created,Meeting Interacted,Report Date," +
		"Report Period"
	teamsCountsHeader = "Report Refresh Date,Report Date,Team Chat Messages,Private Chat Messages,Calls,Meetings," +
		"Other Actions,Report Period"
	yammerCountsHeader = "Report Refresh Date,Liked,Posted,Read,Report Date,Report Period"
	driveCountsHeader  = "Report Refresh Date,Viewed Or Edited,Synced,Shared Internally,Shared Externally,Report " +
		"Date,Report Period"
	fileCountsHeader = "Report Refresh Date,Visited Page,Viewed Or Edited,Synced,Shared Internally,Shared " +
		"Externally,Report Date,Report Period"
	skypeCountsHeader = "Report Refresh Date,Report Date,Report Period,Peer-to-peer,Organized,Participated"
	servicesHeader    = "Report Refresh Date,Exchange Active,Exchange Inactive,OneDrive Active,OneDrive Inactive," +
		"SharePoint Active,SharePoint Inactive,Skype For Business Active,Skype For Business Inactive," +
		"Yammer Active,Yammer Inactive,Teams Active,Teams Inactive,Office 365 Active,Office 365 Inactive,Report Period"
	activatedCountsHeader = "Report Refresh Date,Product Type,Assigned,Activated,Shared Computer Activation"
	copilotCountsHeader   = "Report Refresh Date,Report Period," + copilotPairs
	copilotTrendHeader    = "Report Refresh Date,Report Date," + copilotPairs + ",Report Period"
	copilotPairs          = "Microsoft Teams Enabled Users,Microsoft Teams Active Users,Word Enabled Users,Word " +
		"Active Users," +
		"PowerPoint Enabled Users,PowerPoint Active Users,Outlook Enabled Users,Outlook Active Users," +
		"Excel Enabled Users,Excel Active Users,OneNote Enabled Users,OneNote Active Users,Loop Enabled Users,Loop " +
		"Active Users," +
		"Any App Enabled Users,Any App Active Users,Copilot Chat Enabled Users,Copilot Chat Active Users"
	copilotCountsMore = ",Edge Enabled Users,Edge Active Users,Microsoft 365 Copilot Enabled Users,Microsoft 365 " +
		"Copilot Active Users," +
		"Copilot Chat (work) Enabled Users,Copilot Chat (work) Active Users,Copilot Chat (web) Enabled Users," +
		"Copilot Chat (web) Active Users," +
		"Total prompts submitted,Average prompts submitted"
)

func eachDay(v *view) int { return v.days }

func once(*view) int { return 1 }

// trend writes the counts of one day. Some reports leave a cell empty where others write 0.
func trend(zero string, metrics ...metric) func(v *view) bool {
	return func(v *view) bool {
		s := v.totals(v.refresh)
		i := 0
		for name := range strings.SplitSeq(v.report.header, ",") {
			switch name {
			case "Report Refresh Date":
				v.row.Date(v.refresh)
			case "Report Date":
				v.row.Date(v.refresh - v.item)
			case "Report Period":
				v.row.Int(v.days)
			default:
				if n := s.daily[metrics[i]][v.item]; n == 0 {
					v.row.Plain(zero)
				} else {
					v.row.Int(n)
				}
				i++
			}
		}
		return true
	}
}

// inARow is the metrics first..first+n-1.
func inARow(first metric, n int) (list []metric) {
	for i := range n {
		list = append(list, first+metric(i))
	}
	return list
}

func writeServices(v *view) bool {
	s := v.totals(v.refresh)
	i := slices.Index(periods, v.days)
	v.row.Date(v.refresh)
	for w := range s.active[i] {
		v.row.Int(s.active[i][w])
		v.row.Int(s.inactive[i][w])
	}
	v.row.Int(v.days)
	return true
}

func writeActivatedCounts(v *view) bool {
	n := v.totals(v.refresh).activated[v.item]
	v.row.Date(v.refresh)
	v.row.Plain(company.DesktopProducts[v.item].Name)
	v.row.Int(n.assigned)
	v.row.Int(n.activated)
	v.row.Int(n.shared)
	return true
}

func writeCopilotCounts(v *view) bool {
	s := v.totals(v.refresh)
	c := s.copilot[v.days]
	v.row.Date(v.refresh)
	v.row.Int(v.days)
	v.writeCopilotPairs(s, func(i int) int {
		if i == company.CopilotApps {
			return c.any
		}
		return c.active[i]
	})
	return true
}

// writeCopilotPairs writes who holds and who used Copilot in each app, in the order of the count reports, which is not
// that of the report by person.
func (v *view) writeCopilotPairs(s *totals, active func(app int) int) {
	for _, i := range [...]int{company.CopilotTeams, company.CopilotWord, company.CopilotPowerPoint,
		company.CopilotOutlook, company.CopilotExcel, company.CopilotOneNote, company.CopilotLoop, company.CopilotApps,
		company.CopilotChat} {
		v.row.Int(s.enabled)
		v.row.Int(active(i))
	}
}

// writeCopilotTrend writes a day. It counts as enabled the users who are enabled now.
func writeCopilotTrend(v *view) bool {
	s := v.totals(v.refresh)
	v.row.Date(v.refresh)
	v.row.Date(v.refresh - v.item)
	v.writeCopilotPairs(s, func(i int) int { return s.asked[i][v.item] })
	v.row.Int(v.days)
	return true
}

func writeCopilotCountsV2(v *view) bool {
	writeCopilotCounts(v)
	s := v.totals(v.refresh)
	c := s.copilot[v.days]
	for _, i := range [...]int{company.CopilotEdge, company.CopilotM365, company.CopilotWork, company.CopilotWeb} {
		v.row.Int(s.enabled)
		v.row.Int(c.active[i])
	}
	v.row.Int(c.prompts)
	v.row.Int(c.prompts / max(c.any, 1)) // of those who used it
	return true
}
