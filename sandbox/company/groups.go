package company

import (
	"strings"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// A Group grants its products to its members.
type Group struct {
	Name, Description string
	SKU               int // index into products.SKUs, or NoSKU
	Off               products.PlansOff
	Dynamic           string
	Assignable        bool // to a directory role
	Synced            bool // from the company's own directory
}

// NoSKU is the product of a group that grants none.
const NoSKU = -1

const (
	GroupE5 = iota
	GroupE3
	GroupE3NoEngage
	GroupF3
	GroupE1
	GroupCopilot
	GroupEverybody
	GroupVPN
	groupCouncil
	GroupHelpdesk
	groupCount
)

// GroupSet is a set of groups, by their index in groups.
type GroupSet uint64

// A GroupSet has room for 64 groups. More of them do not compile.
var _ [64 - groupCount]struct{}

// Has says whether a group is in the set.
func (s GroupSet) Has(g int) bool { return s>>g&1 != 0 }

// Add puts a group into the set.
func (s *GroupSet) Add(g int) { *s |= 1 << g }

// Drop takes a group out of the set.
func (s *GroupSet) Drop(g int) { *s &^= 1 << g }

// Groups are the security groups of every tenant. It is not changed.
var Groups = [groupCount]Group{
	GroupE5: {Name: "LIC Microsoft 365 E5", Description: "Grants Microsoft 365 E5", SKU: products.E5},
	GroupE3: {Name: "LIC Microsoft 365 E3", Description: "Grants Microsoft 365 E3", SKU: products.E3},
	GroupE3NoEngage: {Name: "LIC Microsoft 365 E3 without Viva Engage", Description: "Grants Microsoft 365 E3, Viva " +
		"Engage switched off", SKU: products.E3, Off: products.YammerOff},
	GroupF3: {
		Name:        "LIC Microsoft 365 F3",
		Description: "Frontline workers",
		SKU:         products.F3,
		Dynamic:     `(user.department -in ["Operations","Customer Service"])`,
	},
	GroupE1:      {Name: "LIC Office 365 E1", Description: "Grants Office 365 E1", SKU: products.E1},
	GroupCopilot: {Name: "LIC Copilot wave 1 & 2", Description: "Copilot pilots", SKU: products.Copilot},
	GroupEverybody: {Name: "All Employees", Description: "Everybody", SKU: NoSKU, Dynamic: `(user.userType -eq ` +
		`"Member")`},
	GroupVPN:     {Name: "VPN Users", Description: "Remote access", SKU: NoSKU, Synced: true},
	groupCouncil: {Name: "Works Council", Description: "", SKU: NoSKU},
	GroupHelpdesk: {Name: "ADM Helpdesk", Description: "Grants the role of the help " +
		"desk", SKU: NoSKU, Assignable: true},
}

// GroupID is the object id of a group, by its index in Groups.
func (c *Company) GroupID(i int) string {
	return dice.GUID(dice.Roll(c.Seed, dice.TagGroup) + uint64(i))
}

// GroupByID is the index of a group, -1 for none.
func (c *Company) GroupByID(id string) int {
	for i := range Groups {
		if strings.EqualFold(id, c.GroupID(i)) {
			return i
		}
	}
	return -1
}

// IsMember says who is in a group. The groups that grant products have those who hold them by the group, whether or not
// there was a seat left.
func (p *Person) IsMember(g int, l *Licenses, on calendar.Day) bool {
	h := dice.Roll(p.SeatHash, dice.TagMembership) + uint64(g)
	switch {
	case Groups[g].SKU != NoSKU:
		for i := range l.All() {
			if l.List[i].Group == int8(g) {
				return true
			}
		}
		return false
	case p.Kind != Member:
		return false
	case g == GroupEverybody:
		return true
	case g == GroupHelpdesk:
		return p.Enabled(on) && p.Administers() && dice.Chance(dice.Mix(h), 400)
	case g == groupCouncil:
		return dice.Chance(dice.Mix(h), 12)
	}
	return dice.Chance(dice.Mix(h), 350)
}
