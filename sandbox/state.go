package sandbox

import (
	"bytes"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
	"slices"
	"strings"
)

// State is everything that writes can change, as text with one line for each
// user, deleted user, group and product, in an order that depends on nothing but
// ids: two states are the same when their bytes are. It is taken at the tenant's
// Today and asks everybody, so it is for small tenants.
//
// Times are left out: when an assignment, a deletion or a creation was made, and
// since when sign-in sessions are valid. So are the seats that were bought, which
// no write changes.
func (s *Server) State() []byte {
	t := s.tenant
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	var lines [][]byte
	members := make([]int, len(company.Groups))
	add := func(a *account) {
		lines = append(lines, t.line(a))
		for g := range company.Groups {
			if !a.deleted() && a.memberOf(g) {
				members[g]++
			}
		}
	}
	on := t.day()
	for n := range t.Users {
		p := t.Person(n, on)
		if rec := t.changes.recordOf(&p); rec == nil {
			add(t.invented(p, on))
		} else if !rec.extra {
			add(rec.now)
		}
		if p, ok := t.leftSeat(n); ok {
			if rec := t.changes.recordOf(&p); rec == nil || !rec.extra {
				a := t.invented(p, p.Gone-1)
				a.deletedAt = t.now()
				add(a)
			}
		}
	}
	for _, rec := range t.changes.extra {
		if a := rec.now; t.inBin(a) || !a.deleted() && t.lives(a) {
			add(a)
		}
	}
	_, consumed := t.bought()
	for k, n := range consumed {
		lines = append(lines, wire.AppendInt([]byte("product "+products.SKUs[k].PartNumber+" consumed "), n))
	}
	for g, n := range members {
		lines = append(lines, wire.AppendInt([]byte("group "+t.GroupID(g)+" members "), n))
	}
	slices.SortFunc(lines, bytes.Compare)
	return append(bytes.Join(lines, []byte("\n")), '\n')
}

// line is an account without its times.
func (t *Tenant) line(a *account) []byte {
	b := []byte("user ")
	if a.deleted() {
		b = []byte("deleted ")
	}
	b = append(append(b, a.id...), ' ')
	b = append(b, t.userPrincipalName(a)...)
	b = wire.AppendBool(append(b, " enabled "...), a.enabled)
	b = wire.AppendTextOrNull(append(b, " in "...), a.usage)
	b = append(b, " licenses ["...)
	holdings := slices.Clone(a.holdings)
	slices.SortFunc(holdings, func(x, y holding) int {
		if x.sku != y.sku {
			return x.sku - y.sku
		}
		return int(x.group) - int(y.group)
	})
	for i := range holdings {
		h := &holdings[i]
		by := "directly"
		if h.group != company.Direct {
			by = company.Groups[h.group].Name
		}
		b = append(b, " {"+products.SKUs[h.sku].PartNumber+" by "+by+", without ["+strings.Join(h.disabled.Ids(&products.SKUs[h.sku]), " ")+"], "+h.state+" "+h.reason+"}"...)
	}
	b = append(b, " ] groups ["...)
	for g := range company.Groups {
		if a.memberOf(g) {
			b = append(b, " {"+company.Groups[g].Name+"}"...)
		}
	}
	b = append(b, " ]"...)
	for _, p := range properties {
		if written, ok := a.properties[p.name]; ok {
			b = append(b, " "+p.name+" "+written...)
		}
	}
	return b
}
