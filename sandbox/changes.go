package sandbox

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// changes is what writes have made of the tenant. It is as large as what was
// written: whoever was never written to is invented anew for every answer.
type changes struct {
	any atomic.Bool // something was written; until then nobody looks further

	mu      sync.Mutex // guards what follows
	ids     map[string]*record
	persons map[int]*record     // by person.key
	names   map[string]*record  // by user principal name in lower case, where the seat does not lead to the account
	extra   []*record           // whoever was created, deleted or restored once; listed after the seats
	made    uint64              // accounts created
	shift   [products.Count]int // seats taken more, or less, than the invented people take
	on      calendar.Day        // the day of shift
	given   [products.Count]int // seats given up, see faultSeatsRunOut
	asked   [products.Count]int // assignments asked for, see faultSeatsRunOut

	busyMu sync.Mutex
	busy   map[string]bool // accounts with a write under way
}

// record is an account with what slow replicas still show of it.
type record struct {
	now   *account
	was   *account // before the last write; nil when it did not exist
	stale int      // how many more looks see was
	extra bool     // among changes.extra
}

// Looks that see the state before a write, and the nothing before an account was
// created, see faultReplicationLag.
const (
	staleLooks    = 2
	uncreatedLook = 3
)

// look is what a reader sees: nil for an account that is not everywhere yet.
// The caller holds mu.
func (r *record) look() *account {
	if r.stale > 0 {
		r.stale--
		return r.was
	}
	return r.now
}

// recordOf finds what was written about a person. The caller holds mu.
func (c *changes) recordOf(p *company.Person) *record { return c.persons[p.Key()] }

// holds says which seats an account takes on a day beyond those of the person
// invented for it. The caller holds mu.
func (t *Tenant) Holds(a *account, on calendar.Day, add int, sum *[products.Count]int) {
	current := false
	if !a.created {
		now := t.Person(a.person.Seat, on)
		current = now.Holder == a.person.Holder
		if current {
			l := now.Licenses(on)
			for s := range sum {
				if l.Holds(s) {
					sum[s] -= add
				}
			}
		}
	}
	if a.deleted() || !current && !a.created && !a.detached {
		return
	}
	held := a.held()
	for s := range sum {
		if held.Has(s) {
			sum[s] += add
		}
	}
}

// put makes an account the tenant's. The caller holds mu.
func (t *Tenant) put(a *account) {
	c := &t.changes
	t.shifted()
	rec := c.ids[a.id]
	if rec == nil {
		rec = &record{}
		if c.ids == nil {
			c.ids, c.persons, c.names = map[string]*record{}, map[int]*record{}, map[string]*record{}
		}
		c.ids[a.id] = rec
		if !a.created {
			c.persons[a.person.Key()] = rec
			rec.was = t.invented(a.person, min(t.day(), a.person.Gone-1))
		}
	} else {
		t.Holds(rec.now, c.on, -1, &c.shift)
		rec.was = rec.now
	}
	first := rec.now == nil
	rec.now = a
	t.Holds(a, c.on, 1, &c.shift)
	if t.faults.on(faultReplicationLag) {
		rec.stale = staleLooks
		if first && a.created {
			rec.stale = uncreatedLook
		}
	}
	if a.created || a.detached {
		name := strings.ToLower(t.userPrincipalName(a))
		if !a.deleted() {
			c.names[name] = rec
		} else if c.names[name] == rec {
			delete(c.names, name)
		}
	}
	if a.created || a.detached || a.deleted() {
		if !rec.extra {
			c.extra = append(c.extra, rec)
		}
		rec.extra = true
	}
	c.any.Store(true)
}

// shifted brings the count of seats to the tenant's day. The caller holds mu.
func (t *Tenant) shifted() {
	c := &t.changes
	on := t.day()
	if c.on == on {
		return
	}
	c.on, c.shift = on, [products.Count]int{}
	for _, rec := range c.ids {
		t.Holds(rec.now, on, 1, &c.shift)
	}
}

// bought is the purchases of the day and how many seats of each product are
// taken, writes included. The caller holds mu.
func (t *Tenant) bought() (list []company.Subscription, consumed [products.Count]int) {
	c := &t.changes
	invented := t.consumed()
	list = t.Subscriptions(invented, t.day())
	t.shifted()
	for s := range invented {
		consumed[s] = invented[s] + c.shift[s]
		less := c.given[s]
		for i := len(list) - 1; i >= 0 && less > 0; i-- {
			if b := &list[i]; b.Sku == s && (b.Status == "Enabled" || b.Status == "Warning") {
				n := min(less, b.Seats)
				b.Seats, less = b.Seats-n, less-n
			}
		}
	}
	return list, consumed
}

// purchases is bought for readers.
func (t *Tenant) purchases() (list []company.Subscription, consumed [products.Count]int) {
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	return t.bought()
}

// free is how many seats of each product are left: enabled and in grace, less
// those taken, below zero where more are taken than were bought.
func (t *Tenant) free() [products.Count]int {
	list, consumed := t.bought()
	var free [products.Count]int
	for s := range free {
		u := company.PrepaidUnits(list, s)
		free[s] = u.Enabled + u.Warning - consumed[s]
	}
	return free
}

// current is the account that lives under an object id or a user principal name,
// as it truly is. The caller holds mu.
func (t *Tenant) current(key string) *account {
	rec, p, ok := t.resolve(key)
	switch {
	case !ok:
		return nil
	case rec == nil:
		return t.invented(p, t.day())
	case rec.now.deleted() || !t.lives(rec.now):
		return nil
	}
	return rec.now
}

// deletedAccount is the account that was deleted in the last 30 days, by a write
// or because the person left. The caller holds mu.
func (t *Tenant) deletedAccount(id string) *account {
	if rec := t.changes.ids[strings.ToLower(id)]; rec != nil && (rec.extra || rec.now.deleted()) {
		if t.inBin(rec.now) {
			return rec.now
		}
		return nil
	}
	n, ok := t.SeatOf(id)
	if !ok {
		return nil
	}
	p, ok := t.leftSeat(n)
	if !ok || !strings.EqualFold(id, string(t.AppendID(nil, &p))) {
		return nil
	}
	a := t.invented(p, p.Gone-1)
	a.deletedAt = time.Unix(int64(p.Gone)*86400+9*3600, 0).UTC()
	return a
}

// lives is false for somebody whose seat has gone to another.
func (t *Tenant) lives(a *account) bool {
	if a.created || a.detached {
		return true
	}
	now := t.Person(a.person.Seat, t.day())
	return now.Holder == a.person.Holder
}

// resolve finds whom a key means: a record, or a person nobody wrote to. The
// caller holds mu.
func (t *Tenant) resolve(key string) (rec *record, p company.Person, ok bool) {
	c := &t.changes
	lower := strings.ToLower(key)
	if rec = c.ids[lower]; rec == nil {
		rec = c.names[lower]
	}
	if rec != nil {
		return rec, rec.now.person, true
	}
	if p, ok = t.Find(key, t.day()); ok {
		rec = c.recordOf(&p)
	}
	return rec, p, ok
}
