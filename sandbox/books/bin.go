package books

import (
	"encoding/json"
	"strings"
	"time"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// inBin is true for an account that a write deleted in the last 30 days.
func (b *Books) inBin(a *Account) bool {
	return a.Deleted() && calendar.Of(a.DeletedAt) > b.today()-company.DaysInBin
}

// deletedAccount is the account that was deleted in the last 30 days, by a write or because the person left; nil for
// none. The books are locked.
func (b *Books) deletedAccount(id string) *Account {
	if rec := b.ids[strings.ToLower(id)]; rec != nil && (rec.extra || rec.now.Deleted()) {
		if b.inBin(rec.now) {
			return rec.now
		}
		return nil
	}
	n, ok := b.company.SeatOf(id)
	if !ok {
		return nil
	}
	p, ok := b.company.LeftSeat(n, b.today())
	if !ok || !strings.EqualFold(id, string(b.company.AppendID(nil, &p))) {
		return nil
	}
	a := b.invented(p, p.Gone-1)
	a.DeletedAt = time.Unix(int64(p.Gone)*86400+9*3600, 0).UTC()
	return a
}

// DeleteUser puts a user into the bin for 30 days. Microsoft says nothing about users who come from the company's own
// directory; they are refused here, since the next synchronization would bring them back.
// Source: https://learn.microsoft.com/graph/api/user-delete
func (b *Books) DeleteUser(w Write, key string) Outcome {
	return b.apply(w, "", func() Outcome {
		a := b.writable(key)
		switch {
		case a == nil:
			return refuse(odata.NotFound(key))
		case b.protected(a):
			return refuse(odata.NotPermitted())
		case a.synced():
			return refuse(onPremises())
		}
		next := a.next()
		next.DeletedAt = b.clock.Tenant()
		b.put(next)
		return Outcome{Account: next, Changed: true}
	})
}

// RestoreUser takes a user out of the bin, with the groups, and with licences as far as there are seats. Of fields,
// only newUserPrincipalName is looked at.
// Source: https://learn.microsoft.com/graph/api/directory-deleteditems-restore
func (b *Books) RestoreUser(w Write, id string, fields map[string]json.RawMessage) Outcome {
	return b.apply(w, "", func() Outcome {
		var renamed string
		if raw := fields["newUserPrincipalName"]; raw != nil {
			name, ok := wire.TextOf(raw)
			if !ok {
				return refuse(*invalidValue("newUserPrincipalName"))
			}
			renamed = name
		}
		a := b.deletedAccount(id)
		switch {
		case a == nil:
			return refuse(odata.NotFound(id))
		case a.MemberOf(company.GroupHelpdesk):
			return refuse(odata.NotPermitted())
		case a.synced():
			return refuse(onPremises())
		}
		next := a.next()
		next.DeletedAt = time.Time{}
		next.detached = !a.Created && b.company.Person(a.Person.Seat, b.today()).Holder != a.Person.Holder
		if renamed != "" {
			if !a.Created {
				return refuse(odata.BadRequest("The sandbox gives a new name only to accounts that were created by " +
					"a write."))
			}
			if refused := b.checkName(renamed); refused != nil {
				return refuse(*refused)
			}
			next.name = renamed
		}
		if b.current(b.PrincipalName(next)) != nil {
			return refuse(*nameTaken())
		}
		b.reseat(next)
		b.put(next)
		return Outcome{Account: next, Changed: true}
	})
}

// reseat finds seats for a restored account's products again. A product assigned directly is lost without one; a
// group's is in error. The books are locked.
func (b *Books) reseat(a *Account) {
	free := b.free()
	had := a.Holdings
	a.Holdings = nil
	for _, h := range had {
		if h.active() && !a.heldProducts().Has(h.SKU) && free[h.SKU] < 1 {
			if h.Group == company.Direct {
				continue
			}
			h.State, h.Reason = stateError, reasonCount
		}
		a.Holdings = append(a.Holdings, h)
	}
	a.settle()
}
