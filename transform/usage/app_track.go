package usage

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/schemas/reports"
	"m365lake/transform/userindex"
)

// noActions marks a row of a report that counts none.
const noActions = int64(-1)

// An appTrack follows one app through one report: it makes the rows of app_activity and counts for
// activity_metrics.
type appTrack struct {
	users     *userindex.Index
	app       string
	grantedBy reports.AppSet // a user with any of these is licensed for the app
	date      arrow.Date32
	since     arrow.Date32 // first day of the period

	flag, last int   // columns of the report; -1 is none
	counters   []int // columns whose sum is the number of actions

	// What was read, by user_key. It waits for the report's end because Microsoft may name somebody
	// twice, by a former name or in another spelling.
	active    []bool
	lastDay   []arrow.Date32                  // nil: the report gives none
	actionsOf []int64                         // nil: the report counts none
	reported  []bool                          // the report has a row; set when the report has ended
	nameless  struct{ active, actions int64 } // the rows about nobody of the directory
	actions   []int64                         // by department
	counted   bool                            // the report counts actions at all

	platforms *platformTrack // nil when the report does not tell them

	rows *appRows
}

// tracks are the apps that a report decides.
func (a *Activity) tracks(about *reports.Report, period schemas.Period, date arrow.Date32) []*appTrack {
	var tracks []*appTrack
	for i, app := range reports.Apps() {
		if app.Report == about {
			tracks = append(tracks, a.trackOf(app, 1<<i, period, date))
		}
	}
	return tracks
}

// trackOf follows an app that users may use who are licensed for one of grantedBy.
func (a *Activity) trackOf(
	app reports.App,
	grantedBy reports.AppSet,
	period schemas.Period,
	date arrow.Date32,
) *appTrack {
	table := &app.Report.Table
	t := newAppTrack(a, app.Name, grantedBy, app.Report.Name, period, date)
	if app.Flag != "" {
		t.flag = table.Column(app.Flag)
	}
	if app.LastActivity != "" {
		t.last = table.Column(app.LastActivity)
		t.lastDay = filled(len(a.Users.People), never)
	}
	for _, c := range app.Actions {
		t.counters = append(t.counters, table.Column(c))
	}
	if t.counted = len(t.counters) > 0; t.counted {
		t.actionsOf = make([]int64, len(a.Users.People))
	}
	t.platforms = newPlatformTrack(app, len(a.Users.People), len(a.Users.Departments))
	return t
}

func newAppTrack(
	a *Activity,
	app string,
	grantedBy reports.AppSet,
	report string,
	period schemas.Period,
	date arrow.Date32,
) *appTrack {
	t := &appTrack{
		users: a.Users, app: app, grantedBy: grantedBy, date: date, since: date - arrow.Date32(period) + 1,
		flag: -1, last: -1,
		active: make([]bool, len(a.Users.People)), actions: make([]int64, len(a.Users.Departments)),
		rows: newAppRows(a.Tenant.NewWriter(&schemas.AppActivity, date.FormattedString(), period.Days(), report)),
	}
	t.rows.reportDate.Fill(date)
	t.rows.reportPeriod.Fill(int64(period))
	t.rows.report.Fill(report)
	t.rows.app.Fill(app)
	return t
}

// lastActivityColumn says whether a report's column holds a day of activity.
func lastActivityColumn(c schemas.Column) bool {
	return strings.HasSuffix(c.Name, "last_activity_date")
}

// addRows reads a batch of the report, and notes in anyApp which of its rows are active in the app.
func (t *appTrack) addRows(rows arrow.RecordBatch, keys *array.Int32, anyApp []bool) {
	var flags *array.Boolean
	if t.flag >= 0 {
		flags = rows.Column(t.flag).(*array.Boolean)
	}
	var dates *array.Date32
	if t.last >= 0 {
		dates = rows.Column(t.last).(*array.Date32)
	}
	counters := make([]*array.Int64, len(t.counters))
	for i, c := range t.counters {
		counters[i] = rows.Column(c).(*array.Int64)
	}
	if t.platforms != nil {
		t.platforms.begin(rows)
	}
	for i := range keys.Len() {
		last, active := never, false
		if dates != nil && dates.IsValid(i) {
			last = dates.Value(i)
			active = last >= t.since // also a date past the report's end, which Microsoft sends at times: that user is not idle
		}
		if flags != nil && flags.IsValid(i) {
			active = active || flags.Value(i)
		}
		var actions int64
		for _, c := range counters {
			if c.IsValid(i) {
				actions += c.Value(i)
			}
		}
		anyApp[i] = anyApp[i] || active
		t.noteUser(keys, i, active, last, actions)
		if t.platforms != nil && keys.IsValid(i) {
			t.platforms.notePlatforms(i, keys.Value(i))
		}
	}
}

// noteUser adds row i to what is known of its user.
func (t *appTrack) noteUser(keys *array.Int32, i int, active bool, last arrow.Date32, actions int64) {
	if keys.IsNull(i) {
		t.nameless.actions += actions
		if active {
			t.nameless.active++
		}
		return
	}
	key := keys.Value(i)
	t.active[key] = t.active[key] || active
	if t.lastDay != nil {
		t.lastDay[key] = max(t.lastDay[key], last)
	}
	if t.counted {
		t.actionsOf[key] += actions
	}
}

// yieldActivity makes the rows of app_activity when the report has ended.
func (t *appTrack) yieldActivity(yield func(schemas.Batch, error) bool) bool {
	for key, reported := range t.reported {
		if !reported {
			continue
		}
		last, actions := never, noActions
		if t.lastDay != nil {
			last = t.lastDay[key]
		}
		if t.counted {
			actions = t.actionsOf[key]
		}
		t.row(int32(key), t.active[key], last, actions)
		if !t.rows.FlushFull(yield) {
			return false
		}
	}
	return t.rows.Flush(yield)
}

// row adds what is known of one user. A user who has no licence for the app and never used it has no row.
func (t *appTrack) row(key int32, active bool, last arrow.Date32, actions int64) {
	p := &t.users.People[key]
	licensed := p.Licensed&t.grantedBy != 0
	if !licensed && !active && last == never {
		return
	}
	t.active[key] = active
	if t.platforms != nil && licensed && active {
		t.platforms.count(key, p.Department)
	}
	t.rows.userKey.Append(key)
	t.rows.licensed.Append(licensed)
	t.rows.active.Append(active)
	if last != never {
		t.rows.lastActivityDate.Append(last)
	}
	if actions != noActions {
		t.rows.actions.Append(actions)
		t.actions[p.Department] += actions
	}
	t.rows.EndRow()
}

// appRows are the rows of app_activity.
type appRows struct {
	*column.Writer
	reportDate, lastActivityDate *column.Date
	reportPeriod, actions        *column.Integer
	report, app                  *column.Text
	userKey                      *column.Key
	licensed, active             *column.Boolean
}

func newAppRows(w *column.Writer) *appRows {
	return &appRows{
		Writer:           w,
		reportDate:       w.Date("report_date"),
		reportPeriod:     w.Integer("report_period"),
		report:           w.Text("report"),
		app:              w.Text("app"),
		userKey:          w.Key("user_key"),
		licensed:         w.Boolean("licensed"),
		active:           w.Boolean("active"),
		lastActivityDate: w.Date("last_activity_date"),
		actions:          w.Integer("actions"),
	}
}
