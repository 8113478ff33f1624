package books

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/products"
)

// writableGroup is the group's index, or why its members cannot be changed.
func (b *Books) writableGroup(id string) (int, *odata.Answer) {
	g := b.company.GroupByID(id)
	var a odata.Answer
	switch {
	case g < 0:
		a = odata.NotFound(id)
	case company.Groups[g].Dynamic != "" || company.Groups[g].Assignable: // a rule decides; a role would be given
		a = odata.NotPermitted()
	case company.Groups[g].Synced:
		a = onPremises()
	default:
		return g, nil
	}
	return -1, &a
}

// AddMember makes a user a member of a group, both by their object ids, and gives the user what the group grants.
// Source: https://learn.microsoft.com/graph/api/group-post-members
func (b *Books) AddMember(w Write, group, user string) Outcome {
	return b.apply(w, group, func() Outcome {
		g, refused := b.writableGroup(group)
		if refused != nil {
			return refuse(*refused)
		}
		a := b.writable(user)
		switch {
		case a == nil:
			return refuse(odata.NotFound(user))
		case a.MemberOf(g):
			return refuse(odata.BadRequest("One or more added object references already exist for the following " +
				"modified properties: 'members'."))
		}
		next := a.next()
		next.groups.Add(g)
		b.grant(next, g)
		b.put(next)
		return Outcome{Account: next, Changed: true}
	})
}

// RemoveMember ends a membership, and takes away what the group granted.
// Source: https://learn.microsoft.com/graph/api/group-delete-members
func (b *Books) RemoveMember(w Write, group, user string) Outcome {
	return b.apply(w, group, func() Outcome {
		g, refused := b.writableGroup(group)
		if refused != nil {
			return refuse(*refused)
		}
		a := b.writable(user)
		if a == nil || !a.MemberOf(g) {
			return refuse(odata.NotFound(user))
		}
		next := a.next()
		next.groups.Drop(g)
		if s := company.Groups[g].SKU; s != company.NoSKU {
			next.dropHolding(s, int8(g))
			next.settle()
		}
		b.put(next)
		return Outcome{Account: next, Changed: true}
	})
}

// grant gives a new member what a group grants, or the state that says why not. The books are locked.
func (b *Books) grant(a *Account, g int) {
	s := company.Groups[g].SKU
	if s == company.NoSKU || a.holdingBy(s, int8(g)) != nil {
		return
	}
	off, _ := products.PlanSetOf(&products.SKUs[s], products.SKUs[s].Disabled[company.Groups[g].Off])
	a.Holdings = append(a.Holdings, Holding{SKU: s, Group: int8(g), Disabled: off})
	b.judge(a, len(a.Holdings)-1, b.free())
	a.settle()
}
