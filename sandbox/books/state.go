package books

import (
	"bytes"
	"slices"
	"strings"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// State is everything that writes can change, as text with one line for each user, deleted user, group and product, in
// an order that depends on nothing but ids: two states are the same when their bytes are. It is taken at the tenant's
// time and asks everybody, so it is for small tenants.
//
// Times are left out: when an assignment, a deletion or a creation was made, and since when sign-in sessions are valid.
// So are the seats that were bought, which no write changes.
func (b *Books) State() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines [][]byte
	members := make([]int, len(company.Groups))
	add := func(a *Account) {
		lines = append(lines, b.line(a))
		for g := range company.Groups {
			if !a.Deleted() && a.MemberOf(g) {
				members[g]++
			}
		}
	}
	on := b.today()
	for n := range b.company.Users {
		p := b.company.Person(n, on)
		if rec := b.recordOf(&p); rec == nil {
			add(b.invented(p, on))
		} else if !rec.extra {
			add(rec.now)
		}
		if p, ok := b.company.LeftSeat(n, on); ok {
			if rec := b.recordOf(&p); rec == nil || !rec.extra {
				a := b.invented(p, p.Gone-1)
				a.DeletedAt = b.clock.Tenant()
				add(a)
			}
		}
	}
	for _, rec := range b.extra {
		if a := rec.now; b.inBin(a) || !a.Deleted() && b.lives(a) {
			add(a)
		}
	}
	_, consumed := b.bought()
	for k, n := range consumed {
		lines = append(lines, wire.AppendInt([]byte("product "+products.SKUs[k].PartNumber+" consumed "), n))
	}
	for g, n := range members {
		lines = append(lines, wire.AppendInt([]byte("group "+b.company.GroupID(g)+" members "), n))
	}
	slices.SortFunc(lines, bytes.Compare)
	return append(bytes.Join(lines, []byte("\n")), '\n')
}

// line is an account without its times.
func (b *Books) line(a *Account) []byte {
	out := []byte("user ")
	if a.Deleted() {
		out = []byte("deleted ")
	}
	out = append(append(out, a.ID...), ' ')
	out = append(out, b.PrincipalName(a)...)
	out = wire.AppendBool(append(out, " enabled "...), a.Enabled)
	out = wire.AppendTextOrNull(append(out, " in "...), a.Usage)
	out = append(out, " licenses ["...)
	holdings := slices.Clone(a.Holdings)
	slices.SortFunc(holdings, func(x, y Holding) int {
		if x.SKU != y.SKU {
			return x.SKU - y.SKU
		}
		return int(x.Group) - int(y.Group)
	})
	for i := range holdings {
		h := &holdings[i]
		by := "directly"
		if h.Group != company.Direct {
			by = company.Groups[h.Group].Name
		}
		k := &products.SKUs[h.SKU]
		out = append(out, " {"+k.PartNumber+" by "+by+", without ["+strings.Join(h.Disabled.IDs(k), " ")+"], "+
			h.State+" "+h.Reason+"}"...)
	}
	out = append(out, " ] groups ["...)
	for g := range company.Groups {
		if a.MemberOf(g) {
			out = append(out, " {"+company.Groups[g].Name+"}"...)
		}
	}
	out = append(out, " ]"...)
	for _, p := range properties {
		if written, ok := a.Properties[p.name]; ok {
			out = append(out, " "+p.name+" "+written...)
		}
	}
	return out
}
