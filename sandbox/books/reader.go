package books

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
)

// Reader is what one request sees of people: those whom no write changed, as they were invented, and what writes
// made of the others. It belongs to the request's goroutine.
type Reader struct {
	books   *Books
	on      calendar.Day
	written bool // something was written before the request came
}

// Entry is somebody in the directory as a request sees them.
type Entry struct {
	Person   company.Person
	Licenses company.Licenses // as invented
	Account  *Account         // what writes made of the person; nil if no write changed the person
	On       calendar.Day     // the day as of which the person is seen
	Gone     calendar.Day     // the day on which the account was deleted, or calendar.Never
}

// Reader begins to read as of the tenant's day.
func (b *Books) Reader() *Reader { return &Reader{books: b, on: b.today(), written: b.written.Load()} }

// Places is how long the lists of people are: the seats, and then the accounts that were created, deleted or restored.
func (r *Reader) Places() int {
	if !r.written {
		return r.books.company.Users
	}
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	return r.books.company.Users + len(r.books.extra)
}

// enterPerson shows a person as invented for a day.
func (e *Entry) enterPerson(p company.Person, on calendar.Day) {
	e.Person, e.Licenses, e.Account = p, p.Licenses(on), nil
	e.On, e.Gone = on, calendar.Never
}

// enterAccount shows what writes made of somebody. Sign-ins go on as they were invented.
func (e *Entry) enterAccount(a *Account, on calendar.Day) {
	e.Person, e.Licenses, e.Account = a.Person, company.Licenses{}, a
	e.On, e.Gone = on, calendar.Never
	if !a.Created {
		e.Licenses = a.Person.Licenses(min(on, a.Person.Gone-1))
	}
}

// Show makes an account the one in view, whether or not the caller may see it.
func (r *Reader) Show(a *Account, e *Entry) { e.enterAccount(a, r.on) }

// PrincipalName is the account's user principal name while it lives.
func (r *Reader) PrincipalName(a *Account) string { return r.books.PrincipalName(a) }

// See makes the person at place n of the directory, from 0 to Places, the one in view. It returns false if there
// is none.
func (r *Reader) See(n int, e *Entry) bool {
	b := r.books
	if n < b.company.Users {
		p := b.company.Person(n, r.on)
		if !r.written {
			e.enterPerson(p, r.on)
			return true
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		rec := b.recordOf(&p)
		if rec == nil {
			e.enterPerson(p, r.on)
			return true
		}
		return r.seeRecord(rec, e)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	rec := b.extra[n-b.company.Users]
	if !rec.now.Created && !rec.now.detached {
		return false // listed at the seat
	}
	return r.seeRecord(rec, e)
}

// seeRecord shows a living account as this look sees it. The books are locked.
func (r *Reader) seeRecord(rec *record, e *Entry) bool {
	a := rec.look()
	if a == nil || a.Deleted() {
		return false
	}
	e.enterAccount(a, r.on)
	return true
}

// Find makes the living account with an object id or a user principal name the one in view. It returns false if
// there is none.
func (r *Reader) Find(key string, e *Entry) bool {
	b := r.books
	if !r.written {
		p, ok := b.company.Find(key, r.on)
		if ok {
			e.enterPerson(p, r.on)
		}
		return ok
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	rec, p, ok := b.resolve(key)
	if !ok {
		return false
	}
	if rec == nil {
		e.enterPerson(p, r.on)
		return true
	}
	a := rec.look()
	if a == nil || a.Deleted() || !b.lives(a) {
		return false
	}
	e.enterAccount(a, r.on)
	return true
}

// SeeDeleted shows the account deleted at place n of the bin, from 0 to Places, if one was in the last 30 days: of
// somebody who left the seat, or an account that a write deleted.
func (r *Reader) SeeDeleted(n int, e *Entry) bool {
	b := r.books
	if n < b.company.Users {
		p, ok := b.company.LeftSeat(n, b.today())
		if !ok {
			return false
		}
		if r.written {
			b.mu.Lock()
			defer b.mu.Unlock()
			if rec := b.recordOf(&p); rec != nil && rec.extra {
				return false // restored, or deleted by a write before the seat was given on
			}
		}
		e.enterPerson(p, p.Gone-1)
		e.Gone = p.Gone
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.extra[n-b.company.Users].look()
	if a == nil || !b.inBin(a) {
		return false
	}
	e.enterAccount(a, b.today())
	return true
}

// FindDeleted shows the deleted account with an object id, and is false without one.
func (r *Reader) FindDeleted(id string, e *Entry) bool {
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	a := r.books.deletedAccount(id)
	if a == nil {
		return false
	}
	e.enterAccount(a, r.on)
	return true
}

// WasDeleted is true when a write deleted the account of a person.
func (r *Reader) WasDeleted(p *company.Person) bool {
	if !r.books.written.Load() {
		return false
	}
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	rec := r.books.recordOf(p)
	return rec != nil && rec.now.Deleted()
}

// AccountID is the object id of the account in view.
func (r *Reader) AccountID(e *Entry) string {
	if e.Account != nil {
		return e.Account.ID
	}
	return string(r.books.company.AppendID(nil, &e.Person))
}

// Enabled says whether the one in view can sign in.
func (e *Entry) Enabled() bool {
	if e.Account != nil {
		return e.Account.Enabled
	}
	return e.Person.Enabled(e.On)
}

// MemberOf says whether the one in view is a member of a group, by its index in company.Groups.
func (e *Entry) MemberOf(g int) bool {
	if e.Account != nil {
		return e.Account.MemberOf(g)
	}
	return e.Person.IsMember(g, &e.Licenses, e.On)
}

// UsageLocation is "" if the account has none.
func (e *Entry) UsageLocation() string {
	if e.Account != nil {
		return e.Account.Usage
	}
	return e.Person.UsageLocation(&e.Licenses)
}
