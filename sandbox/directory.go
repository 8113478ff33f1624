package sandbox

import (
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
	"net/http"
)

// field writes one property of a directory object.
type field[T any] struct {
	name  string
	write func(b []byte, v T) []byte
}

// choose resolves $select. It returns the name it does not know, if any.
func choose[T any](all []field[T], names []string) (chosen []field[T], unknown string) {
	if names == nil {
		return all, ""
	}
	for _, n := range names {
		found := false
		for _, f := range all {
			if f.name == n {
				chosen, found = append(chosen, f), true
			}
		}
		if !found {
			return nil, n
		}
	}
	return chosen, ""
}

func appendObject[T any](b []byte, fields []field[T], v T) []byte {
	b = append(b, '{')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), f.name...), `":`...)
		b = f.write(b, v)
	}
	return append(b, '}')
}

// unknownProperty is Graph's answer to a $select it cannot serve.
func (s *Server) unknownProperty(c *call, property, kind string) {
	s.graphError(c, http.StatusBadRequest, "BadRequest",
		"Parsing OData Select and Expand failed: Could not find a property named '"+wire.Printable(property)+"' on type 'microsoft.graph."+kind+"'.")
}

// collection answers with a list that fits on one page.
func collection[T any](s *Server, c *call, set, kind string, units int, all []field[T], list []T) {
	names := c.selected()
	fields, unknown := choose(all, names)
	if unknown != "" {
		s.unknownProperty(c, unknown, kind)
		return
	}
	b := append(appendContext(nil, set, names), `,"value":[`...)
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendObject(b, fields, list[i])
	}
	if names != nil {
		units--
	}
	c.identity(units)
	c.w.Write(append(b, `]}`...))
}

// entity answers with one object.
func entity[T any](s *Server, c *call, set, kind string, all []field[T], v T) {
	names := c.selected()
	fields, unknown := choose(all, names)
	if unknown != "" {
		s.unknownProperty(c, unknown, kind)
		return
	}
	b := appendContext(nil, set, names)
	b = append(b[:len(b)-1], `/$entity",`...)
	c.identity(1)
	c.w.Write(append(b, appendObject(nil, fields, v)[1:]...))
}

func text[T any](get func(T) string) func([]byte, T) []byte {
	return func(b []byte, v T) []byte { return wire.AppendTextOrNull(b, get(v)) }
}

func literal[T any](json string) func([]byte, T) []byte {
	return func(b []byte, _ T) []byte { return append(b, json...) }
}

func (s *Server) organization(c *call) {
	collection(s, c, "organization", "organization", 1, []field[*Tenant]{
		{"id", text((*Tenant).ID)},
		{"displayName", text((*Tenant).Name)},
		{"createdDateTime", literal[*Tenant](`"2016-04-11T08:30:00Z"`)},
		{"countryLetterCode", literal[*Tenant](`"CH"`)},
		{"defaultUsageLocation", literal[*Tenant](`"` + tenantLocation + `"`)},
		{"preferredLanguage", literal[*Tenant](`"en"`)},
		{"tenantType", literal[*Tenant](`"AAD"`)},
		{"onPremisesSyncEnabled", literal[*Tenant](`true`)},
		{"onPremisesLastSyncDateTime", func(b []byte, t *Tenant) []byte { return wire.AppendStamp(b, t.day()-1) }},
		{"verifiedDomains", func(b []byte, t *Tenant) []byte {
			b = append(b, `[{"capabilities":"Email, OfficeCommunicationsOnline","isDefault":true,"isInitial":true,"name":`...)
			return append(wire.AppendText(b, t.Domain), `,"type":"Managed"}]`...)
		}},
		{"technicalNotificationMails", func(b []byte, t *Tenant) []byte {
			return append(wire.AppendText(append(b, '['), "it@"+t.Domain), ']')
		}},
		{"assignedPlans", func(b []byte, t *Tenant) []byte {
			bought := products.E5
			if t.faults.on(faultNoPremium) {
				bought = products.E1 // without Entra ID P1 and P2
			}
			return append(appendPlans(append(b, '['), &products.SKUs[bought], 0, 18700), ']')
		}},
	}, []*Tenant{s.tenant})
}

func (s *Server) reportSettings(c *call) {
	b := appendContext(nil, "admin/reportSettings/$entity", nil)
	b = append(b, `,"displayConcealedNames":`...)
	b = wire.AppendBool(b, s.tenant.faults.on(faultConcealed))
	c.w.Header().Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	c.w.Write(append(b, '}'))
}
