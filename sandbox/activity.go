package sandbox

import "math/bits"

// Activity is kept in masks of 64 days: bit i of block b says whether the person
// was active on day 64*b+i. A mask with a given share of bits set is made by
// joining a few random words, which decides 64 days for the price of one.

const (
	history = 400            // days: how far back a last activity date is looked for
	blocks  = history/64 + 2 // blocks that can overlap the history
	lag     = 2              // days between today and what the reports know
)

// mask holds one app's active days, from history days ago to the last day known.
type mask [blocks]uint64

// activity is one person's activity as seen from the last day known.
type activity struct {
	p        *person
	apps     apps // apps the person may be active in
	last     day  // last day known
	first    int  // number of the first block
	presence mask // days on which the person works at all
	reported apps // masks already computed
	masks    [appCount]mask
}

// frequency is how often a person works with Microsoft 365.
type frequency uint8

const (
	daily frequency = iota
	weekly
	monthly
	inactive
)

func (p *person) frequency() frequency {
	switch f := pick(roll(p.h, tagFrequency), 1000); {
	case f < 560:
		return daily
	case f < 820:
		return weekly
	case f < 930:
		return monthly
	}
	return inactive
}

// watch looks at a person's activity in the days up to last.
func (a *activity) watch(p *person, licensed apps, last day) {
	a.p, a.last, a.reported = p, last, 0
	a.apps = licensed &^ (1 << skype) // retired: licensed for, used by nobody
	if p.freeTeams(licensed) {
		a.apps |= 1 << teams
	}
	a.first = (last - history + 1) >> 6
	a.presence = mask{}
	if p.kind != member || a.apps == 0 {
		return
	}
	f := p.frequency()
	if f == inactive {
		return
	}
	until := p.until()
	seed := roll(p.h, tagPresence)
	weekends := chance(roll(p.h, tagWeekend), 80)
	for i := range a.presence {
		b := a.first + i
		open := days(b, max(p.start, last-history+1), min(until, last+1))
		if open == 0 {
			continue
		}
		r := draw(seed, b)
		var m uint64
		switch f {
		case daily:
			m = r.next() | r.next() | r.next()
		case weekly:
			m = r.next() & (r.next() | r.next())
		case monthly:
			m = r.next() & r.next() & r.next() & r.next()
		}
		week := weekdays(b)
		if weekends {
			week |= r.next() & r.next()
		}
		a.presence[i] = m & week & open &^ p.pause(b)
	}
}

// freeTeams is true for the few who use Teams without a licence for it.
func (p *person) freeTeams(licensed apps) bool {
	return p.kind == member && !licensed.has(teams) && chance(roll(p.h, tagFreeTeams), 300)
}

// until is the first day without activity: when the account is disabled, or
// long before that for people who stop using Microsoft 365.
func (p *person) until() day {
	if h := roll(p.h, tagStop); chance(h, 280) {
		span := p.left - p.start
		return p.start + span*6/10 + pick(mix(h), span*4/10)
	}
	return p.left
}

// pause is a long absence: once in a while, somebody is away for weeks.
func (p *person) pause(b int) uint64 {
	era := b >> 2 // 256 days
	h := mix(roll(p.h, tagPause) + uint64(era))
	if !chance(h, 120) {
		return 0
	}
	h = mix(h)
	from := era*256 + pick(h, 180)
	return days(b, from, min(from+25+pick(mix(h), 160), (era+1)*256))
}

// A deck deals the random words of one block.
type deck uint64

func draw(seed uint64, b int) deck { return deck(mix(seed ^ uint64(b)*0x9e3779b97f4a7c15)) }

func (d *deck) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

// days is the mask of the days from..to-1 in block b.
func days(b int, from, to day) uint64 {
	lo, hi := from-b*64, to-b*64
	if lo >= 64 || hi <= 0 || lo >= hi {
		return 0
	}
	m := ^uint64(0)
	if lo > 0 {
		m <<= lo
	}
	if hi < 64 {
		m &= 1<<hi - 1
	}
	return m
}

// weekdays is the mask of Mondays to Fridays in block b.
func weekdays(b int) uint64 { return weekdayMasks[(b*64+4)%7] }

var weekdayMasks = func() (m [7]uint64) {
	for first := range m {
		for i := range 64 {
			if wd := (first + i) % 7; wd != 0 && wd != 6 {
				m[first] |= 1 << i
			}
		}
	}
	return m
}()

// fondness is how much people use an app on the days they work: sixteen people
// stand for everybody. 0 never, 1 one day in sixteen, 2 in eight, 3 three days
// in eight, 4 in four, 5 nearly every day.
var fondness = [appCount]string{
	word:       "0022333333444444",
	excel:      "0022233333444444",
	powerpoint: "0001112222333344",
	onenote:    "0000000001122334",
	outlookApp: "4444444444444444",
	teamsApp:   "5555555555555555",
	yammer:     "0000000000111223",
	skype:      "0000000000000000",
	onedrive:   "0022233333344444",
	sharepoint: "0022223333333444",
	teams:      "3344445555555555",
	exchange:   "4444555555555555",
	copilotApp: "0011122334444555",
}

// mask is the active days of one app.
func (a *activity) mask(x app) *mask {
	m := &a.masks[x]
	if a.reported.has(x) {
		return m
	}
	a.reported |= 1 << x
	*m = mask{}
	if !a.apps.has(x) && x != copilotApp {
		return m
	}
	base := &a.presence
	switch x { // the apps of the two services are used where the service is
	case teamsApp:
		base = a.mask(teams)
	case outlookApp:
		base = a.mask(exchange)
	case copilotApp: // licensed for a while only, and met where people work anyway
		since, until := a.p.copilotSpan()
		held := *a.mask(exchange)
		held.add(a.mask(teams))
		held = a.between(&held, since, until)
		base = &held
	}
	seed := roll(a.p.h, tagApp) + uint64(x)<<56
	like := fondness[x][mix(seed)&15]
	if like == '0' {
		return m
	}
	for i, d := range base {
		if d == 0 {
			continue
		}
		r := draw(seed, a.first+i)
		switch like {
		case '1':
			d &= r.next() & r.next() & r.next() & r.next()
		case '2':
			d &= r.next() & r.next() & r.next()
		case '3':
			d &= r.next() & (r.next() | r.next())
		case '4':
			d &= r.next() | r.next()
		case '5':
			d &= r.next() | r.next() | r.next() | r.next()
		}
		m[i] = d
	}
	return m
}

// lastDay is the latest day in the mask, or noDay.
func (a *activity) lastDay(m *mask) day {
	for i := blocks - 1; i >= 0; i-- {
		if m[i] != 0 {
			return (a.first+i)*64 + bits.Len64(m[i]) - 1
		}
	}
	return noDay
}

func (m *mask) empty() bool {
	return *m == (mask{})
}

func (m *mask) count() (n int) {
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

func (m *mask) add(other *mask) {
	for i := range m {
		m[i] |= other[i]
	}
}

func (m *mask) keep(other *mask) {
	for i := range m {
		m[i] &= other[i]
	}
}

// without is the days of m that are not in other.
func (m *mask) without(other *mask) (rest mask) {
	for i := range m {
		rest[i] = m[i] &^ other[i]
	}
	return rest
}

// thin keeps a share of the days: one in two for every word, n times over.
func (a *activity) thin(m *mask, seed uint64, n int) (some mask) {
	for i, d := range m {
		if d != 0 {
			r := draw(seed, a.first+i)
			for range n {
				d &= r.next()
			}
			some[i] = d
		}
	}
	return some
}

// within cuts a mask down to the days from..last.
func (a *activity) within(m *mask, from day) mask { return a.between(m, from, a.last+1) }

// between cuts a mask down to the days from..to-1.
func (a *activity) between(m *mask, from, to day) mask {
	var w mask
	for i := max(0, from>>6-a.first); i < blocks; i++ {
		w[i] = m[i] & days(a.first+i, from, to)
	}
	return w
}

// each calls f for every day in the mask, oldest first.
func (a *activity) each(m *mask, f func(day)) {
	for i, w := range m {
		for ; w != 0; w &= w - 1 {
			f((a.first+i)*64 + bits.TrailingZeros64(w))
		}
	}
}
