package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// Counts is what one person did in a service on one day, or the sum over days, in the order of the report's columns.
// Teams counts more; see teamsDay.
type Counts [5]int

const (
	mailSent = iota
	mailReceived
	mailRead
	meetingCreated
	meetingInteracted
)

const (
	YammerPosted = iota
	YammerRead
	YammerLiked
)

const (
	FileViewed = iota
	FileSynced
	fileSharedInternally
	fileSharedExternally
	PageVisited // SharePoint only
)

// AddDay adds what was done on a day on which the person was active: at least one thing, since that is what active
// means.
func (c *Counts) AddDay(x products.App, seed uint64, on calendar.Day) {
	h := dice.Mix(seed ^ uint64(on)*0x9e3779b97f4a7c15)
	busy := int(seed&7) + 1 // a trait: how much the person does
	take := func(n uint) int {
		v := int(h & (1<<n - 1))
		h >>= n
		return v
	}
	var d Counts
	least := 0 // what was done when the dice say nothing
	switch x {
	case products.Exchange:
		d[mailSent] = take(3) * busy / 4
		d[mailReceived] = 3 + take(5)*busy/3
		d[mailRead] = take(5) * busy / 4
		d[meetingCreated] = take(3) / 6
		d[meetingInteracted] = take(2) * busy / 8
		if d[mailSent]+d[mailRead] == 0 {
			d[mailRead] = 1 // reading or sending is what counts
		}
		least = mailRead
	case products.Yammer:
		d[YammerPosted] = take(3) / 7
		d[YammerRead] = take(4) * busy / 8
		d[YammerLiked] = take(3) / 5
		least = YammerRead
	case products.OneDrive:
		d[FileViewed] = take(4) * busy / 6
		d[FileSynced] = take(3) * take(1) * busy
		d[fileSharedInternally] = take(3) / 6
		d[fileSharedExternally] = take(4) / 15
		least = FileViewed
	case products.SharePoint:
		d[FileViewed] = take(3) * busy / 6
		d[FileSynced] = take(2) * take(1) * busy / 2
		d[fileSharedInternally] = take(3) / 7
		d[fileSharedExternally] = take(5) / 31
		d[PageVisited] = take(4) * busy / 8
		least = PageVisited
	}
	if d == (Counts{}) {
		d[least] = 1
	}
	for i, n := range d {
		c[i] += n
	}
}

// CountsSeed is what Counts.AddDay draws the counts of a person in a service from.
func (p *Person) CountsSeed(x products.App) uint64 {
	return dice.Roll(p.Hash, dice.TagCounts) + uint64(x)<<56
}

// Counts sums the days from..last.
func (a *Activity) Counts(x products.App, from calendar.Day) (c Counts) {
	m := a.Since(a.Days(x), from)
	seed := a.Person.CountsSeed(x)
	a.EachDay(&m, func(on calendar.Day) { c.AddDay(x, seed, on) })
	return c
}

// Actions is everything the report counts, except mail that merely arrives.
func (c *Counts) Actions(x products.App) int {
	total := 0
	for _, n := range c {
		total += n
	}
	if x == products.Exchange {
		total -= c[mailReceived]
	}
	return total
}
