package sandbox

import (
	"strconv"
	"strings"
)

// groupDay is what happened in a group on one day, its site included.
type groupDay struct {
	site                      siteDay
	mail, posted, read, likes int
}

// groupOn is the day of the group whose site k is. A third of the groups are
// communities of Viva Engage.
func (k *site) groupOn(d day) (g groupDay) {
	g.site = k.on(d)
	if d < k.created || d >= k.closed {
		return g
	}
	h := mix(roll(k.h, tagMailbox) ^ uint64(d)*0x9e3779b97f4a7c15)
	busy := k.busy / 2
	if weekday := (d + 4) % 7; weekday == 0 || weekday == 6 {
		busy /= 20
	}
	if chance(h, busy) {
		g.mail = 1 + int(h&7)
	}
	if h = mix(h); chance(roll(k.h, tagApp), 330) && chance(h, busy) {
		g.posted = int(h & 3)
		g.read = 1 + g.posted + int(h>>2&15)
		g.likes = int(h >> 6 & 3)
	}
	return g
}

const (
	gigabyte = 1 << 30
	terabyte = 1 << 40
)

// grown is how many things there are after so many days: some to begin with,
// and up to fast a hundred days more.
func grown(h uint64, age, begin, fast int) int {
	return pick(h, begin+1) + max(age, 0)*pick(mix(h), fast+1)/100
}

// sharesMailbox is true for the accounts behind a shared mailbox.
func (p *person) sharesMailbox() bool { return p.kind == service && chance(roll(p.h, tagMailbox), 600) }

// sharedMail is the last day on which somebody used a shared mailbox.
func (p *person) sharedMail(on day) day {
	every := 1 + pick(roll(p.h, tagPresence), 9)
	return max(p.start, min(on, p.left-1)-(on-p.start)%every)
}

// sitePool is what the tenant may store in all sites together. The report
// repeats it in every row.
const sitePool = 25 * terabyte

// sites is how many sites there ever were.
func (c *company) sites() int { return min(24+c.users/25, 600) }

// A site is one SharePoint site.
type site struct {
	h        uint64
	n        int
	name     string
	created  day
	closed   day // nothing happens from here on
	template string
	busy     int // working days in a thousand on which something happens
}

func (c *company) site(n int) site {
	h := mix(roll(c.seed, tagSite) + uint64(n))
	k := site{h: h, n: n, closed: never, template: "Group"}
	k.created = 16900 + pick(roll(h, tagHire), 4000)
	if d := departments[n%(len(departments)-1)]; n < len(departments)-1 {
		k.name = d.name
	} else {
		k.name = [...]string{"Project", "Team", "Customer", "Audit", "Board & Budget", "Événements"}[pick(roll(h, tagFirstName), 6)] +
			" " + strconv.Itoa(n)
	}
	switch s := pick(roll(h, tagType), 10); {
	case s < 2:
		k.template = "Communication Site"
	case s < 3:
		k.template = "Team Channel"
	case s < 4:
		k.template = "Team Site"
	}
	k.busy = pick(roll(h, tagPresence), 1000)
	if chance(roll(h, tagStop), 350) {
		k.closed = k.created + pick(roll(h, tagStop)+1, 1500)
	}
	return k
}

// siteDay is what happened on a site on one day: nothing on most days off.
type siteDay struct{ files, views, pages int }

func (k *site) on(d day) (s siteDay) {
	if d < k.created || d >= k.closed {
		return s
	}
	h := mix(k.h ^ uint64(d)*0x9e3779b97f4a7c15)
	busy := k.busy
	if weekday := (d + 4) % 7; weekday == 0 || weekday == 6 {
		busy /= 20
	}
	if !chance(h, busy) {
		return s
	}
	h = mix(h)
	s.files = int(h & 15)
	s.pages = 1 + int(h>>4&7)
	s.views = s.pages + int(h>>7&63)
	return s
}

// files is how many files the site holds on a day.
func (k *site) files(on day) int {
	return 1 + grown(roll(k.h, tagDrive), min(on, k.closed)-k.created, 3000, 2000)
}

func (k *site) bytes(files int) int { return files * (200_000 + pick(mix(k.h+1), 3_000_000)) }

// slug is the name as it is in an address.
func (k *site) slug() string {
	var b []byte
	for _, c := range []byte(k.name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b = append(b, c)
		}
	}
	return string(b)
}

// sharePointHost is the tenant's name at SharePoint. It ends in .example, which
// nobody can own.
func (c *company) sharePointHost(kind string) string {
	return strings.TrimSuffix(c.domain, ".example") + kind + ".sharepoint.example"
}

// appendDriveURL writes the address of a person's OneDrive: the user principal
// name with "_" for everything that is not a letter or a digit.
func (c *company) appendDriveURL(b []byte, p *person, on day) []byte {
	b = append(append(append(b, "https://"...), c.sharePointHost("-my")...), "/personal/"...)
	from := len(b)
	b = c.appendUPN(b, p, on)
	for i, c := range b[from:] {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			b[from+i] = '_'
		}
	}
	return b
}

// owner is the person who answers for a site that belongs to no group.
func (c *company) owner(k *site, on day) (person, bool) {
	h := roll(k.h, tagManager)
	for range 24 {
		h = mix(h)
		if p := c.person(pick(h, c.users), on); p.kind == member {
			return p, true
		}
	}
	return person{}, false
}
