package company

import (
	"strconv"
	"strings"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
)

// A Kind says whether an account is a member's, a guest's or a program's.
type Kind uint8

const (
	Member Kind = iota
	Guest
	Service // an account for a program: no licence, never active
)

// A Person holds one seat of the company for some years. On the day an account is removed the seat goes to somebody
// new, so the directory always lists the same number of people while one or two in a hundred come and go every month.
type Person struct {
	Seat       int
	Holder     int    // how many held the seat before
	SeatHash   uint64 // hash of the seat: traits of the post
	Hash       uint64 // hash of the person
	Kind       Kind
	Department *Department

	Start   calendar.Day // first day of work; the account was created the evening before
	Left    calendar.Day // first day on which the account is disabled
	Gone    calendar.Day // day on which the account is removed, and the next person starts
	Renamed calendar.Day // day on which the person takes another surname
}

func (c *Company) seat(n int) uint64 { return dice.Mix(c.Seed ^ dice.Mix(uint64(n)+1)) }

func (c *Company) kind(n int) Kind {
	if n == 0 {
		return Member
	}
	switch k := dice.Pick(dice.Roll(c.seat(n), dice.TagKind), 1000); {
	case k < 920:
		return Member
	case k < 975:
		return Guest
	}
	return Service
}

// Person is who holds seat n on the given day.
func (c *Company) Person(n int, on calendar.Day) Person {
	seat := c.seat(n)
	p := Person{Seat: n, SeatHash: seat, Kind: c.kind(n), Renamed: calendar.Never}
	cycle := 1200 + dice.Pick(dice.Roll(seat, dice.TagCycle), 1800)
	offset := dice.Pick(dice.Roll(seat, dice.TagOffset), cycle)
	if p.Kind == Service {
		cycle, offset = 1<<20, 0 // programs stay
	}
	p.Holder = (on + offset) / cycle
	p.Hash = dice.Mix(seat ^ dice.Mix(uint64(p.Holder)+uint64(dice.TagGeneration)<<32))
	p.Start = p.Holder*cycle - offset
	p.Gone = p.Start + cycle
	p.Left = p.Gone - 30 - dice.Pick(dice.Roll(p.Hash, dice.TagDisabledFor), 90)
	if p.Kind == Service {
		p.Start = 17000 + dice.Pick(dice.Roll(seat, dice.TagHire), 2500)
		p.Left, p.Gone = calendar.Never, calendar.Never
		if dice.Chance(dice.Roll(p.Hash, dice.TagDisabledFor), 120) {
			p.Left = p.Start + 300
		}
	}
	p.Department = c.department(n)
	if h := dice.Roll(p.Hash, dice.TagRename); p.Kind == Member && dice.Chance(h, 100) {
		p.Renamed = p.Start + 30 + dice.Pick(dice.Mix(h), p.Left-p.Start-60)
	}
	return p
}

// Created is the day before the first one: accounts are made in the evening.
func (p *Person) Created() calendar.Day { return p.Start - 1 }

// Enabled says whether the account can sign in on a day.
func (p *Person) Enabled(on calendar.Day) bool { return on < p.Left }

// Synced is true for those who come from the company's own directory.
func (p *Person) Synced() bool {
	return p.Kind == Member && dice.Chance(dice.Roll(p.Hash, dice.TagSynced), 700)
}

// Number makes sign-in names unique: no two seats share one, nor do two successive holders of a seat.
func (p *Person) Number() int { return p.Seat*2 + p.Holder&1 }

// FirstName is the given name, which never changes.
func (p *Person) FirstName() PersonName {
	return firstNames[dice.Pick(dice.Roll(p.Hash, dice.TagFirstName), len(firstNames))]
}

// LastName is the surname on a day.
func (p *Person) LastName(on calendar.Day) PersonName {
	n := dice.Pick(dice.Roll(p.Hash, dice.TagLastName), len(lastNames))
	if on >= p.Renamed {
		another := dice.Pick(dice.Roll(p.Hash, dice.TagNewName), len(lastNames)-1)
		n = (n + 1 + another) % len(lastNames)
	}
	return lastNames[n]
}

func (p *Person) serviceName() PersonName {
	return serviceNames[dice.Pick(dice.Roll(p.Hash, dice.TagFirstName), len(serviceNames))]
}

// DisplayName is the display name on a day, in the ways in which directories have it.
func (p *Person) DisplayName(on calendar.Day) string {
	if p.Kind == Service {
		return "Service " + p.serviceName().Written
	}
	first, last := p.FirstName().Written, p.LastName(on).Written
	switch d := dice.Pick(dice.Roll(p.Hash, dice.TagDisplay), 100); {
	case p.Kind == Guest && d < 40:
		return last + ", " + first + " (External)"
	case d < 3:
		return last + ", " + first
	}
	return first + " " + last
}

// Partner is the domain a guest comes from.
func (p *Person) Partner() string {
	return partners[dice.Pick(dice.Roll(p.Hash, dice.TagCompanyName), len(partners))]
}

// AppendUPN writes the user principal name.
func (c *Company) AppendUPN(b []byte, p *Person, on calendar.Day) []byte {
	if p.Kind == Service {
		b = append(append(b, "svc-"...), p.serviceName().ascii...)
	} else {
		b = append(append(append(b, p.FirstName().ascii...), '.'), p.LastName(on).ascii...)
	}
	b = strconv.AppendInt(b, int64(p.Number()), 10)
	if p.Kind == Guest {
		b = append(append(append(b, '_'), p.Partner()...), "#EXT#"...)
	}
	return append(append(b, '@'), c.Domain...)
}

// AppendMail writes the mail address. Guests keep theirs, programs have none.
func (c *Company) AppendMail(b []byte, p *Person, on calendar.Day) []byte {
	switch p.Kind {
	case Service:
		return b
	case Guest:
		b = append(append(append(b, p.FirstName().ascii...), '.'), p.LastName(on).ascii...)
		b = strconv.AppendInt(b, int64(p.Number()), 10)
		return append(append(b, '@'), p.Partner()...)
	}
	return c.AppendUPN(b, p, on)
}

// AppendID writes the object id, which survives a rename.
func (c *Company) AppendID(b []byte, p *Person) []byte {
	x := dice.Encipher(c.Seed, uint64(p.Seat)<<8|uint64(p.Holder)&0xff)
	h := dice.Roll(p.Hash, dice.TagID)
	return dice.AppendGUID(b, x<<16|h&0xfff, dice.Mix(h))
}

// SeatOf is the seat that an object id leads to.
func (c *Company) SeatOf(id string) (n int, ok bool) {
	if len(id) != 36 {
		return 0, false
	}
	x, err := strconv.ParseUint(id[:8]+id[9:13], 16, 64)
	if err != nil {
		return 0, false
	}
	n = int(dice.Decipher(c.Seed, x) >> 8)
	return n, n < c.Users
}

// Find finds a person by object id or user principal name. It returns false if there is none.
func (c *Company) Find(key string, on calendar.Day) (Person, bool) {
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
	} else if seat, ok := c.SeatOf(key); ok {
		n = seat
	}
	if n < 0 || n >= c.Users {
		return Person{}, false
	}
	p := c.Person(n, on)
	if !strings.EqualFold(key, string(c.AppendID(nil, &p))) &&
		!strings.EqualFold(key, string(c.AppendUPN(nil, &p, on))) {
		return Person{}, false
	}
	return p, true
}

// Key tells the holders of all seats apart.
func (p *Person) Key() int { return p.Seat<<8 | p.Holder&0xff }
