package books

import (
	"encoding/json"
	"strings"
	"unicode"

	"m365lake/sandbox/company"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// checkName says what is wrong with a new user principal name: its characters are A-Z a-z 0-9 ' . - _ ! # ^ ~ and its
// domain one of the tenant's. The books are locked.
// Source: https://learn.microsoft.com/graph/api/user-post-users
func (b *Books) checkName(upn string) *odata.Answer {
	local, domain, _ := strings.Cut(upn, "@")
	strange := strings.ContainsFunc(local, func(r rune) bool {
		return r > unicode.MaxASCII ||
			!unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("'.-_!#^~", r)
	})
	switch {
	case local == "" || strange || len(upn) > 113:
		return badRequest("Property userPrincipalName is invalid.")
	case !strings.EqualFold(domain, b.company.Domain):
		return badRequest("The domain portion of the userPrincipalName property is invalid. " +
			"You must use one of the verified domain names in your organization.")
	case b.current(upn) != nil:
		return nameTaken()
	}
	return nil
}

// CreateUser makes an account to which no invented person belongs. The password is not kept.
// Source: https://learn.microsoft.com/graph/api/user-post-users
func (b *Books) CreateUser(w Write, fields map[string]json.RawMessage) Outcome {
	return b.apply(w, "", func() Outcome {
		for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile",
			"userPrincipalName"} {
			if wire.IsNull(fields[name]) {
				return refuse(odata.BadRequest("A value is required for property '" + name + "' of resource 'User'."))
			}
		}
		a := &Account{Created: true, CreatedAt: b.clock.Tenant(), Properties: map[string]string{}}
		a.Person.Kind = company.Member
		for _, name := range wire.SortedNames(fields) {
			if refused := b.setAtCreation(a, name, fields[name]); refused != nil {
				return refuse(*refused)
			}
		}
		if a.Person.Kind == company.Member {
			a.groups.Add(company.GroupEverybody) // its rule takes every member
		}
		b.made++
		a.ID = b.company.CreatedID(b.made)
		b.put(a)
		return Outcome{Account: a, Changed: true}
	})
}

// setAtCreation writes one property into a new account.
func (b *Books) setAtCreation(a *Account, name string, raw json.RawMessage) *odata.Answer {
	text, isText := wire.TextOf(raw)
	i := propertyIndex(name)
	switch {
	case i >= 0:
		return a.setProperty(&properties[i], raw)
	case name == "mailNickname":
		if !isText || text == "" || len(text) > 64 || strings.ContainsAny(text, "@()\\[]\";:<>, ") {
			return invalidValue(name)
		}
		a.Properties[name] = string(wire.AppendText(nil, text))
	case name == "userPrincipalName":
		if !isText {
			return invalidValue(name)
		}
		a.name = text
		return b.checkName(text)
	case name == "userType":
		if text != "Member" && text != "Guest" {
			return invalidValue(name)
		}
		if text == "Guest" {
			a.Person.Kind = company.Guest
		}
	case name == "passwordProfile":
		if !strongPassword(raw) {
			return badRequest("The specified password does not comply with password complexity requirements. " +
				"Please provide a different password.")
		}
	case strings.HasPrefix(name, "@odata."):
	default:
		return badRequest("One or more property values specified are invalid. The sandbox does not set " +
			"'" + wire.Printable(name) + "'.")
	}
	return nil
}

// strongPassword checks a passwordProfile: eight characters, three kinds of them.
func strongPassword(profile json.RawMessage) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(profile, &fields) != nil {
		return false
	}
	password, _ := wire.TextOf(fields["password"])
	kinds := map[int]bool{}
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			kinds[0] = true
		case unicode.IsUpper(r):
			kinds[1] = true
		case unicode.IsDigit(r):
			kinds[2] = true
		default:
			kinds[3] = true
		}
	}
	return len(password) >= 8 && len(kinds) >= 3
}
