package main

import (
	"context"
	"strings"
	"time"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform"
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

// A dayPlan says which single days a run asks for.
type dayPlan struct {
	sources []extract.Source
	missing []transform.ReportOutcome // days that Microsoft no longer gives and that were never got
	calls   int                       // the most that one report is asked, periods included
	got     map[string]map[time.Time]bool
}

// settled says whether a day that comes without rows may be taken for one on which nobody was
// active: it is older than Microsoft is late, and nothing else was ever got of it.
func (p dayPlan) settled(runDay time.Time, s extract.Source) bool {
	return runDay.Sub(s.Day) >= settledAfter*24*time.Hour && !p.got[s.Report.Name][s.Day]
}

// planDays plans the single days of every report that decides an app: the newest again, then those
// that are not in the lake, newest first, as many as Graph's budget leaves after the periods. So no
// run waits for the budget, and a few daily runs fill the 28 days. A backfill plans all of them.
func (r *tenantRun) planDays(ctx context.Context) (dayPlan, error) {
	var plan dayPlan
	got, err := r.daysInLake(ctx)
	if err != nil {
		return plan, err
	}
	plan.got = got
	since, err := r.firstRun(ctx)
	if err != nil {
		return plan, err
	}
	for _, report := range r.config.Reports {
		if !report.Days || !report.DecidesApps() {
			continue
		}
		budget := max(r.config.Limits.ReportCalls-len(r.config.Periods)-spareCalls, 0)
		if r.backfill {
			budget = firstDay
		}
		var days []time.Time
		for back := lastDay; back <= firstDay; back++ {
			day := r.day.AddDate(0, 0, -back)
			if back < lastDay+repullDays(report) || !got[report.Name][day] {
				days = append(days, day)
			}
		}
		days = days[:min(len(days), budget)]
		for _, day := range days {
			plan.sources = append(plan.sources, extract.DaySource(report, day))
		}
		plan.calls = max(plan.calls, len(r.config.Periods)+len(days))
		for back := firstDay + 1; back <= missingDays; back++ {
			day := r.day.AddDate(0, 0, -back)
			if !day.Before(since.AddDate(0, 0, -firstDay)) && !got[report.Name][day] {
				plan.missing = append(plan.missing, transform.ReportOutcome{
					Report: report.Name, Period: 1, Day: day, Status: transform.StatusMissing,
					Detail: "Microsoft gives single days for 28 days only, and this one was not got in time",
				})
			}
		}
	}
	return plan, nil
}

// daysInLake are the days that each report has in the lake.
func (r *tenantRun) daysInLake(ctx context.Context) (map[string]map[time.Time]bool, error) {
	files, err := r.lake().Files(ctx, &schemas.AppActivityDaily, r.tenant.TenantID)
	if err != nil {
		return nil, err
	}
	days := map[string]map[time.Time]bool{}
	for _, f := range files {
		day, err := time.Parse(time.DateOnly, f.Partition[0])
		if err != nil {
			return nil, err
		}
		if days[f.Partition[1]] == nil {
			days[f.Partition[1]] = map[time.Time]bool{}
		}
		days[f.Partition[1]][day] = true
	}
	return days, nil
}

// firstRun is the day of the tenant's first run, today if there was none.
func (r *tenantRun) firstRun(ctx context.Context) (time.Time, error) {
	runs, err := r.lake().Files(ctx, &schemas.Runs, r.tenant.TenantID)
	if err != nil || len(runs) == 0 {
		return r.day, err
	}
	return time.Parse(time.DateOnly, runs[0].Partition[0])
}

// plannedDays are the single days that an interrupted run had planned: it goes on with the same
// plan, so that it ends as if it had not been interrupted.
func (r *tenantRun) plannedDays(m extract.Manifest) []extract.Source {
	var sources []extract.Source
	for _, name := range m.Planned {
		for _, report := range r.config.Reports {
			text, ok := strings.CutPrefix(name, report.Name+"_")
			if day, err := time.Parse(time.DateOnly, text); ok && err == nil {
				sources = append(sources, extract.DaySource(report, day))
			}
		}
	}
	return sources
}
