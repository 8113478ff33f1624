package usage

import (
	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/schemas/column"
)

// headcount is one row of activity_metrics in the making.
type headcount struct {
	licensed, active, unreported, unlicensedActive, actions int64
	platformUse
}

// headcounts counts the people of an app by department number.
func (t *appTrack) headcounts() []headcount {
	counts := make([]headcount, len(t.users.Departments))
	for key := 1; key < len(t.users.People); key++ {
		p := &t.users.People[key]
		c := &counts[p.Department]
		licensed := p.Licensed&t.grantedBy != 0
		switch {
		case licensed && t.active[key]:
			c.licensed++
			c.active++
		case licensed:
			c.licensed++
			if !t.reported[key] {
				c.unreported++
			}
		case t.active[key]:
			c.unlicensedActive++
		}
	}
	for d, actions := range t.actions {
		counts[d].actions = actions
	}
	if t.platforms != nil {
		for d, use := range t.platforms.counts {
			counts[d].platformUse = use
		}
	}
	return counts
}

// yieldMetrics adds the rows of activity_metrics for the apps of one report: all departments
// together first, then each department that has anything to do with the app.
func (a *Activity) yieldMetrics(
	yield func(schemas.Batch, error) bool,
	tracks []*appTrack,
	report string,
	period schemas.Period,
	date arrow.Date32,
) bool {
	rows := newMetricRows(a.Tenant.NewWriter(&schemas.ActivityMetrics, date.FormattedString(), period.Days(), report))
	rows.reportDate.Fill(date)
	rows.reportPeriod.Fill(int64(period))
	rows.report.Fill(report)
	for _, t := range tracks {
		add := func(all bool, department string, c headcount) {
			rows.app.Append(t.app)
			rows.allDepartments.Append(all)
			rows.department.AppendFilled(department)
			rows.licensedUsers.Append(c.licensed)
			rows.activeUsers.Append(c.active)
			rows.inactiveUsers.Append(c.licensed - c.active)
			rows.unreportedUsers.Append(c.unreported)
			rows.unlicensedActiveUsers.Append(c.unlicensedActive)
			if c.licensed > 0 {
				rows.activityPercent.Append(100 * float64(c.active) / float64(c.licensed))
			}
			if t.counted {
				rows.actions.Append(c.actions)
			}
			t.platforms.appendTo(rows, c.platformUse)
			rows.EndRow()
		}
		counts := t.headcounts()
		var total headcount
		for _, c := range counts {
			total.licensed += c.licensed
			total.active += c.active
			total.unreported += c.unreported
			total.unlicensedActive += c.unlicensedActive
			total.actions += c.actions
			total.addUse(c.platformUse)
		}
		add(true, "", total)
		for d, c := range counts {
			if c == (headcount{}) {
				continue
			}
			add(false, a.Users.Departments[d], c) // department 0 has no name
		}
	}
	return rows.Flush(yield)
}

// metricRows are the rows of activity_metrics.
type metricRows struct {
	*column.Writer
	reportDate                                                                                  *column.Date
	reportPeriod, licensedUsers, activeUsers, inactiveUsers, unreportedUsers                    *column.Integer
	unlicensedActiveUsers, actions, windowsUsers, macUsers, mobileUsers, webUsers, desktopUsers *column.Integer
	report, app, department                                                                     *column.Text
	allDepartments                                                                              *column.Boolean
	activityPercent                                                                             *column.Number
}

func newMetricRows(w *column.Writer) metricRows {
	return metricRows{
		Writer:                w,
		reportDate:            w.Date("report_date"),
		reportPeriod:          w.Integer("report_period"),
		report:                w.Text("report"),
		app:                   w.Text("app"),
		allDepartments:        w.Boolean("all_departments"),
		department:            w.Text("department"),
		licensedUsers:         w.Integer("licensed_users"),
		activeUsers:           w.Integer("active_users"),
		inactiveUsers:         w.Integer("inactive_users"),
		unreportedUsers:       w.Integer("unreported_users"),
		unlicensedActiveUsers: w.Integer("unlicensed_active_users"),
		activityPercent:       w.Number("activity_percent"),
		actions:               w.Integer("actions"),
		windowsUsers:          w.Integer("windows_users"),
		macUsers:              w.Integer("mac_users"),
		mobileUsers:           w.Integer("mobile_users"),
		webUsers:              w.Integer("web_users"),
		desktopUsers:          w.Integer("desktop_users"),
	}
}
