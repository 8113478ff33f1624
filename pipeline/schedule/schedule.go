// Package schedule decides what a run asks for, above all which single days of Microsoft's reports. Its functions are
// pure: they go from what is in the lake and what Graph allows to the days.
package schedule

import (
	"strings"
	"time"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform/report"
)

const (
	// firstDay and lastDay are how far back Graph gives single days: the last 28, and yesterday's
	// is not there yet. Source: the service's own error, "Only support data for the past 28 days".
	firstDay = 28
	lastDay  = 2
	// settledAfter is after how many days an empty day is believed.
	settledAfter = 7
	// spareCalls of Graph's budget are left for retries.
	spareCalls = 2
	// missingDays is for how long a day that was never got is written down as missing.
	missingDays = 60
)

// repullDays is how many of the newest days are asked for again in each run, because Microsoft
// corrects them. Source: the admin center's articles; the Apps report is refreshed for six days.
func repullDays(r *reports.Report) int {
	if r == reports.M365AppUserDetail {
		return 7
	}
	return 3
}

// Stored is which days of which reports the lake has, by the report's name.
type Stored map[string]map[time.Time]bool

// Add writes down that the lake has a day of a report.
func (s Stored) Add(report string, day time.Time) {
	if s[report] == nil {
		s[report] = map[time.Time]bool{}
	}
	s[report][day] = true
}

// A Request is what a schedule is made from. All days are midnights in UTC.
type Request struct {
	RunDay      time.Time
	FirstRun    time.Time // the day of the tenant's first run; RunDay if there was none
	Reports     []*reports.Report
	Periods     []schemas.Period // of each report
	ReportCalls int              // how often Graph answers for one report before it makes callers wait
	EveryDay    bool             // ask for all days that Graph gives, whatever Graph's budget is
	Stored      Stored
}

// A Schedule says which single days a run asks for.
type Schedule struct {
	Days    []extract.Source
	Missing []report.Outcome // days that Microsoft no longer gives and that were never got
	Calls   int              // how often the report that is asked most is asked, periods included

	runDay time.Time
	stored Stored
}

// Make schedules the single days of every report that decides an app: the newest again, then those
// that are not in the lake, newest first, as many as Graph's budget leaves after the periods. So no
// run waits for the budget, and a few daily runs fill the 28 days.
func Make(q Request) Schedule {
	s := Schedule{runDay: q.RunDay, stored: q.Stored}
	budget := max(q.ReportCalls-len(q.Periods)-spareCalls, 0)
	if q.EveryDay {
		budget = firstDay
	}
	for _, r := range q.Reports {
		if !r.Days || !r.DecidesApps() {
			continue
		}
		days := q.wantedDays(r)
		days = days[:min(len(days), budget)]
		for _, day := range days {
			s.Days = append(s.Days, extract.DaySource(r, day))
		}
		s.Calls = max(s.Calls, len(q.Periods)+len(days))
		s.Missing = append(s.Missing, q.lostDays(r)...)
	}
	return s
}

// wantedDays are the days of a report that Graph still gives and that are worth asking for, newest first.
func (q Request) wantedDays(report *reports.Report) []time.Time {
	var days []time.Time
	for back := lastDay; back <= firstDay; back++ {
		day := q.RunDay.AddDate(0, 0, -back)
		if back < lastDay+repullDays(report) || !q.Stored[report.Name][day] {
			days = append(days, day)
		}
	}
	return days
}

// lostDays are the days since the first run that Graph no longer gives and that are not in the lake.
func (q Request) lostDays(r *reports.Report) []report.Outcome {
	var lost []report.Outcome
	for back := firstDay + 1; back <= missingDays; back++ {
		day := q.RunDay.AddDate(0, 0, -back)
		if !day.Before(q.FirstRun.AddDate(0, 0, -firstDay)) && !q.Stored[r.Name][day] {
			lost = append(lost, report.Outcome{
				Report: r.Name, Period: 1, Day: day, Status: report.StatusMissing,
				Detail: "Microsoft gives single days for 28 days only, and this one was not got in time",
			})
		}
	}
	return lost
}

// Settled says whether a day that comes without rows may be taken for one on which nobody was
// active: it is older than Microsoft is late, and nothing else was ever got of it.
func (s Schedule) Settled(day extract.Source) bool {
	return s.runDay.Sub(day.Day) >= settledAfter*24*time.Hour && !s.stored[day.Report.Name][day.Day]
}

// Resumed are the single days among the sources that an interrupted run had planned, by their names:
// the run goes on with the same days, so that it ends as if it had not been interrupted.
func Resumed(reports []*reports.Report, planned []string) []extract.Source {
	var days []extract.Source
	for _, name := range planned {
		for _, report := range reports {
			text, ok := strings.CutPrefix(name, report.Name+"_")
			if day, err := time.Parse(time.DateOnly, text); ok && err == nil {
				days = append(days, extract.DaySource(report, day))
			}
		}
	}
	return days
}
