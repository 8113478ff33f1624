package sandbox

import (
	"slices"
	"sync"
)

// A metric is something people are counted by, day by day. The first are the
// apps themselves: how many used each.
type metric uint8

const (
	anyService    = metric(appCount) // any of the services
	mailUsers     = anyService + 1   // in the order of counts
	yammerUsers   = mailUsers + 5
	driveUsers    = yammerUsers + 3
	fileUsers     = driveUsers + 4 // SharePoint
	teamsUsers    = fileUsers + 5  // chat, private chat, calls, meetings, other
	platformUsers = teamsUsers + 5 // of the Microsoft 365 apps
	metricCount   = platformUsers + platformCount
)

// totals is what the tenant adds up to, seen from the last day of a report.
type totals struct {
	daily     [metricCount][maxPeriod]int           // people, by days before the last
	active    [4][len(workloads) + 1]int            // people, by period; the last is any service
	inactive  [4][len(workloads) + 1]int            // with a licence, and not active
	activated [len(desktopProducts)]activationTotal // people
	enabled   int                                   // people who hold Copilot
	copilot   map[int]*copilotTotal                 // by days in the period
	asked     [copilotApps + 1][maxPeriod]int       // people who asked Copilot, by days before the last; the last is any app
}

type activationTotal struct{ assigned, activated, shared int }

type copilotTotal struct {
	active  [copilotApps]int
	any     int
	prompts int
}

// totalsCache keeps the totals: they take a look at everybody, and many reports
// are made of them.
type totalsCache struct {
	mu sync.Mutex
	of map[[2]day]*totals // by today and the last day
}

// maxTotals bounds the cache. Two are in use when a report stands still.
const maxTotals = 4

func (t *Tenant) totals(last day) *totals {
	t.sums.mu.Lock()
	defer t.sums.mu.Unlock()
	key := [2]day{t.day(), last}
	if t.sums.of[key] == nil {
		if t.sums.of == nil || len(t.sums.of) >= maxTotals {
			t.sums.of = map[[2]day]*totals{}
		}
		t.sums.of[key] = t.total(last)
	}
	return t.sums.of[key]
}

// total counts the people the reports by person list.
func (t *Tenant) total(last day) *totals {
	s := &totals{copilot: map[int]*copilotTotal{}}
	for _, days := range slices.Concat(periods, copilotV2Periods) {
		s.copilot[days] = &copilotTotal{}
	}
	v := &reportView{t: t, report: &report{}, refresh: last}
	today := t.day()
	for n := range t.users {
		if v.see(n, today) {
			s.addDays(&v.activity, last)
			s.addPeriods(v)
			for i := range desktopProducts {
				if a, assigned := v.activity.activation(i, &v.licenses, v.refresh); assigned {
					s.activated[i].add(&a)
				}
			}
		}
	}
	return s
}

func (s *totals) addDays(a *activity, last day) {
	from := last - maxPeriod + 1
	one := func(m metric, on day) { s.daily[m][last-on]++ }
	add := func(m metric, days *mask) { a.each(days, func(on day) { one(m, on) }) }
	var services mask
	var days [appCount]mask
	for x := range appCount {
		days[x] = a.within(a.mask(x), from)
		add(metric(x), &days[x])
		if serviceApps>>x&1 != 0 {
			services.add(&days[x])
		}
	}
	add(anyService, &services)
	for _, service := range [...]struct {
		app   app
		first metric
	}{{exchange, mailUsers}, {yammer, yammerUsers}, {onedrive, driveUsers}, {sharepoint, fileUsers}} {
		seed := a.p.countsSeed(service.app)
		a.each(&days[service.app], func(on day) {
			var c counts
			c.addCounts(service.app, seed, on)
			for i, n := range c {
				if n > 0 {
					one(service.first+metric(i), on)
				}
			}
		})
	}
	seed := roll(a.p.h, tagTeamsDay)
	a.each(&days[teams], func(on day) {
		var d teamsDay
		a.p.addTeamsDay(&d, seed, on)
		for i, did := range [...]bool{d.chat() > 0, d.private > 0, d.calls > 0, d.meetings() > 0, d.other} {
			if did {
				one(teamsUsers+metric(i), on)
			}
		}
	})
	var platforms [platformCount]mask
	for _, x := range clients {
		where := a.platformDays(x, from)
		for i := range where {
			platforms[i].add(&where[i])
		}
	}
	for i := range platforms {
		add(platformUsers+metric(i), &platforms[i])
	}
}

func (s *totals) addPeriods(v *reportView) {
	a := &v.activity
	for i, days := range periods {
		from, active := v.refresh-days+1, false
		for w, x := range workloads {
			if a.lastDay(a.mask(x)) >= from {
				active = true
				s.active[i][w]++
			} else if v.licenses.apps.has(x) {
				s.inactive[i][w]++
			}
		}
		if active {
			s.active[i][len(workloads)]++
		} else if v.licenses.apps&serviceApps != 0 {
			s.inactive[i][len(workloads)]++
		}
	}
	if !v.licenses.holds(copilot) {
		return
	}
	s.enabled++
	on := a.copilotDays()
	for i := range s.asked {
		days := a.mask(copilotApp)
		if i < copilotApps {
			days = &on[i]
		}
		known := a.within(days, v.refresh-maxPeriod+1)
		a.each(&known, func(on day) { s.asked[i][v.refresh-on]++ })
	}
	for days, c := range s.copilot {
		from := v.refresh - days + 1
		if a.lastDay(a.mask(copilotApp)) >= from {
			c.any++
		}
		for i := range on {
			if a.lastDay(&on[i]) >= from {
				c.active[i]++
			}
		}
		for _, i := range promptApps {
			c.prompts += a.promptsFrom(i, &on[i], from)
		}
	}
}

func (n *activationTotal) add(a *activation) {
	n.assigned++
	if a.last != noDay {
		n.activated++
	}
	if a.shared {
		n.shared++
	}
}
