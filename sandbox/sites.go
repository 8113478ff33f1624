package sandbox

import (
	"strconv"
	"strings"
)

const siteHeader = "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count," +
	"Page View Count,Visited Page Count,Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period"

// sitePool is what the tenant may store in all sites together. The report
// repeats it in every row.
const sitePool = 25 * terabyte

// sites is how many sites there ever were.
func (t *Tenant) sites() int { return min(24+t.users/25, 600) }

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

func (t *Tenant) site(n int) site {
	h := mix(roll(t.seed, tagSite) + uint64(n))
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
func (t *Tenant) sharePointHost(kind string) string {
	return strings.TrimSuffix(t.company.domain, ".example") + kind + ".sharepoint.example"
}

// appendDriveURL writes the address of a person's OneDrive: the user principal
// name with "_" for everything that is not a letter or a digit.
func (t *Tenant) appendDriveURL(b []byte, p *person, on day) []byte {
	b = append(append(append(b, "https://"...), t.sharePointHost("-my")...), "/personal/"...)
	from := len(b)
	b = t.appendUPN(b, p, on)
	for i, c := range b[from:] {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			b[from+i] = '_'
		}
	}
	return b
}

// owner is the person who answers for a site that belongs to no group.
func (t *Tenant) owner(k *site, on day) (person, bool) {
	h := roll(k.h, tagManager)
	for range 24 {
		h = mix(h)
		if p := t.person(pick(h, t.users), on); p.kind == member {
			return p, true
		}
	}
	return person{}, false
}

// writeSite fills a row of getSharePointSiteUsageDetail.
func writeSite(v *reportView) bool {
	k := v.t.site(v.item)
	if k.created > v.refresh {
		return false
	}
	last := noDay
	for d := v.refresh; d > v.refresh-history && d >= k.created && last == noDay; d-- {
		if k.on(d) != (siteDay{}) {
			last = d
		}
	}
	if v.one && last != v.refresh {
		return false
	}
	var sum siteDay
	for d := v.from(); d <= v.refresh; d++ {
		s := k.on(d)
		sum.files += s.files
		sum.views += s.views
		sum.pages += s.pages
	}
	files := k.files(v.refresh)
	owner, found := person{}, false
	if k.template != "Group" {
		owner, found = v.t.owner(&k, v.t.day())
	}
	r := &v.row
	r.date(v.refresh)
	v.site(guid(k.h))
	v.siteURL(func(b []byte) []byte {
		return append(append(append(append(b, "https://"...), v.t.sharePointHost("")...), "/sites/"...), k.slug()...)
	})
	switch v.person = owner; {
	case found:
		v.displayName()
	case k.template == "Group" && v.concealed:
		v.hide(roll(k.h, tagConceal) + 2)
	case k.template == "Group":
		r.text([]byte(k.name + " Owners"))
	default:
		r.plain("")
	}
	r.truth(false)
	r.date(last)
	r.int(files)
	r.int(sum.files)
	r.int(sum.views)
	r.int(sum.pages)
	r.int(k.bytes(files))
	r.int(sitePool)
	r.plain(k.template)
	switch {
	case found:
		v.upn()
	case k.template == "Group" && v.concealed:
		v.hide(roll(k.h, tagConceal) + 1)
	case k.template == "Group":
		r.text([]byte(k.slug() + "@" + v.t.company.domain))
	default:
		r.plain("")
	}
	r.int(v.days)
	return true
}
