package reports

import (
	"slices"
	"sync"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// A metric is something people are counted by, day by day. The first are the apps themselves: how many used each.
type metric uint8

const (
	anyService    = metric(products.AppCount) // any of the services
	mailUsers     = anyService + 1            // in the order of counts
	yammerUsers   = mailUsers + 5
	driveUsers    = yammerUsers + 3
	fileUsers     = driveUsers + 4 // SharePoint
	teamsUsers    = fileUsers + 5  // chat, private chat, calls, meetings, other
	platformUsers = teamsUsers + 5 // of the Microsoft 365 apps
	metricCount   = platformUsers + company.PlatformCount
)

// totals is what the tenant adds up to, seen from the last day of a report.
type totals struct {
	daily     [metricCount][maxPeriod]int                   // people, by days before the last
	active    [4][len(workloads) + 1]int                    // people, by period; the last is any service
	inactive  [4][len(workloads) + 1]int                    // with a licence, and not active
	activated [len(company.DesktopProducts)]activationTotal // people
	enabled   int                                           // people who hold Copilot
	copilot   map[int]*copilotTotal                         // by days in the period
	// asked is how many people asked Copilot, by days before the last; the last is any app.
	asked [company.CopilotApps + 1][maxPeriod]int
}

type activationTotal struct{ assigned, activated, shared int }

type copilotTotal struct {
	active  [company.CopilotApps]int
	any     int
	prompts int
}

// totalsCache keeps the totals: they take a look at everybody, and many reports are made of them. It is safe for
// concurrent use.
type totalsCache struct {
	mu sync.Mutex
	of map[[2]calendar.Day]*totals // by today and the last day
}

// maxTotals bounds the cache. Two are in use when a report stands still.
const maxTotals = 4

// get returns the totals of a day, and calls count for them unless they are kept. Other calls of get wait
// meanwhile.
func (c *totalsCache) get(today, last calendar.Day, count func() *totals) *totals {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := [2]calendar.Day{today, last}
	if c.of[key] == nil {
		if c.of == nil || len(c.of) >= maxTotals {
			c.of = map[[2]calendar.Day]*totals{}
		}
		c.of[key] = count()
	}
	return c.of[key]
}

// totals is what the tenant adds up to in the days until the last that the report covers.
func (v *view) totals(last calendar.Day) *totals {
	return v.service.totals.get(v.today, last, func() *totals { return v.service.countTotals(v.today, last) })
}

// countTotals counts the people the reports by person list.
func (s *Service) countTotals(today, last calendar.Day) *totals {
	sum := &totals{copilot: map[int]*copilotTotal{}}
	for _, days := range slices.Concat(periods, copilotV2Periods) {
		sum.copilot[days] = &copilotTotal{}
	}
	v := s.view(&report{})
	v.today, v.refresh = today, last
	for n := range s.company.Users {
		if v.see(n, today) {
			sum.addDays(&v.activity, last)
			sum.addPeriods(v)
			for i := range company.DesktopProducts {
				if a, assigned := v.activity.Activation(i, &v.licenses, v.refresh); assigned {
					sum.activated[i].count(&a)
				}
			}
		}
	}
	return sum
}

func (s *totals) addDays(a *company.Activity, last calendar.Day) {
	from := last - maxPeriod + 1
	one := func(m metric, on calendar.Day) { s.daily[m][last-on]++ }
	add := func(m metric, days *company.DaySet) { a.EachDay(days, func(on calendar.Day) { one(m, on) }) }
	var services company.DaySet
	var days [products.AppCount]company.DaySet
	for x := range products.AppCount {
		days[x] = a.Since(a.Days(x), from)
		add(metric(x), &days[x])
		if products.ServiceApps>>x&1 != 0 {
			services.Unite(&days[x])
		}
	}
	add(anyService, &services)
	for _, service := range [...]struct {
		app   products.App
		first metric
	}{{products.Exchange, mailUsers}, {products.Yammer, yammerUsers}, {products.OneDrive,
		driveUsers}, {products.SharePoint, fileUsers}} {
		seed := a.Person.CountsSeed(service.app)
		a.EachDay(&days[service.app], func(on calendar.Day) {
			var c company.Counts
			c.AddDay(service.app, seed, on)
			for i, n := range c {
				if n > 0 {
					one(service.first+metric(i), on)
				}
			}
		})
	}
	seed := dice.Roll(a.Person.Hash, dice.TagTeamsDay)
	a.EachDay(&days[products.Teams], func(on calendar.Day) {
		var d company.TeamsDay
		a.Person.AddTeamsDay(&d, seed, on)
		for i, did := range [...]bool{d.Chat() > 0, d.Private > 0, d.Calls > 0, d.Meetings() > 0, d.Other} {
			if did {
				one(teamsUsers+metric(i), on)
			}
		}
	})
	var platforms [company.PlatformCount]company.DaySet
	for _, x := range company.Clients {
		where := a.PlatformDays(x, from)
		for i := range where {
			platforms[i].Unite(&where[i])
		}
	}
	for i := range platforms {
		add(platformUsers+metric(i), &platforms[i])
	}
}

func (s *totals) addPeriods(v *view) {
	a := &v.activity
	for i, days := range periods {
		from, active := v.refresh-days+1, false
		for w, x := range workloads {
			if a.LastDay(a.Days(x)) >= from {
				active = true
				s.active[i][w]++
			} else if v.licenses.Apps.Has(x) {
				s.inactive[i][w]++
			}
		}
		if active {
			s.active[i][len(workloads)]++
		} else if v.licenses.Apps&products.ServiceApps != 0 {
			s.inactive[i][len(workloads)]++
		}
	}
	if !v.licenses.Holds(products.Copilot) {
		return
	}
	s.enabled++
	on := a.CopilotDays()
	for i := range s.asked {
		days := a.Days(products.CopilotApp)
		if i < company.CopilotApps {
			days = &on[i]
		}
		known := a.Since(days, v.refresh-maxPeriod+1)
		a.EachDay(&known, func(on calendar.Day) { s.asked[i][v.refresh-on]++ })
	}
	for days, c := range s.copilot {
		from := v.refresh - days + 1
		if a.LastDay(a.Days(products.CopilotApp)) >= from {
			c.any++
		}
		for i := range on {
			if a.LastDay(&on[i]) >= from {
				c.active[i]++
			}
		}
		for _, i := range company.PromptApps {
			c.prompts += a.PromptsFrom(i, &on[i], from)
		}
	}
}

func (n *activationTotal) count(a *company.Activation) {
	n.assigned++
	if a.Last != calendar.NoDay {
		n.activated++
	}
	if a.Shared {
		n.shared++
	}
}
