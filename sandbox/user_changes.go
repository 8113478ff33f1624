package sandbox

import (
	"bytes"
	"encoding/json"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// property is what PATCH /users may set.
type property struct {
	name      string
	limit     int  // characters, 0 for what is no text
	sensitive bool // of an administrator, needs more than a permission (users-overview, sensitive actions)
	cloud     bool // is set here even for those who come from the company's own directory
}

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

func invalidValue(name string) answer {
	return badRequest("Invalid value specified for property '" + name + "' of resource 'User'.")
}

// onPremises is the answer about those whose home is the company's own directory.
var onPremises = badRequest("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.")

// writable is whom a write is about, nil when this replica knows nobody.
func (t *Tenant) writable(key string) *account {
	if rec, _, _ := t.resolve(key); rec != nil && rec.was == nil && rec.stale > 0 {
		rec.stale--
		return nil
	}
	return t.current(key)
}

// protected is true for holders of an administrative role, directly or by a
// group. An application without a role of its own cannot disable or delete them.
func (t *Tenant) protected(a *account) bool {
	if a.created {
		return false
	}
	if a.memberOf(company.GroupHelpdesk) {
		return true
	}
	if a.person.Kind != company.Service && !a.person.Administers() {
		return false // no need to ask for everybody's roles
	}
	return slices.ContainsFunc(t.RoleAssignments(t.day()), func(r *company.RoleAssignment) bool { return r.Principal == a.id })
}

// set writes one property into an account.
func (a *account) set(p *property, raw json.RawMessage) *answer {
	invalid := invalidValue(p.name)
	switch p.name {
	case "accountEnabled":
		if isNull(raw) || json.Unmarshal(raw, &a.enabled) != nil {
			return &invalid
		}
		return nil
	case "usageLocation":
		usage, ok := textOf(raw)
		if !ok || usage != "" && !isCountry(usage) || usage == "" && !isNull(raw) {
			return &invalid
		}
		a.usage = usage
		return nil
	}
	value, ok := textOf(raw)
	if !ok || utf8.RuneCountInString(value) > p.limit || p.name == "displayName" && value == "" {
		return &invalid
	}
	if a.properties == nil {
		a.properties = map[string]string{}
	}
	a.properties[p.name] = string(wire.AppendTextOrNull(nil, value))
	return nil
}

// isCountry says whether a text looks like a country of ISO 3166.
func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// changeUser serves PATCH /users/{id}.
func (t *Tenant) changeUser(c *call, key string) answer {
	fields, refused := c.object()
	if refused != nil {
		return *refused
	}
	a := t.writable(key)
	if a == nil {
		return notFound(key)
	}
	next := a.next()
	for _, name := range sortedNames(fields) {
		i := slices.IndexFunc(properties, func(p property) bool { return p.name == name })
		switch {
		case i < 0 && strings.HasPrefix(name, "@odata."):
			continue
		case i < 0:
			return badRequest("One or more property values specified are invalid. The sandbox does not change '" + wire.Printable(name) + "'.")
		case properties[i].sensitive && t.protected(a):
			return notPermitted()
		case !properties[i].cloud && a.Synced():
			return onPremises
		}
		if refused := next.set(&properties[i], fields[name]); refused != nil {
			return *refused
		}
	}
	t.forget(next)
	changed := !bytes.Equal(t.line(a), t.line(next))
	if changed {
		t.put(next)
	}
	return answer{status: http.StatusNoContent, changed: changed}
}

// forget drops what was written when it is what was invented.
func (t *Tenant) forget(a *account) {
	if a.created {
		return
	}
	v := &userView{t: t, on: min(t.day(), a.person.Gone-1), gone: calendar.Never}
	v.meet(a.person)
	for name, written := range a.properties {
		fields, _ := choose(userFields, []string{name})
		if string(fields[0].write(nil, v)) == written {
			delete(a.properties, name)
		}
	}
}

// deleteUser serves DELETE /users/{id}: into the bin for 30 days. Microsoft says
// nothing about users who come from the company's own directory; they are
// refused here, since the next synchronization would bring them back.
func (t *Tenant) deleteUser(_ *call, key string) answer {
	a := t.writable(key)
	switch {
	case a == nil:
		return notFound(key)
	case t.protected(a):
		return notPermitted()
	case a.Synced():
		return onPremises
	}
	next := a.next()
	next.deletedAt = t.now()
	t.put(next)
	return answer{status: http.StatusNoContent, changed: true}
}

// restoreUser serves POST /directory/deletedItems/{id}/restore. Groups come back,
// and licences as far as there are seats.
func (t *Tenant) restoreUser(c *call, id string) answer {
	var renamed string
	if len(bytes.TrimSpace(c.payload)) > 0 {
		fields, refused := c.object()
		if refused != nil {
			return *refused
		}
		if raw := fields["newUserPrincipalName"]; raw != nil {
			name, ok := textOf(raw)
			if !ok {
				return invalidValue("newUserPrincipalName")
			}
			renamed = name
		}
	}
	a := t.deletedAccount(id)
	switch {
	case a == nil:
		return notFound(id)
	case a.memberOf(company.GroupHelpdesk):
		return notPermitted()
	case a.Synced():
		return onPremises
	}
	next := a.next()
	next.deletedAt = time.Time{}
	next.detached = !a.created && t.Person(a.person.Seat, t.day()).Holder != a.person.Holder
	if renamed != "" {
		if !a.created {
			return badRequest("The sandbox gives a new name only to accounts that were created by a write.")
		}
		if refused := t.checkName(renamed); refused != nil {
			return *refused
		}
		next.name = renamed
	}
	if t.current(t.userPrincipalName(next)) != nil {
		return nameTaken()
	}
	t.reseat(next)
	t.put(next)
	body := appendContext(nil, "directoryObjects", nil)
	body = append(body[:len(body)-1], `/$entity","@odata.type":"#microsoft.graph.user",`...)
	return answer{status: http.StatusOK, changed: true, user: a.id, body: append(body, t.userObject(next)[1:]...)}
}

// reseat finds seats for a restored account's products again. A product assigned
// directly is lost without one; a group's is in error.
func (t *Tenant) reseat(a *account) {
	free := t.free()
	had := a.holdings
	a.holdings = nil
	for _, h := range had {
		if h.active() && !a.held().Has(h.sku) && free[h.sku] < 1 {
			if h.group == company.Direct {
				continue
			}
			h.state, h.reason = stateError, reasonCount
		}
		a.holdings = append(a.holdings, h)
	}
	a.settle()
}

// revokeSessions serves POST /users/{id}/revokeSignInSessions. It is answered for
// external users too, and does nothing: their sessions are their own tenant's.
func (t *Tenant) revokeSessions(_ *call, key string) answer {
	a := t.writable(key)
	if a == nil {
		return notFound(key)
	}
	if a.person.Kind != company.Guest {
		next := a.next()
		next.sessions = t.now()
		t.put(next)
	}
	return answer{status: http.StatusOK, changed: a.person.Kind != company.Guest,
		body: []byte(`{"@odata.context":"` + contextRoot + `Edm.Boolean","value":true}`)}
}
