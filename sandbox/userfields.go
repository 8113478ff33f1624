package sandbox

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// userView is what one request wants to see of each person.
type userView struct {
	t        *Tenant
	on       day
	names    []string // $select, nil without one
	fields   []field[*userView]
	manager  bool // $expand=manager
	typed    bool // the list may hold other kinds of objects: say which this is
	signIns  bool // signInActivity is among the fields
	person   person
	licenses licenses
	gone     day      // day on which the account was deleted, or never
	written  bool     // somebody was written to
	account  *account // what writes made of the person, nil without any
}

// userView reads $select and $expand. It answers the request itself when they
// make no sense.
func (s *Server) userView(c *call) (*userView, bool) {
	v := &userView{t: s.tenant, on: s.tenant.day(), names: c.selected(), gone: never}
	names := v.names
	if names == nil {
		names = defaultUserFields
	}
	fields, unknown := choose(userFields, names)
	if unknown != "" {
		s.unknownProperty(c, unknown, "user")
		return nil, false
	}
	v.fields = fields
	if v.written = s.tenant.changes.any.Load(); v.written {
		v.fields = writtenFirst(fields)
	}
	for _, f := range fields {
		v.signIns = v.signIns || f.name == "signInActivity"
	}
	if v.signIns && s.tenant.faults.on(faultNoPremium) {
		s.graphError(c, http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
			"Neither tenant is B2C or tenant doesn't have premium license")
		return nil, false
	}
	switch expand := strings.ReplaceAll(c.query.Get("$expand"), " ", ""); expand {
	case "":
	case "manager", "manager($select=id)", "manager($levels=1;$select=id)":
		v.manager = true
	default:
		s.graphError(c, 400, "BadRequest", "The sandbox expands manager($select=id) only, not '"+printable(expand)+"'.")
		return nil, false
	}
	return v, true
}

// writtenFirst answers with what was written where something was.
func writtenFirst(fields []field[*userView]) []field[*userView] {
	list := make([]field[*userView], len(fields))
	for i, f := range fields {
		list[i] = field[*userView]{f.name, func(b []byte, v *userView) []byte {
			if v.account != nil {
				if b, ok := v.t.appendWritten(b, v.account, f.name); ok {
					return b
				}
			}
			return f.write(b, v)
		}}
	}
	return list
}

func (v *userView) appendUser(b []byte) []byte {
	from := len(b)
	b = appendObject(b, v.fields, v)
	if v.typed {
		b = slices.Insert(b, from+1, []byte(`"@odata.type":"#microsoft.graph.user",`)...)
	}
	if !v.manager || v.account != nil && v.account.created {
		return b
	}
	n, ok := v.t.manager(&v.person)
	if !ok {
		return b
	}
	m := v.t.person(n, v.on)
	if v.t.wasDeleted(&m) {
		return b
	}
	b = append(b[:len(b)-1], `,"manager":{"@odata.type":"#microsoft.graph.user","id":"`...)
	return append(v.t.appendID(b, &m), `"}}`...)
}

var defaultUserFields = []string{"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
	"officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"}

// ofMember writes a property that only people of the company have.
func ofMember(get func(v *userView) string) func([]byte, *userView) []byte {
	return func(b []byte, v *userView) []byte {
		if v.person.kind != member {
			return append(b, "null"...)
		}
		return appendTextOrNull(b, get(v))
	}
}

// usageLocation is "" for whoever has none.
func (v *userView) usageLocation() string {
	switch {
	case v.account != nil:
		return v.account.usage
	case v.person.kind != member || v.licenses.n == 0:
		return "" // nobody sets it before there is a licence to assign
	}
	return v.office().usage
}

func (v *userView) office() *office { return officeOf(roll(v.person.seat, tagOffice)) }

var userFields = []field[*userView]{
	{"id", func(b []byte, v *userView) []byte { return append(v.t.appendID(append(b, '"'), &v.person), '"') }},
	{"displayName", func(b []byte, v *userView) []byte { return appendText(b, v.person.displayName(v.on)) }},
	{"givenName", text(func(v *userView) string {
		if v.person.kind == service {
			return ""
		}
		return v.person.firstName().written
	})},
	{"surname", text(func(v *userView) string {
		if v.person.kind == service {
			return ""
		}
		return v.person.lastName(v.on).written
	})},
	{"userPrincipalName", func(b []byte, v *userView) []byte {
		b = append(b, '"')
		if v.gone != never { // a deleted account gives its name free
			from := len(b)
			b = v.t.appendID(b, &v.person)
			b = append(b[:from], bytes.ReplaceAll(b[from:], []byte("-"), nil)...)
		}
		return append(v.t.appendUPN(b, &v.person, v.on), '"')
	}},
	{"mail", func(b []byte, v *userView) []byte {
		if v.person.kind == service {
			return append(b, "null"...)
		}
		return append(v.t.appendMail(append(b, '"'), &v.person, v.on), '"')
	}},
	{"businessPhones", literal[*userView](`[]`)},
	{"mobilePhone", literal[*userView](`null`)},
	{"jobTitle", text(func(v *userView) string { return v.t.title(&v.person) })},
	{"department", ofMember(func(v *userView) string { return v.person.dept.name })},
	{"companyName", text(func(v *userView) string {
		switch v.person.kind {
		case guest:
			return strings.TrimSuffix(v.person.partner(), ".example")
		case service:
			return ""
		}
		return v.t.Name()
	})},
	{"officeLocation", ofMember(func(v *userView) string { return v.office().name })},
	{"city", ofMember(func(v *userView) string { return v.office().city })},
	{"country", ofMember(func(v *userView) string { return v.office().country })},
	{"usageLocation", ofMember((*userView).usageLocation)},
	{"preferredLanguage", ofMember(func(v *userView) string { return v.office().language })},
	{"employeeId", func(b []byte, v *userView) []byte {
		if v.person.kind != member {
			return append(b, "null"...)
		}
		return append(appendInt(append(b, `"E`...), 100000+v.person.number()), '"')
	}},
	{"employeeType", ofMember(func(v *userView) string {
		if chance(roll(v.person.h, tagType), 80) {
			return "Contractor"
		}
		return "Employee"
	})},
	{"employeeHireDate", func(b []byte, v *userView) []byte {
		if v.person.kind != member {
			return append(b, "null"...)
		}
		hired := v.person.start - pick(roll(v.person.h, tagHire), 3)
		return append(appendTime(append(b, '"'), hired, 0), '"')
	}},
	{"userType", func(b []byte, v *userView) []byte {
		if v.person.kind == guest {
			return append(b, `"Guest"`...)
		}
		return append(b, `"Member"`...)
	}},
	{"accountEnabled", func(b []byte, v *userView) []byte { return appendBool(b, v.person.enabled(v.on)) }},
	{"createdDateTime", func(b []byte, v *userView) []byte {
		at := 20*3600 + pick(roll(v.person.h, tagClock), 3*3600)
		return append(appendTime(append(b, '"'), v.person.created(), at), '"')
	}},
	{"deletedDateTime", func(b []byte, v *userView) []byte { return appendStamp(b, v.gone) }},
	{"onPremisesSyncEnabled", func(b []byte, v *userView) []byte {
		if v.person.synced() {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}},
	{"assignedLicenses", func(b []byte, v *userView) []byte {
		return v.appendHeld(b, func(b []byte, a *assignment) []byte { return appendLicense(b, int(a.sku), a.off) })
	}},
	{"licenseAssignmentStates", func(b []byte, v *userView) []byte {
		b = append(b, '[')
		for i := range v.licenses.all() {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.t.appendState(b, &v.licenses.list[i], &v.person)
		}
		return append(b, ']')
	}},
	{"mailNickname", func(b []byte, v *userView) []byte {
		name, _, _ := bytes.Cut(v.t.appendUPN(nil, &v.person, v.on), []byte("@"))
		return appendText(b, name)
	}},
	{"signInSessionsValidFromDateTime", func(b []byte, v *userView) []byte {
		at := 20*3600 + pick(roll(v.person.h, tagClock), 3*3600)
		return append(appendTime(append(b, '"'), v.person.created(), at), '"')
	}},
	{"signInActivity", func(b []byte, v *userView) []byte { return v.appendSignIns(b) }},
	{"assignedPlans", func(b []byte, v *userView) []byte {
		return v.appendHeld(b, func(b []byte, a *assignment) []byte { return appendPlans(b, &skus[a.sku], a.off, a.since) })
	}},
}

// appendHeld writes a list with one element for each product really held, no
// matter in how many ways.
func (v *userView) appendHeld(b []byte, write func([]byte, *assignment) []byte) []byte {
	b = append(b, '[')
	var seen productSet
	for i := range v.licenses.all() {
		a := &v.licenses.list[i]
		if a.failed || seen.has(int(a.sku)) {
			continue
		}
		if seen != 0 {
			b = append(b, ',')
		}
		seen.add(int(a.sku))
		b = write(b, a)
	}
	return append(b, ']')
}

// appendState writes a licenseAssignmentStates element.
func (t *Tenant) appendState(b []byte, a *assignment, p *person) []byte {
	state, reason := a.state()
	b = append(b, `{"skuId":"`...)
	b = append(append(b, skus[a.sku].id...), `","disabledPlans":`...)
	b = append(appendList(b, skus[a.sku].disabled[a.off]), `,"assignedByGroup":`...)
	if a.group == direct {
		b = append(b, "null"...)
	} else {
		b = appendText(b, t.groupID(int(a.group)))
	}
	b = append(append(append(b, `,"state":"`...), state...), `","error":"`...)
	b = append(append(b, reason...), `","lastUpdatedDateTime":"`...)
	return append(t.appendUpdated(b, a, p), `"}`...)
}

// appendUpdated writes when an assignment was made.
func (t *Tenant) appendUpdated(b []byte, a *assignment, p *person) []byte {
	return appendTime(b, a.since-1, 23*3600+pick(mix(p.h+uint64(a.sku)), 3600))
}
