package company

import (
	"strconv"
	"strings"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
)

// Attribute is a text of the person's directory object, by the name of Graph's property. It is empty for what the
// person has not, and for names that are no texts.
func (c *Company) Attribute(p *Person, on calendar.Day, name string) string {
	switch name {
	case "displayName":
		return p.DisplayName(on)
	case "givenName":
		if p.Kind != Service {
			return p.FirstName().Written
		}
	case "surname":
		if p.Kind != Service {
			return p.LastName(on).Written
		}
	case "jobTitle":
		return c.Title(p)
	case "companyName":
		switch p.Kind {
		case Guest:
			return strings.TrimSuffix(p.Partner(), ".example")
		case Member:
			return c.Name()
		}
	}
	if p.Kind == Member {
		return p.memberAttribute(name)
	}
	return ""
}

// memberAttribute is a text that only people of the company have.
func (p *Person) memberAttribute(name string) string {
	switch name {
	case "department":
		return p.Department.Name
	case "officeLocation":
		return p.Office().Name
	case "city":
		return p.Office().City
	case "country":
		return p.Office().Country
	case "preferredLanguage":
		return p.Office().Language
	case "employeeId":
		return "E" + strconv.Itoa(100000+p.Number())
	case "employeeType":
		if dice.Chance(dice.Roll(p.Hash, dice.TagType), 80) {
			return "Contractor"
		}
		return "Employee"
	}
	return ""
}

// UsageLocation is the country that the person's licences are used in. It is "" for guests and for people
// without licences.
func (p *Person) UsageLocation(l *Licenses) string {
	if p.Kind != Member || l.N == 0 {
		return ""
	}
	return p.Office().Usage
}

// UsageLocation is the organization's default usage location.
const UsageLocation = "CH"
