package books

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"m365lake/sandbox/company"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// property is what a PATCH of a user may set.
type property struct {
	name      string
	limit     int  // characters, 0 for what is no text
	sensitive bool // of an administrator, needs more than a permission (users-overview, sensitive actions)
	cloud     bool // is set here even for those who come from the company's own directory
}

// Source: https://learn.microsoft.com/graph/api/resources/user
var properties = []property{
	{name: "accountEnabled", sensitive: true},
	{name: "usageLocation", cloud: true},
	{name: "displayName", limit: 256},
	{name: "givenName", limit: 64},
	{name: "surname", limit: 64},
	{name: "jobTitle", limit: 128},
	{name: "department", limit: 64},
	{name: "companyName", limit: 64},
	{name: "officeLocation", limit: 128},
	{name: "city", limit: 128},
	{name: "country", limit: 128},
	{name: "employeeId", limit: 16},
	{name: "employeeType", limit: 64},
	{name: "preferredLanguage", limit: 16},
	{name: "mobilePhone", limit: 64, sensitive: true},
}

// propertyIndex is the index of a property in properties, -1 for a name that is none.
func propertyIndex(name string) int {
	return slices.IndexFunc(properties, func(p property) bool { return p.name == name })
}

// setProperty writes one property into an account.
func (a *Account) setProperty(p *property, raw json.RawMessage) *odata.Answer {
	switch p.name {
	case "accountEnabled":
		if wire.IsNull(raw) || json.Unmarshal(raw, &a.Enabled) != nil {
			return invalidValue(p.name)
		}
		return nil
	case "usageLocation":
		usage, ok := wire.TextOf(raw)
		if !ok || usage != "" && !isCountry(usage) || usage == "" && !wire.IsNull(raw) {
			return invalidValue(p.name)
		}
		a.Usage = usage
		return nil
	}
	value, ok := wire.TextOf(raw)
	if !ok || utf8.RuneCountInString(value) > p.limit || p.name == "displayName" && value == "" {
		return invalidValue(p.name)
	}
	if a.Properties == nil {
		a.Properties = map[string]string{}
	}
	a.Properties[p.name] = string(wire.AppendTextOrNull(nil, value))
	return nil
}

// isCountry says whether a text looks like a country of ISO 3166.
func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// protected is true for holders of an administrative role, directly or by a group. An application without a role of its
// own cannot disable or delete them. The books are locked.
func (b *Books) protected(a *Account) bool {
	if a.Created {
		return false
	}
	if a.MemberOf(company.GroupHelpdesk) {
		return true
	}
	if a.Person.Kind != company.Service && !a.Person.Administers() {
		return false // no need to ask for everybody's roles
	}
	return slices.ContainsFunc(b.company.RoleAssignments(b.today()), func(r *company.RoleAssignment) bool {
		return r.Principal == a.ID
	})
}

// ChangeUser sets properties of a user, all of them or none.
// Source: https://learn.microsoft.com/graph/api/user-update
func (b *Books) ChangeUser(w Write, key string, fields map[string]json.RawMessage) Outcome {
	return b.apply(w, "", func() Outcome {
		a := b.writable(key)
		if a == nil {
			return refuse(odata.NotFound(key))
		}
		next := a.next()
		for _, name := range wire.SortedNames(fields) {
			i := propertyIndex(name)
			switch {
			case i < 0 && strings.HasPrefix(name, "@odata."):
				continue
			case i < 0:
				return refuse(odata.BadRequest("One or more property values specified are invalid. The sandbox does " +
					"not change '" +
					wire.Printable(name) + "'."))
			case properties[i].sensitive && b.protected(a):
				return refuse(odata.NotPermitted())
			case !properties[i].cloud && a.synced():
				return refuse(onPremises())
			}
			if refused := next.setProperty(&properties[i], fields[name]); refused != nil {
				return refuse(*refused)
			}
		}
		b.dropInvented(next)
		changed := !bytes.Equal(b.line(a), b.line(next))
		if changed {
			b.put(next)
		}
		return Outcome{Account: next, Changed: changed}
	})
}

// dropInvented drops the properties that were written and are what was invented.
func (b *Books) dropInvented(a *Account) {
	if a.Created {
		return
	}
	on := min(b.today(), a.Person.Gone-1)
	for name, written := range a.Properties {
		invented := b.company.Attribute(&a.Person, on, name)
		if string(wire.AppendTextOrNull(nil, invented)) == written {
			delete(a.Properties, name)
		}
	}
}

// RevokeSessions ends a user's sign-in sessions. It is accepted for external users too, and does nothing: their
// sessions are their own tenant's.
// Source: https://learn.microsoft.com/graph/api/user-revokesigninsessions
func (b *Books) RevokeSessions(w Write, key string) Outcome {
	return b.apply(w, "", func() Outcome {
		a := b.writable(key)
		if a == nil {
			return refuse(odata.NotFound(key))
		}
		if a.Person.Kind == company.Guest {
			return Outcome{Account: a}
		}
		next := a.next()
		next.Sessions = b.clock.Tenant()
		b.put(next)
		return Outcome{Account: next, Changed: true}
	})
}
