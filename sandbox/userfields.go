package sandbox

import (
	"bytes"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
	"net/http"
	"slices"
	"strings"
)

// userView is what one request wants to see of each person.
type userView struct {
	t        *Tenant
	on       calendar.Day
	names    []string // $select, nil without one
	fields   []field[*userView]
	manager  bool // $expand=manager
	typed    bool // the list may hold other kinds of objects: say which this is
	signIns  bool // signInActivity is among the fields
	person   company.Person
	licenses company.Licenses
	gone     calendar.Day // day on which the account was deleted, or never
	written  bool         // somebody was written to
	account  *account     // what writes made of the person, nil without any
}

// userView reads $select and $expand. It answers the request itself when they
// make no sense.
func (s *Server) userView(c *call) (*userView, bool) {
	v := &userView{t: s.tenant, on: s.tenant.day(), names: c.selected(), gone: calendar.Never}
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
		s.graphError(c, 400, "BadRequest", "The sandbox expands manager($select=id) only, not '"+wire.Printable(expand)+"'.")
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
	n, ok := v.t.Manager(&v.person)
	if !ok {
		return b
	}
	m := v.t.Person(n, v.on)
	if v.t.wasDeleted(&m) {
		return b
	}
	b = append(b[:len(b)-1], `,"manager":{"@odata.type":"#microsoft.graph.user","id":"`...)
	return append(v.t.AppendID(b, &m), `"}}`...)
}

var defaultUserFields = []string{"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
	"officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"}

// ofMember writes a property that only people of the company have.
func ofMember(get func(v *userView) string) func([]byte, *userView) []byte {
	return func(b []byte, v *userView) []byte {
		if v.person.Kind != company.Member {
			return append(b, "null"...)
		}
		return wire.AppendTextOrNull(b, get(v))
	}
}

// usageLocation is "" for whoever has none.
func (v *userView) usageLocation() string {
	switch {
	case v.account != nil:
		return v.account.usage
	case v.person.Kind != company.Member || v.licenses.N == 0:
		return "" // nobody sets it before there is a licence to assign
	}
	return v.office().Usage
}

func (v *userView) office() *company.Office {
	return company.OfficeOf(dice.Roll(v.person.SeatHash, dice.TagOffice))
}

var userFields = []field[*userView]{
	{"id", func(b []byte, v *userView) []byte { return append(v.t.AppendID(append(b, '"'), &v.person), '"') }},
	{"displayName", func(b []byte, v *userView) []byte { return wire.AppendText(b, v.person.DisplayName(v.on)) }},
	{"givenName", text(func(v *userView) string {
		if v.person.Kind == company.Service {
			return ""
		}
		return v.person.FirstName().Written
	})},
	{"surname", text(func(v *userView) string {
		if v.person.Kind == company.Service {
			return ""
		}
		return v.person.LastName(v.on).Written
	})},
	{"userPrincipalName", func(b []byte, v *userView) []byte {
		b = append(b, '"')
		if v.gone != calendar.Never { // a deleted account gives its name free
			from := len(b)
			b = v.t.AppendID(b, &v.person)
			b = append(b[:from], bytes.ReplaceAll(b[from:], []byte("-"), nil)...)
		}
		return append(v.t.AppendUPN(b, &v.person, v.on), '"')
	}},
	{"mail", func(b []byte, v *userView) []byte {
		if v.person.Kind == company.Service {
			return append(b, "null"...)
		}
		return append(v.t.AppendMail(append(b, '"'), &v.person, v.on), '"')
	}},
	{"businessPhones", literal[*userView](`[]`)},
	{"mobilePhone", literal[*userView](`null`)},
	{"jobTitle", text(func(v *userView) string { return v.t.Title(&v.person) })},
	{"department", ofMember(func(v *userView) string { return v.person.Department.Name })},
	{"companyName", text(func(v *userView) string {
		switch v.person.Kind {
		case company.Guest:
			return strings.TrimSuffix(v.person.Partner(), ".example")
		case company.Service:
			return ""
		}
		return v.t.Name()
	})},
	{"officeLocation", ofMember(func(v *userView) string { return v.office().Name })},
	{"city", ofMember(func(v *userView) string { return v.office().City })},
	{"country", ofMember(func(v *userView) string { return v.office().Country })},
	{"usageLocation", ofMember((*userView).usageLocation)},
	{"preferredLanguage", ofMember(func(v *userView) string { return v.office().Language })},
	{"employeeId", func(b []byte, v *userView) []byte {
		if v.person.Kind != company.Member {
			return append(b, "null"...)
		}
		return append(wire.AppendInt(append(b, `"E`...), 100000+v.person.Number()), '"')
	}},
	{"employeeType", ofMember(func(v *userView) string {
		if dice.Chance(dice.Roll(v.person.Hash, dice.TagType), 80) {
			return "Contractor"
		}
		return "Employee"
	})},
	{"employeeHireDate", func(b []byte, v *userView) []byte {
		if v.person.Kind != company.Member {
			return append(b, "null"...)
		}
		hired := v.person.Start - dice.Pick(dice.Roll(v.person.Hash, dice.TagHire), 3)
		return append(calendar.AppendTime(append(b, '"'), hired, 0), '"')
	}},
	{"userType", func(b []byte, v *userView) []byte {
		if v.person.Kind == company.Guest {
			return append(b, `"Guest"`...)
		}
		return append(b, `"Member"`...)
	}},
	{"accountEnabled", func(b []byte, v *userView) []byte { return wire.AppendBool(b, v.person.Enabled(v.on)) }},
	{"createdDateTime", func(b []byte, v *userView) []byte {
		at := 20*3600 + dice.Pick(dice.Roll(v.person.Hash, dice.TagClock), 3*3600)
		return append(calendar.AppendTime(append(b, '"'), v.person.Created(), at), '"')
	}},
	{"deletedDateTime", func(b []byte, v *userView) []byte { return wire.AppendStamp(b, v.gone) }},
	{"onPremisesSyncEnabled", func(b []byte, v *userView) []byte {
		if v.person.Synced() {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}},
	{"assignedLicenses", func(b []byte, v *userView) []byte {
		return v.appendHeld(b, func(b []byte, a *company.Assignment) []byte { return appendLicense(b, int(a.Sku), a.Off) })
	}},
	{"licenseAssignmentStates", func(b []byte, v *userView) []byte {
		b = append(b, '[')
		for i := range v.licenses.All() {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.t.appendState(b, &v.licenses.List[i], &v.person)
		}
		return append(b, ']')
	}},
	{"mailNickname", func(b []byte, v *userView) []byte {
		name, _, _ := bytes.Cut(v.t.AppendUPN(nil, &v.person, v.on), []byte("@"))
		return wire.AppendText(b, name)
	}},
	{"signInSessionsValidFromDateTime", func(b []byte, v *userView) []byte {
		at := 20*3600 + dice.Pick(dice.Roll(v.person.Hash, dice.TagClock), 3*3600)
		return append(calendar.AppendTime(append(b, '"'), v.person.Created(), at), '"')
	}},
	{"signInActivity", func(b []byte, v *userView) []byte { return v.appendSignIns(b) }},
	{"assignedPlans", func(b []byte, v *userView) []byte {
		return v.appendHeld(b, func(b []byte, a *company.Assignment) []byte {
			return appendPlans(b, &products.SKUs[a.Sku], a.Off, a.Since)
		})
	}},
}

// appendHeld writes a list with one element for each product really held, no
// matter in how many ways.
func (v *userView) appendHeld(b []byte, write func([]byte, *company.Assignment) []byte) []byte {
	b = append(b, '[')
	var seen products.Set
	for i := range v.licenses.All() {
		a := &v.licenses.List[i]
		if a.Failed || seen.Has(int(a.Sku)) {
			continue
		}
		if seen != 0 {
			b = append(b, ',')
		}
		seen.Add(int(a.Sku))
		b = write(b, a)
	}
	return append(b, ']')
}

// appendState writes a licenseAssignmentStates element.
func (t *Tenant) appendState(b []byte, a *company.Assignment, p *company.Person) []byte {
	state, reason := a.State()
	b = append(b, `{"skuId":"`...)
	b = append(append(b, products.SKUs[a.Sku].ID...), `","disabledPlans":`...)
	b = append(wire.AppendList(b, products.SKUs[a.Sku].Disabled[a.Off]), `,"assignedByGroup":`...)
	if a.Group == company.Direct {
		b = append(b, "null"...)
	} else {
		b = wire.AppendText(b, t.GroupID(int(a.Group)))
	}
	b = append(append(append(b, `,"state":"`...), state...), `","error":"`...)
	b = append(append(b, reason...), `","lastUpdatedDateTime":"`...)
	return append(t.appendUpdated(b, a, p), `"}`...)
}

// appendUpdated writes when an assignment was made.
func (t *Tenant) appendUpdated(b []byte, a *company.Assignment, p *company.Person) []byte {
	return calendar.AppendTime(b, a.Since-1, 23*3600+dice.Pick(dice.Mix(p.Hash+uint64(a.Sku)), 3600))
}
