package usage

import (
	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/transform/column"
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
func (a *Activity) yieldMetrics(yield func(schemas.Batch, error) bool, tracks []*appTrack, report string, period schemas.Period, date arrow.Date32) bool {
	rows := column.NewRowBuilder(&schemas.ActivityMetrics, a.Tenant.Mem, date.ToTime().Format("2006-01-02"), period.Days(), report)
	defer rows.Release()
	for _, t := range tracks {
		add := func(all bool, department any, c headcount) {
			var percent, actions any
			if c.licensed > 0 {
				percent = 100 * float64(c.active) / float64(c.licensed)
			}
			if t.counted {
				actions = c.actions
			}
			on := t.platforms.cells(c.platformUse)
			rows.Add(a.Tenant.ID, date, int64(period), report, t.app, all, department,
				c.licensed, c.active, c.licensed-c.active, c.unreported, c.unlicensedActive, percent, actions,
				on[0], on[1], on[2], on[3], on[4])
		}
		counts := t.headcounts()
		var total headcount
		for _, c := range counts {
			total.licensed += c.licensed
			total.active += c.active
			total.unreported += c.unreported
			total.unlicensedActive += c.unlicensedActive
			total.actions += c.actions
			total.Add(c.platformUse)
		}
		add(true, nil, total)
		for d, c := range counts {
			if c == (headcount{}) {
				continue
			}
			var name any
			if d != 0 {
				name = a.Users.Departments[d]
			}
			add(false, name, c)
		}
	}
	return column.YieldRest(yield, rows)
}
