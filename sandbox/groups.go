package sandbox

import (
	"strings"
)

// A group grants its products to its members.
type group struct {
	name, description string
	sku               int // index into skus, or none
	off               plansOff
	dynamic           string
	assignable        bool // to a directory role
	synced            bool // from the company's own directory
}

const noSKU = -1

const (
	groupE5 = iota
	groupE3
	groupE3NoEngage
	groupF3
	groupE1
	groupCopilot
	groupEverybody
	groupVPN
	groupCouncil
	groupHelpdesk
	groupCount
)

// groupSet is a set of groups, by their index in groups.
type groupSet uint64

func (s groupSet) has(g int) bool { return s>>g&1 != 0 }

func (s *groupSet) add(g int) { *s |= 1 << g }

func (s *groupSet) drop(g int) { *s &^= 1 << g }

var groups = [groupCount]group{
	groupE5:         {name: "LIC Microsoft 365 E5", description: "Grants Microsoft 365 E5", sku: e5},
	groupE3:         {name: "LIC Microsoft 365 E3", description: "Grants Microsoft 365 E3", sku: e3},
	groupE3NoEngage: {name: "LIC Microsoft 365 E3 without Viva Engage", description: "Grants Microsoft 365 E3, Viva Engage switched off", sku: e3, off: yammerOff},
	groupF3:         {name: "LIC Microsoft 365 F3", description: "Frontline workers", sku: f3, dynamic: `(user.department -in ["Operations","Customer Service"])`},
	groupE1:         {name: "LIC Office 365 E1", description: "Grants Office 365 E1", sku: e1},
	groupCopilot:    {name: "LIC Copilot wave 1 & 2", description: "Copilot pilots", sku: copilot},
	groupEverybody:  {name: "All Employees", description: "Everybody", sku: noSKU, dynamic: `(user.userType -eq "Member")`},
	groupVPN:        {name: "VPN Users", description: "Remote access", sku: noSKU, synced: true},
	groupCouncil:    {name: "Works Council", description: "", sku: noSKU},
	groupHelpdesk:   {name: "ADM Helpdesk", description: "Grants the role of the help desk", sku: noSKU, assignable: true},
}

func (c *company) groupID(i int) string { return guid(roll(c.seed, tagGroup) + uint64(i)) }

// groupByID is the index of a group, -1 for none.
func (c *company) groupByID(id string) int {
	for i := range groups {
		if strings.EqualFold(id, c.groupID(i)) {
			return i
		}
	}
	return -1
}

// isMember says who is in a group. The groups that grant products have those
// who hold them by the group, whether or not there was a seat left.
func (p *person) isMember(g int, l *licenses, on day) bool {
	h := roll(p.seat, tagMembership) + uint64(g)
	switch {
	case groups[g].sku != noSKU:
		for i := range l.all() {
			if l.list[i].group == int8(g) {
				return true
			}
		}
		return false
	case p.kind != member:
		return false
	case g == groupEverybody:
		return true
	case g == groupHelpdesk:
		return p.enabled(on) && p.administers() && chance(mix(h), 400)
	case g == groupCouncil:
		return chance(mix(h), 12)
	}
	return chance(mix(h), 350)
}
