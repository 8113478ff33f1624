package usage

import (
	"math/bits"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform/report"
	"m365lake/transform/userindex"
)

// pseudonyms are those whom one report names while the tenant conceals names: each is a
// person, but the directory has none of them.
type pseudonyms struct {
	names  []userindex.NameHash
	active []bool // in any app that the report decides
}

// addPseudonyms reads a batch. Active says, row by row, who used some app.
func (p *pseudonyms) addPseudonyms(names *array.String, keys *array.Int32, active []bool) {
	for i := range names.Len() {
		if name := names.Value(i); keys.IsNull(i) && report.IsConcealed([]byte(name)) {
			p.names = append(p.names, userindex.HashName([]byte(name)))
			p.active = append(p.active, active[i])
		}
	}
}

// pseudonymSum is what "any app" needs of the concealed reports of one period. It has nothing to do
// with periodSum: a pseudonym is never the same as a name.
type pseudonymSum struct {
	reports int
	date    arrow.Date32 // the oldest
	people  map[userindex.NameHash]pseudonym
}

type pseudonym struct {
	reports uint32 // a bit for each report that has a row
	active  bool
}

// sumPseudonyms adds a concealed report to "any app" of its period.
func (a *Activity) sumPseudonyms(period schemas.Period, date arrow.Date32, p *pseudonyms) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.concealed == nil {
		a.concealed = map[schemas.Period]*pseudonymSum{}
	}
	s := a.concealed[period]
	if s == nil {
		s = &pseudonymSum{date: date, people: make(map[userindex.NameHash]pseudonym, len(p.names))}
		a.concealed[period] = s
	}
	bit := uint32(1) << s.reports
	s.reports++
	s.date = min(s.date, date)
	for i, name := range p.names {
		known := s.people[name]
		s.people[name] = pseudonym{known.reports | bit, known.active || p.active[i]}
	}
}

// joinable says whether the reports show by themselves that Microsoft gives a person one pseudonym
// in all of them, which is documented nowhere: of each report, most pseudonyms are in another, too.
// Otherwise one person would be counted several times.
func (s *pseudonymSum) joinable() bool {
	for report := 0; s.reports > 1 && report < s.reports; report++ {
		var named, shared int
		for _, p := range s.people {
			if p.reports&(1<<report) != 0 {
				named++
				if bits.OnesCount32(p.reports) > 1 {
					shared++
				}
			}
		}
		if shared*2 < named {
			return false
		}
	}
	return true
}

// anyApp are the users of "any app" in the concealed reports, if all that are wanted were concealed.
func (s *pseudonymSum) anyApp(wanted, without int) (c concealedCount, ok bool) {
	if s == nil || s.reports+without < wanted || !s.joinable() {
		return concealedCount{}, false
	}
	c = concealedCount{app: reports.Cumulative, grantedBy: ^reports.AppSet(0)}
	for _, p := range s.people {
		if p.active {
			c.active++
		}
	}
	return c, true
}

// A concealedCount is a row of concealed_metrics in the making.
type concealedCount struct {
	app       string
	grantedBy reports.AppSet // a user with any of these is licensed for the app
	active    int64
	actions   *int64 // nil: the report counts none
}

// concealedCounts are what the tracks of a concealed report counted.
func concealedCounts(tracks []*appTrack) []concealedCount {
	counts := make([]concealedCount, len(tracks))
	for i, t := range tracks {
		counts[i] = concealedCount{app: t.app, grantedBy: t.grantedBy, active: t.nameless.active}
		if t.counted {
			counts[i].actions = &t.nameless.actions
		}
	}
	return counts
}

// yieldConcealed adds the rows of concealed_metrics of one report.
func (a *Activity) yieldConcealed(
	yield func(schemas.Batch, error) bool,
	counts []concealedCount,
	report string,
	period schemas.Period,
	date arrow.Date32,
) bool {
	rows := a.Tenant.NewWriter(&schemas.ConcealedMetrics, date.FormattedString(), period.Days(), report)
	rows.Date("report_date").Fill(date)
	rows.Integer("report_period").Fill(int64(period))
	rows.Text("report").Fill(report)
	app, actions, percent := rows.Text("app"), rows.Integer("actions"), rows.Number("activity_percent")
	licensed, active, inactive := rows.Integer(
		"licensed_users",
	), rows.Integer(
		"active_users",
	), rows.Integer(
		"inactive_users",
	)
	for _, c := range counts {
		var granted int64
		for i := range a.Users.People {
			if a.Users.People[i].Licensed&c.grantedBy != 0 {
				granted++
			}
		}
		app.Append(c.app)
		licensed.Append(granted)
		active.Append(c.active)
		inactive.Append(max(granted-c.active, 0))
		if granted > 0 {
			percent.Append(100 * float64(min(c.active, granted)) / float64(granted))
		}
		actions.AppendPointer(c.actions)
		rows.EndRow()
	}
	return rows.Flush(yield)
}
