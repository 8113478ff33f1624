package sandbox

import (
	"strconv"
	"strings"
)

type kind uint8

const (
	member kind = iota
	guest
	service // an account for a program: no licence, never active
)

// A person holds one seat of the company for some years. On the day an account
// is removed the seat goes to somebody new, so the directory always lists the
// same number of people while one or two in a hundred come and go every month.
type person struct {
	n    int
	gen  int    // how many held the seat before
	seat uint64 // hash of the seat: traits of the post
	h    uint64 // hash of the person
	kind kind
	dept *department

	start  day // first day of work; the account was created the evening before
	left   day // first day on which the account is disabled
	gone   day // day on which the account is removed, and the next person starts
	rename day // day on which the person takes another surname
}

func (c *company) seat(n int) uint64 { return mix(c.seed ^ mix(uint64(n)+1)) }

func (c *company) kind(n int) kind {
	if n == 0 {
		return member
	}
	switch k := pick(roll(c.seat(n), tagKind), 1000); {
	case k < 920:
		return member
	case k < 975:
		return guest
	}
	return service
}

// person is who holds seat n on the given day.
func (c *company) person(n int, on day) person {
	seat := c.seat(n)
	p := person{n: n, seat: seat, kind: c.kind(n), rename: never}
	cycle := 1200 + pick(roll(seat, tagCycle), 1800)
	offset := pick(roll(seat, tagOffset), cycle)
	if p.kind == service {
		cycle, offset = 1<<20, 0 // programs stay
	}
	p.gen = (on + offset) / cycle
	p.h = mix(seat ^ mix(uint64(p.gen)+uint64(tagGeneration)<<32))
	p.start = p.gen*cycle - offset
	p.gone = p.start + cycle
	p.left = p.gone - 30 - pick(roll(p.h, tagDisabledFor), 90)
	if p.kind == service {
		p.start = 17000 + pick(roll(seat, tagHire), 2500)
		p.left, p.gone = never, never
		if chance(roll(p.h, tagDisabledFor), 120) {
			p.left = p.start + 300
		}
	}
	p.dept = c.department(n)
	if h := roll(p.h, tagRename); p.kind == member && chance(h, 100) {
		p.rename = p.start + 30 + pick(mix(h), p.left-p.start-60)
	}
	return p
}

// created is the day before the first one: accounts are made in the evening.
func (p *person) created() day { return p.start - 1 }

func (p *person) enabled(on day) bool { return on < p.left }

// synced is true for those who come from the company's own directory.
func (p *person) synced() bool { return p.kind == member && chance(roll(p.h, tagSynced), 700) }

// number makes sign-in names unique: no two seats share one, nor do two
// successive holders of a seat.
func (p *person) number() int { return p.n*2 + p.gen&1 }

func (p *person) firstName() name { return firstNames[pick(roll(p.h, tagFirstName), len(firstNames))] }

func (p *person) lastName(on day) name {
	if on >= p.rename {
		return lastNames[(pick(roll(p.h, tagLastName), len(lastNames))+1+pick(roll(p.h, tagNewName), len(lastNames)-1))%len(lastNames)]
	}
	return lastNames[pick(roll(p.h, tagLastName), len(lastNames))]
}

func (p *person) serviceName() name {
	return serviceNames[pick(roll(p.h, tagFirstName), len(serviceNames))]
}

func (p *person) displayName(on day) string {
	if p.kind == service {
		return "Service " + p.serviceName().written
	}
	first, last := p.firstName().written, p.lastName(on).written
	switch d := pick(roll(p.h, tagDisplay), 100); {
	case p.kind == guest && d < 40:
		return last + ", " + first + " (External)"
	case d < 3:
		return last + ", " + first
	}
	return first + " " + last
}

// partner is the domain a guest comes from.
func (p *person) partner() string {
	return partners[pick(roll(p.h, tagCompanyName), len(partners))]
}

// appendUPN writes the user principal name.
func (c *company) appendUPN(b []byte, p *person, on day) []byte {
	if p.kind == service {
		b = append(append(b, "svc-"...), p.serviceName().ascii...)
	} else {
		b = append(append(append(b, p.firstName().ascii...), '.'), p.lastName(on).ascii...)
	}
	b = strconv.AppendInt(b, int64(p.number()), 10)
	if p.kind == guest {
		b = append(append(append(b, '_'), p.partner()...), "#EXT#"...)
	}
	return append(append(b, '@'), c.domain...)
}

// appendMail writes the mail address. Guests keep theirs, programs have none.
func (c *company) appendMail(b []byte, p *person, on day) []byte {
	switch p.kind {
	case service:
		return b
	case guest:
		b = append(append(append(b, p.firstName().ascii...), '.'), p.lastName(on).ascii...)
		b = strconv.AppendInt(b, int64(p.number()), 10)
		return append(append(b, '@'), p.partner()...)
	}
	return c.appendUPN(b, p, on)
}

// appendID writes the object id, which survives a rename.
func (c *company) appendID(b []byte, p *person) []byte {
	x := encipher(c.seed, uint64(p.n)<<8|uint64(p.gen)&0xff)
	h := roll(p.h, tagID)
	return appendGUID(b, x<<16|h&0xfff, mix(h))
}

// seatOf is the seat that an object id leads to.
func (c *company) seatOf(id string) (n int, ok bool) {
	if len(id) != 36 {
		return 0, false
	}
	x, err := strconv.ParseUint(id[:8]+id[9:13], 16, 64)
	if err != nil {
		return 0, false
	}
	n = int(decipher(c.seed, x) >> 8)
	return n, n < c.users
}

// byID finds a person by object id or user principal name.
func (c *company) byID(key string, on day) (person, bool) {
	n := -1
	if at := strings.IndexByte(key, '@'); at > 0 {
		name, _, _ := strings.Cut(key[:at], "_") // a guest's name ends at the home domain
		digits := len(name)
		for digits > 0 && name[digits-1] >= '0' && name[digits-1] <= '9' {
			digits--
		}
		if number, err := strconv.Atoi(name[digits:]); err == nil {
			n = number / 2
		}
	} else if seat, ok := c.seatOf(key); ok {
		n = seat
	}
	if n < 0 || n >= c.users {
		return person{}, false
	}
	p := c.person(n, on)
	if !strings.EqualFold(key, string(c.appendID(nil, &p))) && !strings.EqualFold(key, string(c.appendUPN(nil, &p, on))) {
		return person{}, false
	}
	return p, true
}

// key tells the holders of all seats apart.
func (p *person) key() int { return p.n<<8 | p.gen&0xff }
