package graphapi

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"m365lake/sandbox/books"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// userView is what one request wants to see of each person, and the person in view.
type userView struct {
	books.Entry
	company *company.Company
	reader  *books.Reader
	names   []string // $select, nil without one
	fields  []odata.Field[*userView]
	manager bool // $expand=manager
	typed   bool // the list may hold other kinds of objects: say which this is
	signIns bool // signInActivity is among the fields
}

// view begins to look at people, with the properties of fields.
func (s *API) view(fields []odata.Field[*userView]) *userView {
	return &userView{company: s.Company, reader: s.Books.Reader(), fields: writtenFirst(fields)}
}

// viewAsAsked reads $select and $expand. It answers the request itself when they make no sense, and is false then.
func (s *API) viewAsAsked(c *call) (*userView, bool) {
	names := c.Selected()
	if names == nil {
		names = defaultUserFields
	}
	fields, unknown := odata.Choose(userFields, names)
	if unknown != "" {
		c.UnknownProperty(unknown, "user")
		return nil, false
	}
	v := s.view(fields)
	v.names = c.Selected()
	for _, f := range fields {
		v.signIns = v.signIns || f.Name == "signInActivity"
	}
	if v.signIns && s.Faults.On(faults.NoPremium) {
		c.Error(http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
			"Neither tenant is B2C or tenant doesn't have premium license")
		return nil, false
	}
	switch expand := strings.ReplaceAll(c.Query.Get("$expand"), " ", ""); expand {
	case "":
	case "manager", "manager($select=id)", "manager($levels=1;$select=id)":
		v.manager = true
	default:
		c.Error(http.StatusBadRequest, "BadRequest",
			"The sandbox expands manager($select=id) only, not '"+wire.Printable(expand)+"'.")
		return nil, false
	}
	return v, true
}

// see makes the person at a place of the directory the one in view. It returns false if there is none.
func (v *userView) see(n int) bool { return v.reader.See(n, &v.Entry) }

// seeDeleted does the same with the account at a place of the bin.
func (v *userView) seeDeleted(n int) bool { return v.reader.SeeDeleted(n, &v.Entry) }

// find does the same with the account that has an object id or a user principal name.
func (v *userView) find(key string) bool { return v.reader.Find(key, &v.Entry) }

// writtenFirst answers with what was written where something was.
func writtenFirst(fields []odata.Field[*userView]) []odata.Field[*userView] {
	list := make([]odata.Field[*userView], len(fields))
	for i, f := range fields {
		list[i] = odata.Field[*userView]{Name: f.Name, Write: func(b []byte, v *userView) []byte {
			if v.Account != nil {
				if b, ok := v.appendWritten(b, f.Name); ok {
					return b
				}
			}
			return f.Write(b, v)
		}}
	}
	return list
}

func (v *userView) appendUser(b []byte) []byte {
	from := len(b)
	b = odata.AppendObject(b, v.fields, v)
	if v.typed {
		b = slices.Insert(b, from+1, []byte(`"@odata.type":"#microsoft.graph.user",`)...)
	}
	if !v.manager || v.Account != nil && v.Account.Created {
		return b
	}
	n, ok := v.company.Manager(&v.Person)
	if !ok {
		return b
	}
	m := v.company.Person(n, v.On)
	if v.reader.WasDeleted(&m) {
		return b
	}
	b = append(b[:len(b)-1], `,"manager":{"@odata.type":"#microsoft.graph.user","id":"`...)
	return append(v.company.AppendID(b, &m), `"}}`...)
}

var defaultUserFields = []string{"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
	"officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"}

// attribute is a property that is a text of the invented person.
func attribute(name string) odata.Field[*userView] {
	return odata.Field[*userView]{Name: name, Write: func(b []byte, v *userView) []byte {
		return wire.AppendTextOrNull(b, v.company.Attribute(&v.Person, v.On, name))
	}}
}

// userFields are the properties of a person as invented.
// Source: https://learn.microsoft.com/graph/api/resources/user
var userFields = []odata.Field[*userView]{
	odata.Property(
		"id",
		func(b []byte, v *userView) []byte { return append(v.company.AppendID(append(b, '"'), &v.Person), '"') },
	),
	attribute("displayName"),
	attribute("givenName"),
	attribute("surname"),
	odata.Property("userPrincipalName", func(b []byte, v *userView) []byte {
		b = append(b, '"')
		if v.Gone != calendar.Never { // a deleted account gives its name free
			from := len(b)
			b = v.company.AppendID(b, &v.Person)
			b = append(b[:from], bytes.ReplaceAll(b[from:], []byte("-"), nil)...)
		}
		return append(v.company.AppendUPN(b, &v.Person, v.On), '"')
	}),
	odata.Property("mail", func(b []byte, v *userView) []byte {
		if v.Person.Kind == company.Service {
			return append(b, "null"...)
		}
		return append(v.company.AppendMail(append(b, '"'), &v.Person, v.On), '"')
	}),
	odata.Property("businessPhones", odata.Literal[*userView](`[]`)),
	attribute("mobilePhone"),
	attribute("jobTitle"),
	attribute("department"),
	attribute("companyName"),
	attribute("officeLocation"),
	attribute("city"),
	attribute("country"),
	odata.Property("usageLocation", odata.Text(func(v *userView) string { return v.UsageLocation() })),
	attribute("preferredLanguage"),
	attribute("employeeId"),
	attribute("employeeType"),
	odata.Property("employeeHireDate", func(b []byte, v *userView) []byte {
		if v.Person.Kind != company.Member {
			return append(b, "null"...)
		}
		hired := v.Person.Start - dice.Pick(dice.Roll(v.Person.Hash, dice.TagHire), 3)
		return append(calendar.AppendTime(append(b, '"'), hired, 0), '"')
	}),
	odata.Property("userType", func(b []byte, v *userView) []byte {
		if v.Person.Kind == company.Guest {
			return append(b, `"Guest"`...)
		}
		return append(b, `"Member"`...)
	}),
	odata.Property(
		"accountEnabled",
		func(b []byte, v *userView) []byte { return wire.AppendBool(b, v.Person.Enabled(v.On)) },
	),
	odata.Property("createdDateTime", func(b []byte, v *userView) []byte {
		at := 20*3600 + dice.Pick(dice.Roll(v.Person.Hash, dice.TagClock), 3*3600)
		return append(calendar.AppendTime(append(b, '"'), v.Person.Created(), at), '"')
	}),
	odata.Property("deletedDateTime", func(b []byte, v *userView) []byte { return wire.AppendStamp(b, v.Gone) }),
	odata.Property("onPremisesSyncEnabled", func(b []byte, v *userView) []byte {
		if v.Person.Synced() {
			return append(b, "true"...)
		}
		return append(b, "null"...)
	}),
	odata.Property("assignedLicenses", func(b []byte, v *userView) []byte {
		return v.appendHeld(
			b,
			func(b []byte, a *company.Assignment) []byte { return appendLicense(b, int(a.SKU), a.Off) },
		)
	}),
	odata.Property("licenseAssignmentStates", func(b []byte, v *userView) []byte {
		b = append(b, '[')
		for i := range v.Licenses.All() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendState(b, v.company, &v.Licenses.List[i], &v.Person)
		}
		return append(b, ']')
	}),
	odata.Property("mailNickname", func(b []byte, v *userView) []byte {
		name, _, _ := bytes.Cut(v.company.AppendUPN(nil, &v.Person, v.On), []byte("@"))
		return wire.AppendText(b, name)
	}),
	odata.Property("signInSessionsValidFromDateTime", func(b []byte, v *userView) []byte {
		at := 20*3600 + dice.Pick(dice.Roll(v.Person.Hash, dice.TagClock), 3*3600)
		return append(calendar.AppendTime(append(b, '"'), v.Person.Created(), at), '"')
	}),
	odata.Property("signInActivity", func(b []byte, v *userView) []byte { return v.appendSignIns(b) }),
	odata.Property("assignedPlans", func(b []byte, v *userView) []byte {
		return v.appendHeld(b, func(b []byte, a *company.Assignment) []byte {
			return appendPlans(b, &products.SKUs[a.SKU], a.Off, a.Since)
		})
	}),
}

// appendHeld writes a list with one element for each product really held, no matter in how many ways.
func (v *userView) appendHeld(b []byte, write func([]byte, *company.Assignment) []byte) []byte {
	b = append(b, '[')
	var seen products.Set
	for i := range v.Licenses.All() {
		a := &v.Licenses.List[i]
		if a.Failed || seen.Has(int(a.SKU)) {
			continue
		}
		if seen != 0 {
			b = append(b, ',')
		}
		seen.Add(int(a.SKU))
		b = write(b, a)
	}
	return append(b, ']')
}

// appendState writes a licenseAssignmentStates element.
func appendState(b []byte, c *company.Company, a *company.Assignment, p *company.Person) []byte {
	state, reason := a.State()
	b = append(b, `{"skuId":"`...)
	b = append(append(b, products.SKUs[a.SKU].ID...), `","disabledPlans":`...)
	b = append(wire.AppendList(b, products.SKUs[a.SKU].Disabled[a.Off]), `,"assignedByGroup":`...)
	if a.Group == company.Direct {
		b = append(b, "null"...)
	} else {
		b = wire.AppendText(b, c.GroupID(int(a.Group)))
	}
	b = append(append(append(b, `,"state":"`...), state...), `","error":"`...)
	b = append(append(b, reason...), `","lastUpdatedDateTime":"`...)
	return append(a.AppendUpdated(b, p), `"}`...)
}
