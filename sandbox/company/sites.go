package company

import (
	"strconv"
	"strings"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
)

// GroupDay is what happened in a group on one day, its site included.
type GroupDay struct {
	Site                      SiteDay
	Mail, Posted, Read, Likes int
}

// GroupOn is the day of the group whose site k is. A third of the groups are communities of Viva Engage.
func (k *Site) GroupOn(d calendar.Day) (g GroupDay) {
	g.Site = k.DayOf(d)
	if d < k.Created || d >= k.Closed {
		return g
	}
	h := dice.Mix(dice.Roll(k.Hash, dice.TagMailbox) ^ uint64(d)*0x9e3779b97f4a7c15)
	busy := k.busy / 2
	if weekday := (d + 4) % 7; weekday == 0 || weekday == 6 {
		busy /= 20
	}
	if dice.Chance(h, busy) {
		g.Mail = 1 + int(h&7)
	}
	if h = dice.Mix(h); dice.Chance(dice.Roll(k.Hash, dice.TagApp), 330) && dice.Chance(h, busy) {
		g.Posted = int(h & 3)
		g.Read = 1 + g.Posted + int(h>>2&15)
		g.Likes = int(h >> 6 & 3)
	}
	return g
}

const (
	Gigabyte = 1 << 30
	Terabyte = 1 << 40
)

// Grown is how many things there are after so many days: some to begin with, and up to fast a hundred days more.
func Grown(h uint64, age, begin, fast int) int {
	return dice.Pick(h, begin+1) + max(age, 0)*dice.Pick(dice.Mix(h), fast+1)/100
}

// SharesMailbox is true for the accounts behind a shared mailbox.
func (p *Person) SharesMailbox() bool {
	return p.Kind == Service && dice.Chance(dice.Roll(p.Hash, dice.TagMailbox), 600)
}

// SharedMail is the last day on which somebody used a shared mailbox.
func (p *Person) SharedMail(on calendar.Day) calendar.Day {
	every := 1 + dice.Pick(dice.Roll(p.Hash, dice.TagPresence), 9)
	return max(p.Start, min(on, p.Left-1)-(on-p.Start)%every)
}

// SitePool is what the tenant may store in all sites together. The report repeats it in every row.
const SitePool = 25 * Terabyte

// Sites is how many sites there ever were.
func (c *Company) Sites() int { return min(24+c.Users/25, 600) }

// Site is one SharePoint site.
type Site struct {
	Hash     uint64
	Number   int
	Name     string
	Created  calendar.Day
	Closed   calendar.Day // nothing happens from here on
	Template string
	busy     int // working days in a thousand on which something happens
}

// siteNames are what sites are called that belong to no department.
var siteNames = [...]string{"Project", "Team", "Customer", "Audit", "Board & Budget", "Événements"}

// Site is the nth site, from 0 to Sites.
func (c *Company) Site(n int) Site {
	h := dice.Mix(dice.Roll(c.Seed, dice.TagSite) + uint64(n))
	k := Site{Hash: h, Number: n, Closed: calendar.Never, Template: "Group"}
	k.Created = 16900 + dice.Pick(dice.Roll(h, dice.TagHire), 4000)
	if d := departments[n%(len(departments)-1)]; n < len(departments)-1 {
		k.Name = d.Name
	} else {
		k.Name = siteNames[dice.Pick(dice.Roll(h, dice.TagFirstName), len(siteNames))] +
			" " + strconv.Itoa(n)
	}
	switch s := dice.Pick(dice.Roll(h, dice.TagType), 10); {
	case s < 2:
		k.Template = "Communication Site"
	case s < 3:
		k.Template = "Team Channel"
	case s < 4:
		k.Template = "Team Site"
	}
	k.busy = dice.Pick(dice.Roll(h, dice.TagPresence), 1000)
	if dice.Chance(dice.Roll(h, dice.TagStop), 350) {
		k.Closed = k.Created + dice.Pick(dice.Roll(h, dice.TagStop)+1, 1500)
	}
	return k
}

// SiteDay is what happened on a site on one day: nothing on most days off.
type SiteDay struct{ Files, Views, Pages int }

// DayOf is what happened on the site on a day.
func (k *Site) DayOf(d calendar.Day) (s SiteDay) {
	if d < k.Created || d >= k.Closed {
		return s
	}
	h := dice.Mix(k.Hash ^ uint64(d)*0x9e3779b97f4a7c15)
	busy := k.busy
	if weekday := (d + 4) % 7; weekday == 0 || weekday == 6 {
		busy /= 20
	}
	if !dice.Chance(h, busy) {
		return s
	}
	h = dice.Mix(h)
	s.Files = int(h & 15)
	s.Pages = 1 + int(h>>4&7)
	s.Views = s.Pages + int(h>>7&63)
	return s
}

// Files is how many files the site holds on a day.
func (k *Site) Files(on calendar.Day) int {
	return 1 + Grown(dice.Roll(k.Hash, dice.TagDrive), min(on, k.Closed)-k.Created, 3000, 2000)
}

// Bytes is what so many files take.
func (k *Site) Bytes(files int) int {
	return files * (200_000 + dice.Pick(dice.Mix(k.Hash+1), 3_000_000))
}

// Slug is the name as it is in an address.
func (k *Site) Slug() string {
	var b []byte
	for _, c := range []byte(k.Name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b = append(b, c)
		}
	}
	return string(b)
}

// SharePointHost is the tenant's name at SharePoint. It ends in .example, which nobody can own.
func (c *Company) SharePointHost(kind string) string {
	return strings.TrimSuffix(c.Domain, ".example") + kind + ".sharepoint.example"
}

// AppendDriveURL writes the address of a person's OneDrive: the user principal name with "_" for everything that is not
// a letter or a digit.
func (c *Company) AppendDriveURL(b []byte, p *Person, on calendar.Day) []byte {
	b = append(append(append(b, "https://"...), c.SharePointHost("-my")...), "/personal/"...)
	from := len(b)
	b = c.AppendUPN(b, p, on)
	for i, c := range b[from:] {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			b[from+i] = '_'
		}
	}
	return b
}

// Owner is the person who answers for a site that belongs to no group.
func (c *Company) Owner(k *Site, on calendar.Day) (Person, bool) {
	h := dice.Roll(k.Hash, dice.TagManager)
	for range 24 {
		h = dice.Mix(h)
		if p := c.Person(dice.Pick(h, c.Users), on); p.Kind == Member {
			return p, true
		}
	}
	return Person{}, false
}
