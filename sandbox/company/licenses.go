package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// An Assignment is one way in which a person holds a product.
type Assignment struct {
	SKU    uint8
	Off    products.PlansOff
	Group  int8 // index into Groups; Direct means assigned to the person
	Failed bool // the group had no seat left
	Since  calendar.Day
}

// Direct is the group of an assignment that was made to the person.
const Direct int8 = -1

// Licenses is what a person holds on one day.
type Licenses struct {
	List [12]Assignment
	N    int
	Held products.Set // those really held
	Apps products.Apps
}

// All are the assignments, failed ones too.
func (l *Licenses) All() []Assignment { return l.List[:l.N] }

// Holds says whether a product, by its index in products.SKUs, is really held.
func (l *Licenses) Holds(s int) bool { return l.Held.Has(s) }

// Add adds an assignment. It panics beyond the twelfth.
func (l *Licenses) Add(a Assignment) {
	l.List[l.N] = a
	l.N++
	if !a.Failed {
		l.Held.Add(int(a.SKU))
		l.Apps |= products.SKUs[a.SKU].Grants[a.Off]
	}
}

// copilotShare is how many in a thousand people with a suite for it get Copilot.
const copilotShare = 160

// suite picks the person's main product; -1 if the person has none.
func (p *Person) suite() int {
	n := dice.Pick(dice.Roll(p.Hash, dice.TagSuite), 1000)
	shares := [...]struct{ upTo, sku int }{
		{240, products.E5},
		{680, products.E3},
		{760, products.F3},
		{920, products.E1},
		{960, products.OldE3},
	}
	if p.Department.frontline {
		shares = [...]struct{ upTo, sku int }{
			{30, products.E5},
			{180, products.E3},
			{800, products.F3},
			{940, products.E1},
			{960, products.OldE3},
		}
	}
	for _, s := range shares {
		if n < s.upTo {
			return s.sku
		}
	}
	return -1
}

// Licenses is what p holds on a day. Which apps the products give never changes while a person is with the company, so
// activity can be decided without asking for a day's licences; only the products themselves come and go.
func (p *Person) Licenses(on calendar.Day) Licenses {
	var l Licenses
	if p.Kind == Service {
		return l
	}
	span := p.Left - p.Start
	if p.Kind == Guest {
		if dice.Chance(dice.Roll(p.Hash, dice.TagSuite), 40) {
			l.Add(Assignment{SKU: products.PowerBIPro, Group: Direct, Since: p.Start})
		}
		return l
	}

	suite := p.suite()
	if suite < 0 {
		if dice.Chance(dice.Roll(p.Hash, dice.TagSuiteSource), 400) {
			l.Add(Assignment{SKU: products.TeamsTrial, Group: Direct, Since: p.Start})
		}
		p.addFreeProducts(&l, on, span)
		return l
	}

	off := p.plansOff()
	since := p.Start
	if before, moved := p.upgrade(suite); on < moved {
		suite = before
	} else {
		since = moved
	}

	failed := p.addSuite(&l, suite, off, since)
	if failed {
		return l
	}
	if suite == products.E5 && dice.Chance(dice.Roll(p.Hash, dice.TagOverlap), 30) {
		l.Add(Assignment{SKU: products.E3, Off: off, Group: Direct, Since: p.Start}) // left over from before E5
	}
	if suite == products.E5 || suite == products.E3 {
		p.addOn(&l, on, products.Copilot, copilotShare, span, int8(GroupCopilot))
		p.addOn(&l, on, products.Project, 40, span, Direct)
		p.addOn(&l, on, products.Visio, 50, span, Direct)
	}
	p.addOn(&l, on, products.PowerBIPro, 90, span, Direct)
	p.addOn(&l, on, products.EMSE5, 50, span, Direct)
	p.addFreeProducts(&l, on, span)
	return l
}

// addSuite adds the main product: by a group, directly, or both ways. It reports whether the only assignment failed for
// want of a seat.
func (p *Person) addSuite(l *Licenses, suite int, off products.PlansOff, since calendar.Day) (failed bool) {
	a := Assignment{SKU: uint8(suite), Off: off, Group: Direct, Since: since}
	by := suiteGroup(suite, off)
	s := dice.Pick(dice.Roll(p.Hash, dice.TagSuiteSource), 1000)
	if by == Direct || s < 260 {
		l.Add(a)
		return false
	}
	if s < 310 {
		l.Add(a)
	}
	a.Group = by
	a.Failed = p.seatless(suite, off)
	l.Add(a)
	return a.Failed
}

// suiteGroup is the group that grants a suite, or direct.
func suiteGroup(suite int, off products.PlansOff) int8 {
	switch {
	case suite == products.E3 && off == products.YammerOff:
		return GroupE3NoEngage
	case off != 0 || suite == products.OldE3:
	case suite == products.E5:
		return GroupE5
	case suite == products.E3:
		return GroupE3
	case suite == products.F3:
		return GroupF3
	case suite == products.E1:
		return GroupE1
	}
	return Direct
}

// seatless is true for the few whose group had no seat left for them.
func (p *Person) seatless(suite int, off products.PlansOff) bool {
	return suiteGroup(suite, off) != Direct && dice.Pick(dice.Roll(p.Hash, dice.TagSuiteSource), 1000) >= 990
}

// plansOff is what is switched off in the person's suite.
func (p *Person) plansOff() products.PlansOff {
	switch o := dice.Pick(dice.Roll(p.Hash, dice.TagPlansOff), 1000); {
	case o < 80:
		return products.YammerOff
	case o < 100:
		return products.TeamsOff
	case o < 105:
		return products.YammerOff | products.TeamsOff
	}
	return 0
}

// upgrade is the suite a person had first and the day of the move to the better one: the same suite and the first day
// for those who never moved.
func (p *Person) upgrade(suite int) (before int, moved calendar.Day) {
	if h := dice.Roll(p.Hash, dice.TagUpgrade); dice.Chance(h, 80) && (suite == products.E5 || suite == products.E3) {
		return [...]int{products.E5: products.E3, products.E3: products.E1}[suite], p.Start + dice.Pick(
			dice.Mix(h),
			p.Left-p.Start,
		)
	}
	return suite, p.Start
}

// addOn adds a product that a share of people get some time after they start, and that some of them give back.
func (p *Person) addOn(l *Licenses, on calendar.Day, s, permille, span int, by int8) {
	since, until := p.addOnSpan(s, permille, span)
	if on >= since && on < until {
		l.Add(Assignment{SKU: uint8(s), Group: by, Since: since})
	}
}

// addOnSpan is the days on which a person has such a product, none for most.
func (p *Person) addOnSpan(s, permille, span int) (since, until calendar.Day) {
	h := dice.Roll(p.Hash, dice.TagAddOn) + uint64(s)
	if h = dice.Mix(h); !dice.Chance(h, permille) {
		return calendar.Never, calendar.NoDay
	}
	h = dice.Mix(h)
	since = p.Start + dice.Pick(h, span*2/3)
	until = p.Gone
	if h = dice.Mix(h); dice.Chance(h, 150) {
		until = since + 30 + dice.Pick(dice.Mix(h), span/2)
	}
	return since, until
}

// CopilotSpan is the days on which a person holds Copilot: the one app that is licensed for a part of somebody's time
// with the company.
func (p *Person) CopilotSpan() (since, until calendar.Day) {
	suite, off := p.suite(), p.plansOff()
	if suite != products.E5 && suite != products.E3 || p.seatless(suite, off) {
		return calendar.Never, calendar.NoDay
	}
	since, until = p.addOnSpan(products.Copilot, copilotShare, p.Left-p.Start)
	if before, moved := p.upgrade(suite); before == products.E1 || p.seatless(before, off) {
		since = max(since, moved)
	}
	return since, until
}

func (p *Person) addFreeProducts(l *Licenses, on calendar.Day, span int) {
	p.addOn(l, on, products.FlowFree, 320, span, Direct)
	p.addOn(l, on, products.FabricFree, 260, span, Direct)
}

// State is how Graph names the state of an assignment and its reason.
func (a *Assignment) State() (state, reason string) {
	if a.Failed {
		return "Error", "CountViolation"
	}
	return "Active", "None"
}

// AppendUpdated writes when the assignment was made.
func (a *Assignment) AppendUpdated(b []byte, p *Person) []byte {
	return calendar.AppendTime(b, a.Since-1, 23*3600+dice.Pick(dice.Mix(p.Hash+uint64(a.SKU)), 3600))
}
