package sandbox

// An assignment is one way in which a person holds a product.
type assignment struct {
	sku    uint8
	off    plansOff
	group  int8 // index into groups; direct means assigned to the person
	failed bool // the group had no seat left
	since  day
}

const direct int8 = -1

// licenses is what a person holds on one day.
type licenses struct {
	list [12]assignment
	n    int
	held productSet // those really held
	apps apps
}

func (l *licenses) all() []assignment { return l.list[:l.n] }

func (l *licenses) holds(s int) bool { return l.held.has(s) }

func (l *licenses) add(a assignment) {
	l.list[l.n] = a
	l.n++
	if !a.failed {
		l.held.add(int(a.sku))
		l.apps |= skus[a.sku].grants[a.off]
	}
}

// A groupSet has room for 64 groups. More of them do not compile.
var _ [64 - groupCount]struct{}

// copilotShare is how many in a thousand people with a suite for it get Copilot.
const copilotShare = 160

// suite picks the person's main product: -1 for nobody's.
func (p *person) suite() int {
	n := pick(roll(p.h, tagSuite), 1000)
	shares := [...]struct{ upTo, sku int }{{240, e5}, {680, e3}, {760, f3}, {920, e1}, {960, oldE3}}
	if p.dept.frontline {
		shares = [...]struct{ upTo, sku int }{{30, e5}, {180, e3}, {800, f3}, {940, e1}, {960, oldE3}}
	}
	for _, s := range shares {
		if n < s.upTo {
			return s.sku
		}
	}
	return -1
}

// licenses is what p holds on a day. Which apps the products give never changes
// while a person is with the company, so activity can be decided without asking
// for a day's licences; only the products themselves come and go.
func (p *person) licenses(on day) licenses {
	var l licenses
	if p.kind == service {
		return l
	}
	span := p.left - p.start
	if p.kind == guest {
		if chance(roll(p.h, tagSuite), 40) {
			l.add(assignment{sku: powerBIPro, group: direct, since: p.start})
		}
		return l
	}

	suite := p.suite()
	if suite < 0 {
		if chance(roll(p.h, tagSuiteSource), 400) {
			l.add(assignment{sku: teamsTrial, group: direct, since: p.start})
		}
		p.addFreeProducts(&l, on, span)
		return l
	}

	off := p.plansOff()
	since := p.start
	if before, moved := p.upgrade(suite); on < moved {
		suite = before
	} else {
		since = moved
	}

	failed := p.addSuite(&l, suite, off, since)
	if failed {
		return l
	}
	if suite == e5 && chance(roll(p.h, tagOverlap), 30) {
		l.add(assignment{sku: e3, off: off, group: direct, since: p.start}) // left over from before E5
	}
	if suite == e5 || suite == e3 {
		p.addOn(&l, on, copilot, copilotShare, span, int8(groupCopilot))
		p.addOn(&l, on, project, 40, span, direct)
		p.addOn(&l, on, visio, 50, span, direct)
	}
	p.addOn(&l, on, powerBIPro, 90, span, direct)
	p.addOn(&l, on, emsE5, 50, span, direct)
	p.addFreeProducts(&l, on, span)
	return l
}

// addSuite adds the main product: by a group, directly, or both ways. It
// reports whether the only assignment failed for want of a seat.
func (p *person) addSuite(l *licenses, suite int, off plansOff, since day) (failed bool) {
	a := assignment{sku: uint8(suite), off: off, group: direct, since: since}
	by := suiteGroup(suite, off)
	s := pick(roll(p.h, tagSuiteSource), 1000)
	if by == direct || s < 260 {
		l.add(a)
		return false
	}
	if s < 310 {
		l.add(a)
	}
	a.group = by
	a.failed = p.seatless(suite, off)
	l.add(a)
	return a.failed
}

// suiteGroup is the group that grants a suite, or direct.
func suiteGroup(suite int, off plansOff) int8 {
	switch {
	case suite == e3 && off == yammerOff:
		return groupE3NoEngage
	case off != 0 || suite == oldE3:
	case suite == e5:
		return groupE5
	case suite == e3:
		return groupE3
	case suite == f3:
		return groupF3
	case suite == e1:
		return groupE1
	}
	return direct
}

// seatless is true for the few whose group had no seat left for them.
func (p *person) seatless(suite int, off plansOff) bool {
	return suiteGroup(suite, off) != direct && pick(roll(p.h, tagSuiteSource), 1000) >= 990
}

// plansOff is what is switched off in the person's suite.
func (p *person) plansOff() plansOff {
	switch o := pick(roll(p.h, tagPlansOff), 1000); {
	case o < 80:
		return yammerOff
	case o < 100:
		return teamsOff
	case o < 105:
		return yammerOff | teamsOff
	}
	return 0
}

// upgrade is the suite a person had first and the day of the move to the better
// one: the same suite and the first day for those who never moved.
func (p *person) upgrade(suite int) (before int, moved day) {
	if h := roll(p.h, tagUpgrade); chance(h, 80) && (suite == e5 || suite == e3) {
		return [...]int{e5: e3, e3: e1}[suite], p.start + pick(mix(h), p.left-p.start)
	}
	return suite, p.start
}

// addOn adds a product that a share of people get some time after they start,
// and that some of them give back.
func (p *person) addOn(l *licenses, on day, s, permille, span int, by int8) {
	since, until := p.addOnSpan(s, permille, span)
	if on >= since && on < until {
		l.add(assignment{sku: uint8(s), group: by, since: since})
	}
}

// addOnSpan is the days on which a person has such a product, none for most.
func (p *person) addOnSpan(s, permille, span int) (since, until day) {
	h := roll(p.h, tagAddOn) + uint64(s)
	if h = mix(h); !chance(h, permille) {
		return never, noDay
	}
	h = mix(h)
	since = p.start + pick(h, span*2/3)
	until = p.gone
	if h = mix(h); chance(h, 150) {
		until = since + 30 + pick(mix(h), span/2)
	}
	return since, until
}

// copilotSpan is the days on which a person holds Copilot: the one app that is
// licensed for a part of somebody's time with the company.
func (p *person) copilotSpan() (since, until day) {
	suite, off := p.suite(), p.plansOff()
	if suite != e5 && suite != e3 || p.seatless(suite, off) {
		return never, noDay
	}
	since, until = p.addOnSpan(copilot, copilotShare, p.left-p.start)
	if before, moved := p.upgrade(suite); before == e1 || p.seatless(before, off) {
		since = max(since, moved)
	}
	return since, until
}

func (p *person) addFreeProducts(l *licenses, on day, span int) {
	p.addOn(l, on, flowFree, 320, span, direct)
	p.addOn(l, on, fabricFree, 260, span, direct)
}

// state is how Graph names the state of an assignment and its reason.
func (a *assignment) state() (state, reason string) {
	if a.failed {
		return "Error", "CountViolation"
	}
	return "Active", "None"
}
