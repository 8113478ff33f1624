package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
)

// A Role is a directory role. The ids of built-in roles are Microsoft's own and the same in every tenant.
type Role struct {
	ID, Name string
	BuiltIn  bool
}

// DirectoryRoles are the directory roles of a tenant, by which RoleAssignment.Role counts.
var DirectoryRoles = []Role{
	{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator", true},
	{"f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", true},
	{"fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator", true},
	{"729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", true},
	{"4d6ac14f-3453-41d0-bef9-a3e0c569773a", "License Administrator", true},
	{"29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator", true},
	{"f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator", true},
	{"69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator", true},
	{"194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator", true},
	{"5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader", true},
	{"4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader", true},
	{"b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator", true},
	{"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", true},
	{"", "Licence Desk", false}, // the company's own; its id is the tenant's
}

const (
	roleGlobalAdmin     = 0
	roleHelpdesk        = 3
	roleDirectoryReader = 12
)

// RoleID is the template id of a role, by its index in DirectoryRoles.
func (c *Company) RoleID(i int) string {
	if id := DirectoryRoles[i].ID; id != "" {
		return id
	}
	return dice.GUID(dice.Roll(c.Seed, dice.TagRole) + uint64(i))
}

// RoleAssignment is one directory role that somebody or something has.
type RoleAssignment struct {
	Role      int
	Principal string
	Scope     string
}

// maxAdmins bounds how many people administer anything: a directory with more people has no more administrators.
const maxAdmins = 40

// Administers is true for the people a role could be given to.
func (p *Person) Administers() bool {
	return p.Kind == Member && p.Seat < 5000 && p.Department.Name == "Information Technology"
}

// RoleAssignments is who may do what: people of the IT department, a program of the company, an application, and a
// group for the help desk.
func (c *Company) RoleAssignments(on calendar.Day) []*RoleAssignment {
	var list []*RoleAssignment
	give := func(role int, principal, scope string) {
		list = append(list, &RoleAssignment{role, principal, scope})
	}
	give(roleHelpdesk, c.GroupID(GroupHelpdesk), "/")
	give(roleDirectoryReader, dice.GUID(dice.Roll(c.Seed, dice.TagRole)+1000), "/") // a service principal
	program := false
	for n := 0; n < min(c.Users, 5000) && len(list) < maxAdmins; n++ {
		p := c.Person(n, on)
		h := dice.Roll(p.SeatHash, dice.TagRole)
		switch {
		case p.Kind == Service && !program && p.Enabled(on):
			program = true
			give(roleGlobalAdmin, string(c.AppendID(nil, &p)), "/")
		case p.Administers() && p.Enabled(on) && dice.Chance(h, 500):
			id := string(c.AppendID(nil, &p))
			first := dice.Pick(dice.Mix(h), len(DirectoryRoles))
			scope := "/"
			if DirectoryRoles[first].Name == "User Administrator" {
				scope = "/administrativeUnits/" + dice.GUID(dice.Roll(c.Seed, dice.TagRole)+2000)
			}
			give(first, id, scope)
			if second := dice.Pick(dice.Mix(h+1), len(DirectoryRoles)); second != first &&
				dice.Chance(dice.Mix(h+2), 300) {
				give(second, id, "/")
			}
		}
	}
	return list
}
