package sandbox

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// nameTaken is the answer to a user principal name that somebody has.
func nameTaken() answer {
	const message = "Another object with the same value for property userPrincipalName already exists."
	a := badRequest(message)
	a.details = `[{"code":"ObjectConflict","message":"` + message + `","target":"userPrincipalName"}]`
	return a
}

// checkName says what is wrong with a new user principal name: its characters
// are A-Z a-z 0-9 ' . - _ ! # ^ ~ and its domain one of the tenant's
// (user-post-users).
func (t *Tenant) checkName(upn string) *answer {
	local, domain, _ := strings.Cut(upn, "@")
	strange := strings.ContainsFunc(local, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("'.-_!#^~", r)
	})
	var a answer
	switch {
	case local == "" || strange || len(upn) > 113:
		a = badRequest("Property userPrincipalName is invalid.")
	case !strings.EqualFold(domain, t.Domain):
		a = badRequest("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.")
	case t.current(upn) != nil:
		a = nameTaken()
	default:
		return nil
	}
	return &a
}

// createUser serves POST /users.
func (s *Server) createUser(c *call) *operation {
	op := &operation{permissions: []string{permitUsers}}
	fields, refused := c.object()
	if refused != nil {
		op.do = func() answer { return *refused }
		return op
	}
	op.user, _ = textOf(fields["userPrincipalName"])
	op.do = func() answer { return s.tenant.create(c) }
	return op
}

func (t *Tenant) create(c *call) answer {
	fields, refused := c.object()
	if refused != nil {
		return *refused
	}
	for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"} {
		if isNull(fields[name]) {
			return badRequest("A value is required for property '" + name + "' of resource 'User'.")
		}
	}
	a := &account{created: true, createdAt: t.now(), properties: map[string]string{}}
	a.person.Kind = company.Member
	for _, name := range sortedNames(fields) {
		raw := fields[name]
		i := slices.IndexFunc(properties, func(p property) bool { return p.name == name })
		text, isText := textOf(raw)
		switch {
		case i >= 0:
			if refused := a.set(&properties[i], raw); refused != nil {
				return *refused
			}
		case name == "mailNickname":
			if !isText || text == "" || len(text) > 64 || strings.ContainsAny(text, "@()\\[]\";:<>, ") {
				return invalidValue(name)
			}
			a.properties[name] = string(wire.AppendText(nil, text))
		case name == "userPrincipalName":
			if !isText {
				return invalidValue(name)
			}
			if refused := t.checkName(text); refused != nil {
				return *refused
			}
			a.name = text
		case name == "userType":
			if text != "Member" && text != "Guest" {
				return invalidValue(name)
			}
			if text == "Guest" {
				a.person.Kind = company.Guest
			}
		case name == "passwordProfile":
			if !strongPassword(raw) {
				return badRequest("The specified password does not comply with password complexity requirements. Please provide a different password.")
			}
		case strings.HasPrefix(name, "@odata."):
		default:
			return badRequest("One or more property values specified are invalid. The sandbox does not set '" + wire.Printable(name) + "'.")
		}
	}
	if a.person.Kind == company.Member {
		a.groups.Add(company.GroupEverybody) // its rule takes every member
	}
	t.changes.made++
	a.id = dice.GUID(dice.Roll(t.Seed, dice.TagCreated) + t.changes.made)
	t.put(a)
	body := appendContext(nil, "users", nil)
	body = append(body[:len(body)-1], `/$entity",`...)
	return answer{status: http.StatusCreated, changed: true, user: a.id, body: append(body, t.userObject(a)[1:]...)}
}

// strongPassword checks a passwordProfile: eight characters, three kinds of them.
// The password itself is not kept.
func strongPassword(profile []byte) bool {
	fields, refused := (&call{payload: profile}).object()
	if refused != nil {
		return false
	}
	password, _ := textOf(fields["password"])
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

// answeredFields is what an action on a user answers with.
var answeredFields = append([]string{"accountEnabled", "usageLocation", "userType", "assignedLicenses"}, defaultUserFields...)

// userObject writes an account as actions answer it. The caller holds
// changes.mu.
func (t *Tenant) userObject(a *account) []byte {
	fields, _ := choose(userFields, answeredFields)
	v := &userView{t: t, on: t.day(), gone: calendar.Never, fields: writtenFirst(fields), written: true}
	v.meetAccount(a)
	return v.appendUser(nil)
}

// userAnswer puts the next state of an account in place, when it is another one,
// and answers with it.
func (t *Tenant) userAnswer(a, next *account, status int) answer {
	changed := string(t.line(a)) != string(t.line(next))
	if changed {
		t.put(next)
	}
	body := appendContext(nil, "users", nil)
	body = append(body[:len(body)-1], `/$entity",`...)
	return answer{status: status, changed: changed, body: append(body, t.userObject(next)[1:]...)}
}
