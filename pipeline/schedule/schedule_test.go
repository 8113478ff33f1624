package schedule

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

var runDay = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// ago are the days so many days before the run.
func ago(back ...int) []string {
	var days []string
	for _, b := range back {
		days = append(days, runDay.AddDate(0, 0, -b).Format(time.DateOnly))
	}
	return days
}

func daysOf(sources []extract.Source) []string {
	var days []string
	for _, s := range sources {
		days = append(days, s.Day.Format(time.DateOnly))
	}
	return days
}

func numbers(from, to int) []int {
	var all []int
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// stored are days of Teams in the lake, so many days before the run.
func stored(back ...int) Stored {
	s := Stored{}
	for _, b := range back {
		s.Add(reports.TeamsUserActivityDetail.Name, runDay.AddDate(0, 0, -b))
	}
	return s
}

func teams(q Request) Request {
	q.RunDay, q.Reports, q.Periods = runDay, []*reports.Report{reports.TeamsUserActivityDetail}, schemas.Periods
	if q.FirstRun.IsZero() {
		q.FirstRun = runDay
	}
	return q
}

func TestMake(t *testing.T) {
	perReport := len(schemas.Periods)
	for name, c := range map[string]struct {
		q    Request
		want []string
	}{
		"the newest days, as far as the budget goes": {
			Request{ReportCalls: perReport + spareCalls + 8},
			ago(numbers(2, 9)...),
		},
		"no budget is left": {Request{ReportCalls: 3}, nil},
		"every day":         {Request{ReportCalls: 3, EveryDay: true}, ago(numbers(2, 28)...)},
		"the newest three again, then what is not there": {
			Request{ReportCalls: perReport + spareCalls + 5, Stored: stored(2, 3, 4, 5, 6, 8)}, ago(2, 3, 4, 7, 9)},
		"all days are there": {Request{ReportCalls: 99, Stored: stored(numbers(2, 28)...)}, ago(2, 3, 4)},
	} {
		s := Make(teams(c.q))
		if diff := cmp.Diff(c.want, daysOf(s.Days)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if s.Calls != perReport+len(c.want) {
			t.Errorf("%s: %d calls", name, s.Calls)
		}
	}
}

func TestMicrosoftCorrectsTheAppsReportForAWeek(t *testing.T) {
	all := Stored{}
	for back := 2; back <= 28; back++ {
		all.Add(reports.M365AppUserDetail.Name, runDay.AddDate(0, 0, -back))
	}
	q := teams(Request{ReportCalls: 99, Stored: all})
	q.Reports = []*reports.Report{reports.M365AppUserDetail}
	if diff := cmp.Diff(ago(numbers(2, 8)...), daysOf(Make(q).Days)); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyReportsThatDecideAnAppAreAskedByDay(t *testing.T) {
	q := teams(Request{ReportCalls: 99, EveryDay: true})
	q.Reports = reports.All()
	asked := map[*reports.Report]bool{}
	for _, s := range Make(q).Days {
		asked[s.Report] = true
	}
	for _, r := range q.Reports {
		if want := r.Days && r.DecidesApps(); asked[r] != want {
			t.Errorf("%s: asked %t, want %t", r.Name, asked[r], want)
		}
	}
}

// A day is missing when it can no longer be had, the tenant was already read when it could, and the lake
// does not have it.
func TestMissingDays(t *testing.T) {
	for name, c := range map[string]struct {
		firstRun int // days ago
		stored   []int
		want     []int
	}{
		"the first run": {0, nil, nil},
		"a first run of some days ago could ask for days that are gone now": {3, nil, []int{29, 30, 31}},
		"some of them are there":   {3, []int{30}, []int{29, 31}},
		"not more than sixty days": {400, nil, numbers(29, 60)},
	} {
		s := Make(teams(Request{ReportCalls: 14, FirstRun: runDay.AddDate(0, 0, -c.firstRun), Stored: stored(c.stored...)}))
		var missing []string
		for _, o := range s.Missing {
			missing = append(missing, o.Day.Format(time.DateOnly))
			if o.Status != "missing" || o.Period != 1 || o.Gap() {
				t.Errorf("%s: %+v", name, o)
			}
		}
		if diff := cmp.Diff(ago(c.want...), missing); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSettled(t *testing.T) {
	s := Make(teams(Request{ReportCalls: 14, Stored: stored(9)}))
	for back, want := range map[int]bool{2: false, 6: false, 7: true, 8: true, 9: false} {
		if got := s.Settled(extract.DaySource(reports.TeamsUserActivityDetail, runDay.AddDate(0, 0, -back))); got != want {
			t.Errorf("%d days ago: settled %t, want %t", back, got, want)
		}
	}
}

// An interrupted run goes on with the days that it had planned, whatever else it had planned.
func TestResumed(t *testing.T) {
	q := teams(Request{ReportCalls: 14})
	days := Make(q).Days
	names := []string{"users", reports.TeamsUserActivityDetail.Name + "_D7", "gone_report_2026-11-18"}
	for _, s := range days {
		names = append(names, s.Name)
	}
	sameName := func(a, b extract.Source) bool { return a.Name == b.Name }
	if got := Resumed(q.Reports, names); !slices.EqualFunc(got, days, sameName) {
		t.Errorf("resumed %v, want %v", daysOf(got), daysOf(days))
	}
}
