package sandbox

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
)

// What a read sees of people: those who were invented, as far as nobody wrote to
// them, and what writes made of the others.

// meet shows a person as invented for the day.
func (v *userView) meet(p company.Person) {
	v.person, v.licenses, v.account = p, p.Licenses(v.on), nil
}

// meetAccount shows what writes made of somebody.
func (v *userView) meetAccount(a *account) {
	v.person, v.licenses, v.account = a.person, company.Licenses{}, a
	if !a.created {
		v.licenses = a.person.Licenses(min(v.on, a.person.Gone-1)) // sign-ins go on as they were
	}
}

// places is how long the lists of people are: the seats, and then whoever was
// created, deleted or restored.
func (v *userView) places() int {
	if !v.written {
		return v.t.Users
	}
	c := &v.t.changes
	c.mu.Lock()
	defer c.mu.Unlock()
	return v.t.Users + len(c.extra)
}

// see shows who is in the directory at place n, and is false when nobody is.
func (v *userView) see(n int) bool {
	t := v.t
	if n < t.Users {
		p := t.Person(n, v.on)
		if !v.written {
			v.meet(p)
			return true
		}
		t.changes.mu.Lock()
		defer t.changes.mu.Unlock()
		rec := t.changes.recordOf(&p)
		if rec == nil {
			v.meet(p)
			return true
		}
		a := rec.look()
		if a == nil || a.deleted() {
			return false
		}
		v.meetAccount(a)
		return true
	}
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	rec := t.changes.extra[n-t.Users]
	if !rec.now.created && !rec.now.detached {
		return false // listed at the seat
	}
	a := rec.look()
	if a == nil || a.deleted() {
		return false
	}
	v.meetAccount(a)
	return true
}

// find shows who lives under an object id or a user principal name.
func (v *userView) find(key string) bool {
	t := v.t
	if !v.written {
		p, ok := t.Find(key, v.on)
		if ok {
			v.meet(p)
		}
		return ok
	}
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	rec, p, ok := t.resolve(key)
	if !ok {
		return false
	}
	if rec == nil {
		v.meet(p)
		return true
	}
	a := rec.look()
	if a == nil || a.deleted() || !t.lives(a) {
		return false
	}
	v.meetAccount(a)
	return true
}

// seeDeleted shows the account deleted at place n of the bin, if one was in the
// last 30 days: somebody who left the seat, or an account that a write deleted.
func (v *userView) seeDeleted(n int) bool {
	t := v.t
	if n < t.Users {
		p, ok := t.leftSeat(n)
		if !ok {
			return false
		}
		if v.written {
			t.changes.mu.Lock()
			defer t.changes.mu.Unlock()
			if t.changes.recordOf(&p) != nil && t.changes.recordOf(&p).extra {
				return false // restored, or deleted by a write before the seat was given on
			}
		}
		v.gone, v.on = p.Gone, p.Gone-1
		v.meet(p)
		return true
	}
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	a := t.changes.extra[n-t.Users].look()
	if a == nil || !t.inBin(a) {
		return false
	}
	v.gone, v.on = calendar.Never, t.day()
	v.meetAccount(a)
	return true
}

// leftSeat is who held a seat before, when that account was deleted in the last
// 30 days.
func (t *Tenant) leftSeat(n int) (company.Person, bool) {
	now := t.Person(n, t.day())
	if now.Kind == company.Service || now.Start <= t.day()-deletedLife {
		return company.Person{}, false
	}
	return t.Person(n, now.Start-1), true
}

// inBin is true for an account that a write deleted in the last 30 days.
func (t *Tenant) inBin(a *account) bool {
	return a.deleted() && calendar.Of(a.deletedAt) > t.day()-deletedLife
}

// findDeleted shows the deleted account with an object id.
func (v *userView) findDeleted(id string) bool {
	a := v.t.fromBin(id)
	if a == nil {
		return false
	}
	v.written = true
	v.fields = writtenFirst(v.fields)
	v.meetAccount(a)
	return true
}

// fromBin is the deleted account with an object id, nil without one.
func (t *Tenant) fromBin(id string) *account {
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	return t.deletedAccount(id)
}

// wasDeleted is true when a write deleted the account of a person.
func (t *Tenant) wasDeleted(p *company.Person) bool {
	if !t.changes.any.Load() {
		return false
	}
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	rec := t.changes.recordOf(p)
	return rec != nil && rec.now.deleted()
}

func (v *userView) Enabled() bool {
	if v.account != nil {
		return v.account.enabled
	}
	return v.person.Enabled(v.on)
}

// inGroup says whether the one in view is a member of a group.
func (v *userView) inGroup(g int) bool {
	if v.account != nil {
		return v.account.memberOf(g)
	}
	return v.person.IsMember(g, &v.licenses, v.on)
}
