package sandbox

// counts is what one person did in a service on one day, or the sum over days,
// in the order of the report's columns. Teams counts more; see teamsDay.
type counts [5]int

const (
	mailSent = iota
	mailReceived
	mailRead
	meetingCreated
	meetingInteracted
)

const (
	yammerPosted = iota
	yammerRead
	yammerLiked
)

const (
	fileViewed = iota
	fileSynced
	fileSharedInternally
	fileSharedExternally
	pageVisited // SharePoint only
)

// addCounts adds what was done on a day on which the person was active: at
// least one thing, since that is what active means.
func (c *counts) addCounts(x app, seed uint64, on day) {
	h := mix(seed ^ uint64(on)*0x9e3779b97f4a7c15)
	busy := int(seed&7) + 1 // a trait: how much the person does
	take := func(n uint) int {
		v := int(h & (1<<n - 1))
		h >>= n
		return v
	}
	var d counts
	least := 0 // what was done when the dice say nothing
	switch x {
	case exchange:
		d[mailSent] = take(3) * busy / 4
		d[mailReceived] = 3 + take(5)*busy/3
		d[mailRead] = take(5) * busy / 4
		d[meetingCreated] = take(3) / 6
		d[meetingInteracted] = take(2) * busy / 8
		if d[mailSent]+d[mailRead] == 0 {
			d[mailRead] = 1 // reading or sending is what counts
		}
		least = mailRead
	case yammer:
		d[yammerPosted] = take(3) / 7
		d[yammerRead] = take(4) * busy / 8
		d[yammerLiked] = take(3) / 5
		least = yammerRead
	case onedrive:
		d[fileViewed] = take(4) * busy / 6
		d[fileSynced] = take(3) * take(1) * busy
		d[fileSharedInternally] = take(3) / 6
		d[fileSharedExternally] = take(4) / 15
		least = fileViewed
	case sharepoint:
		d[fileViewed] = take(3) * busy / 6
		d[fileSynced] = take(2) * take(1) * busy / 2
		d[fileSharedInternally] = take(3) / 7
		d[fileSharedExternally] = take(5) / 31
		d[pageVisited] = take(4) * busy / 8
		least = pageVisited
	}
	if d == (counts{}) {
		d[least] = 1
	}
	for i, n := range d {
		c[i] += n
	}
}

func (p *person) countsSeed(x app) uint64 { return roll(p.h, tagCounts) + uint64(x)<<56 }

// counts sums the days from..last.
func (a *activity) counts(x app, from day) (c counts) {
	m := a.within(a.mask(x), from)
	seed := a.p.countsSeed(x)
	a.each(&m, func(on day) { c.addCounts(x, seed, on) })
	return c
}

// actions is everything the report counts, except mail that merely arrives.
func (c *counts) actions(x app) int {
	total := 0
	for _, n := range c {
		total += n
	}
	if x == exchange {
		total -= c[mailReceived]
	}
	return total
}
