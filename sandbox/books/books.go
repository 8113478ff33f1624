package books

import (
	"strings"
	"sync"
	"sync/atomic"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/products"
)

// Books are the books of one tenant.
type Books struct {
	company *company.Company
	clock   clock.Clock
	faults  faults.Set

	written atomic.Bool // something was written; until then readers need no lock

	mu       sync.Mutex // guards all that follows
	ids      map[string]*record
	persons  map[int]*record    // by company.Person.Key
	names    map[string]*record // by user principal name in lower case, where the seat does not lead to the account
	extra    []*record          // accounts that were created, deleted or restored once; listed after the seats
	made     uint64             // accounts created
	shift    [products.Count]int
	shiftDay calendar.Day        // the day of shift
	given    [products.Count]int // seats given up, see faults.SeatsRunOut
	asked    [products.Count]int // assignments asked for, see faults.SeatsRunOut
	seats    *[products.Count]int
	seatsDay calendar.Day    // the day of seats
	busy     map[string]bool // accounts with a write under way
	changes  []Change
	dangers  []string
}

// New opens the books of a company. Of the faults, replication_lag, seats_run_out and company_product matter here.
func New(c *company.Company, at clock.Clock, set faults.Set) *Books {
	return &Books{company: c, clock: at, faults: set, ids: map[string]*record{}, persons: map[int]*record{},
		names: map[string]*record{}, busy: map[string]bool{}}
}

// today is the tenant's day.
func (b *Books) today() calendar.Day { return calendar.Of(b.clock.Tenant()) }

// record is an account with what slow replicas still show of it.
type record struct {
	now   *Account
	was   *Account // before the last write; nil when it did not exist
	stale int      // how many more looks see was
	extra bool     // among Books.extra
}

// Looks that see the state before a write, and looks that see nothing of an account that was created, see
// faults.ReplicationLag.
const (
	staleLooks    = 2
	uncreatedLook = 3
)

// look is what a reader sees: nil for an account that is not everywhere yet. The books are locked.
func (r *record) look() *Account {
	if r.stale > 0 {
		r.stale--
		return r.was
	}
	return r.now
}

// recordOf finds what was written about a person. The books are locked.
func (b *Books) recordOf(p *company.Person) *record { return b.persons[p.Key()] }

// put makes an account the tenant's. The books are locked.
func (b *Books) put(a *Account) {
	b.shiftSeats()
	rec := b.ids[a.ID]
	if rec == nil {
		rec = &record{}
		b.ids[a.ID] = rec
		if !a.Created {
			b.persons[a.Person.Key()] = rec
			rec.was = b.invented(a.Person, min(b.today(), a.Person.Gone-1))
		}
	} else {
		b.countSeats(rec.now, b.shiftDay, -1, &b.shift)
		rec.was = rec.now
	}
	first := rec.now == nil
	rec.now = a
	b.countSeats(a, b.shiftDay, 1, &b.shift)
	if b.faults.On(faults.ReplicationLag) {
		rec.stale = staleLooks
		if first && a.Created {
			rec.stale = uncreatedLook
		}
	}
	if a.Created || a.detached {
		name := strings.ToLower(b.PrincipalName(a))
		if !a.Deleted() {
			b.names[name] = rec
		} else if b.names[name] == rec {
			delete(b.names, name)
		}
	}
	if a.Created || a.detached || a.Deleted() {
		if !rec.extra {
			b.extra = append(b.extra, rec)
		}
		rec.extra = true
	}
	b.written.Store(true)
}

// resolve finds whom a key means, an object id or a user principal name: a record, or a person whom no write changed.
// The caller has locked the books.
func (b *Books) resolve(key string) (rec *record, p company.Person, ok bool) {
	lower := strings.ToLower(key)
	if rec = b.ids[lower]; rec == nil {
		rec = b.names[lower]
	}
	if rec != nil {
		return rec, rec.now.Person, true
	}
	if p, ok = b.company.Find(key, b.today()); ok {
		rec = b.recordOf(&p)
	}
	return rec, p, ok
}

// current is the account that lives under an object id or a user principal name, as it truly is, or nil. The
// caller has locked the books.
func (b *Books) current(key string) *Account {
	rec, p, ok := b.resolve(key)
	switch {
	case !ok:
		return nil
	case rec == nil:
		return b.invented(p, b.today())
	case rec.now.Deleted() || !b.lives(rec.now):
		return nil
	}
	return rec.now
}

// writable is the account that a write is about, or nil if this replica does not know the account. The caller has
// locked the books.
func (b *Books) writable(key string) *Account {
	if rec, _, _ := b.resolve(key); rec != nil && rec.was == nil && rec.stale > 0 {
		rec.stale--
		return nil
	}
	return b.current(key)
}

// lives is false for somebody whose seat has gone to another.
func (b *Books) lives(a *Account) bool {
	if a.Created || a.detached {
		return true
	}
	now := b.company.Person(a.Person.Seat, b.today())
	return now.Holder == a.Person.Holder
}
