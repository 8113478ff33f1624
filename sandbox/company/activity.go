package company

import (
	"math/bits"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// Activity is kept in masks of 64 days: bit i of block b says whether the person was active on day 64*b+i. A mask with
// a given share of bits set is made by joining a few random words, which decides 64 days for the price of one.

const (
	History = 400            // days: how far back a last activity date is looked for
	blocks  = History/64 + 2 // blocks that can overlap the history
	Lag     = 2              // days between today and what the reports know
)

// DaySet holds one app's active days, from history days ago to the last day known.
type DaySet [blocks]uint64

// Activity is one person's activity as seen from the last day known.
type Activity struct {
	Person   *Person
	apps     products.Apps // apps the person may be active in
	last     calendar.Day  // last day known
	first    int           // number of the first block
	Presence DaySet        // days on which the person works at all
	reported products.Apps // masks already computed
	masks    [products.AppCount]DaySet
}

// frequency is how often a person works with Microsoft 365.
type frequency uint8

const (
	daily frequency = iota
	weekly
	monthly
	inactive
)

func (p *Person) frequency() frequency {
	switch f := dice.Pick(dice.Roll(p.Hash, dice.TagFrequency), 1000); {
	case f < 560:
		return daily
	case f < 820:
		return weekly
	case f < 930:
		return monthly
	}
	return inactive
}

// Watch looks at a person's activity in the days up to last.
func (a *Activity) Watch(p *Person, licensed products.Apps, last calendar.Day) {
	a.Person, a.last, a.reported = p, last, 0
	a.apps = licensed &^ (1 << products.Skype) // retired: licensed for, used by nobody
	if p.freeTeams(licensed) {
		a.apps |= 1 << products.Teams
	}
	a.first = (last - History + 1) >> 6
	a.Presence = DaySet{}
	if p.Kind != Member || a.apps == 0 {
		return
	}
	f := p.frequency()
	if f == inactive {
		return
	}
	until := p.until()
	seed := dice.Roll(p.Hash, dice.TagPresence)
	weekends := dice.Chance(dice.Roll(p.Hash, dice.TagWeekend), 80)
	for i := range a.Presence {
		b := a.first + i
		open := days(b, max(p.Start, last-History+1), min(until, last+1))
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
		a.Presence[i] = m & week & open &^ p.pause(b)
	}
}

// freeTeams is true for the few who use Teams without a licence for it.
func (p *Person) freeTeams(licensed products.Apps) bool {
	return p.Kind == Member && !licensed.Has(products.Teams) && dice.Chance(dice.Roll(p.Hash, dice.TagFreeTeams), 300)
}

// until is the first day without activity: when the account is disabled, or long before that for people who stop using
// Microsoft 365.
func (p *Person) until() calendar.Day {
	if h := dice.Roll(p.Hash, dice.TagStop); dice.Chance(h, 280) {
		span := p.Left - p.Start
		return p.Start + span*6/10 + dice.Pick(dice.Mix(h), span*4/10)
	}
	return p.Left
}

// pause is a long absence: once in a while, somebody is away for weeks.
func (p *Person) pause(b int) uint64 {
	era := b >> 2 // 256 days
	h := dice.Mix(dice.Roll(p.Hash, dice.TagPause) + uint64(era))
	if !dice.Chance(h, 120) {
		return 0
	}
	h = dice.Mix(h)
	from := era*256 + dice.Pick(h, 180)
	return days(b, from, min(from+25+dice.Pick(dice.Mix(h), 160), (era+1)*256))
}

// A deck deals the random words of one block.
type deck uint64

func draw(seed uint64, b int) deck { return deck(dice.Mix(seed ^ uint64(b)*0x9e3779b97f4a7c15)) }

func (d *deck) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	return dice.Mix(uint64(*d))
}

// days is the mask of the days from..to-1 in block b.
func days(b int, from, to calendar.Day) uint64 {
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

// fondness is how much people use an app on the days they work: sixteen people stand for everybody. 0 never, 1 one day
// in sixteen, 2 in eight, 3 three days in eight, 4 in four, 5 nearly every day.
var fondness = [products.AppCount]string{
	products.Word:       "0022333333444444",
	products.Excel:      "0022233333444444",
	products.PowerPoint: "0001112222333344",
	products.OneNote:    "0000000001122334",
	products.OutlookApp: "4444444444444444",
	products.TeamsApp:   "5555555555555555",
	products.Yammer:     "0000000000111223",
	products.Skype:      "0000000000000000",
	products.OneDrive:   "0022233333344444",
	products.SharePoint: "0022223333333444",
	products.Teams:      "3344445555555555",
	products.Exchange:   "4444555555555555",
	products.CopilotApp: "0011122334444555",
}

// Days is the active days of one app. It belongs to the activity, and is not to be changed.
func (a *Activity) Days(x products.App) *DaySet {
	m := &a.masks[x]
	if a.reported.Has(x) {
		return m
	}
	a.reported |= 1 << x
	*m = DaySet{}
	if !a.apps.Has(x) && x != products.CopilotApp {
		return m
	}
	base := &a.Presence
	switch x { // the apps of the two services are used where the service is
	case products.TeamsApp:
		base = a.Days(products.Teams)
	case products.OutlookApp:
		base = a.Days(products.Exchange)
	case products.CopilotApp: // licensed for a while only, and met where people work anyway
		since, until := a.Person.CopilotSpan()
		held := *a.Days(products.Exchange)
		held.Unite(a.Days(products.Teams))
		held = a.between(&held, since, until)
		base = &held
	}
	seed := dice.Roll(a.Person.Hash, dice.TagApp) + uint64(x)<<56
	like := fondness[x][dice.Mix(seed)&15]
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

// LastDay is the latest day in the mask, or calendar.NoDay.
func (a *Activity) LastDay(m *DaySet) calendar.Day {
	for i := blocks - 1; i >= 0; i-- {
		if m[i] != 0 {
			return (a.first+i)*64 + bits.Len64(m[i]) - 1
		}
	}
	return calendar.NoDay
}

// Empty is true for a set without days.
func (m *DaySet) Empty() bool {
	return *m == (DaySet{})
}

// Count is how many days there are in the set.
func (m *DaySet) Count() (n int) {
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// Unite adds the days of another set, which is about the same blocks.
func (m *DaySet) Unite(other *DaySet) {
	for i := range m {
		m[i] |= other[i]
	}
}

// Intersect keeps the days that are in another set as well.
func (m *DaySet) Intersect(other *DaySet) {
	for i := range m {
		m[i] &= other[i]
	}
}

// without is the days of m that are not in other.
func (m *DaySet) without(other *DaySet) (rest DaySet) {
	for i := range m {
		rest[i] = m[i] &^ other[i]
	}
	return rest
}

// Thin keeps about one day in 2^n, by seed.
func (a *Activity) Thin(m *DaySet, seed uint64, n int) (some DaySet) {
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

// Since cuts a set down to the days from..last.
func (a *Activity) Since(m *DaySet, from calendar.Day) DaySet { return a.between(m, from, a.last+1) }

// between cuts a mask down to the days from..to-1.
func (a *Activity) between(m *DaySet, from, to calendar.Day) DaySet {
	var w DaySet
	for i := max(0, from>>6-a.first); i < blocks; i++ {
		w[i] = m[i] & days(a.first+i, from, to)
	}
	return w
}

// EachDay calls f for every day in the set, oldest first.
func (a *Activity) EachDay(m *DaySet, f func(calendar.Day)) {
	for i, w := range m {
		for ; w != 0; w &= w - 1 {
			f((a.first+i)*64 + bits.TrailingZeros64(w))
		}
	}
}
