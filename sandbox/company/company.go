package company

import (
	"strings"

	"m365lake/sandbox/dice"
)

// A firm gives the tenant its name and its domain. Domains end in .example, which nobody can own.
type firm struct{ name, domain string }

var firms = []firm{
	{"Harbourlight Instruments", "harbourlight.example"},
	{"Tannwald Möbelwerke", "tannwald.example"},
	{"Copperfield & Daughters", "copperfield.example"},
	{"Maison Verrière", "verriere.example"},
	{"Bluefell Logistics", "bluefell.example"},
	{"Öresund Medical", "oresund.example"},
	{"Quillpoint Insurance", "quillpoint.example"},
	{"Sierra Alta Foods", "sierraalta.example"},
}

// Company is the invented company: who works there, what they hold and what they did on a day.
type Company struct {
	Users    int // people in the directory
	Seed     uint64
	firmName string
	Domain   string
}

// New invents the company of a seed with so many people in its directory.
func New(users int, seed uint64) *Company {
	c := &Company{Users: users, Seed: dice.Mix(seed)}
	f := firms[dice.Pick(dice.Roll(c.Seed, dice.TagCompany), len(firms))]
	c.firmName, c.Domain = f.name, f.domain
	return c
}

// Title gives leaders a leading title: every ninth person leads somebody.
func (c *Company) Title(p *Person) string {
	switch {
	case p.Kind != Member:
		return ""
	case p.Seat == 0:
		return "Chief Executive Officer"
	}
	role := p.Department.titles[dice.Pick(dice.Roll(p.Hash, dice.TagTitle), len(p.Department.titles))]
	if role == "" {
		return ""
	}
	if p.Seat <= c.Users/9 && p.Department.Name != "" {
		if dice.Chance(dice.Roll(p.SeatHash, dice.TagSeniority), 250) {
			return "Head of " + strings.SplitN(p.Department.Name, ",", 2)[0]
		}
		return "Lead " + role
	}
	switch s := dice.Pick(dice.Roll(p.Hash, dice.TagSeniority), 10); {
	case s < 2:
		return "Senior " + role
	case s == 9:
		return "Junior " + role
	}
	return role
}

// Manager finds the seat a member reports to. Leaders sit on low numbers, and a manager's number is always lower than
// the report's, so that nobody leads their own manager.
func (c *Company) Manager(p *Person) (seat int, ok bool) {
	if p.Kind != Member || p.Seat == 0 {
		return 0, false
	}
	h := dice.Roll(p.SeatHash, dice.TagManager)
	if dice.Chance(h, 15) {
		return 0, false // the field is never complete in a real directory
	}
	leaders := p.Seat/9 + 1
	for range 24 {
		h = dice.Mix(h)
		n := dice.Pick(h, leaders)
		if n < p.Seat && c.kind(n) == Member && c.department(n) == p.Department {
			return n, true
		}
	}
	return 0, true
}

// ID is the tenant id.
func (c *Company) ID() string { return dice.GUID(dice.Roll(c.Seed, dice.TagTenant)) }

// Name is the organization's display name.
func (c *Company) Name() string { return c.firmName }
