package sandbox

import (
	"fmt"
	"time"

	"m365lake/sandbox/books"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/entra"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/reports"
	"m365lake/sandbox/truth"
)

// Options describes a sandbox tenant. The zero value is a usable company.
type Options struct {
	Users       int              // people in the directory; 0 means 500
	Seed        uint64           // same seed, same company
	Today       func() time.Time // the tenant's clock; nil means that of the machine
	Machine     func() time.Time // this machine's clock, for assertions, codes and call windows; nil means time.Now
	Throttle    Throttle         // report throttling; zero means Microsoft's 14 calls per report in 10 minutes
	Faults      []string         // failures to turn on, by name; see Faults
	PageLatency time.Duration    // added to every answer
}

// Throttle is how many calls one report allows in a window. Negative Calls switch throttling off.
type Throttle = reports.Throttle

// Fault is a failure the sandbox can be told to show.
type Fault = faults.Fault

// Faults lists every failure there is.
func Faults() []Fault { return faults.All() }

// Change is one write that the tenant accepted.
type Change = books.Change

// maxUsers is what the identifiers have room for.
const maxUsers = 1 << 30

// Tenant is one invented company, with what was written to it. It is safe for concurrent use.
type Tenant struct {
	company  *company.Company
	clock    clock.Clock
	faults   faults.Set
	throttle Throttle
	latency  time.Duration
	books    *books.Books
	tokens   entra.Tokens
}

// New invents a tenant. The error says which option is wrong, and how to write it.
func New(o Options) (*Tenant, error) {
	if o.Users < 0 || o.Users > maxUsers {
		return nil, fmt.Errorf("sandbox: %d users: give a number from 1 to %d, or 0 for 500", o.Users, maxUsers)
	}
	if o.PageLatency < 0 {
		return nil, fmt.Errorf("sandbox: latency %v: give a positive duration, or 0 for none", o.PageLatency)
	}
	set, err := faults.Parse(o.Faults, reports.Functions())
	if err != nil {
		return nil, err
	}
	users := o.Users
	if users == 0 {
		users = 500
	}
	c, at := company.New(users, o.Seed), clock.New(o.Today, o.Machine)
	return &Tenant{company: c, clock: at, faults: set, throttle: o.Throttle, latency: o.PageLatency,
		books: books.New(c, at, set), tokens: entra.NewTokens(c, at, set)}, nil
}

// ID is the tenant id.
func (t *Tenant) ID() string { return t.company.ID() }

// Name is the organization's display name.
func (t *Tenant) Name() string { return t.company.Name() }

// ClientID is the application that may read this tenant.
func (t *Tenant) ClientID() string { return t.company.ClientID() }

// ClientSecret is that application's invented secret.
func (t *Tenant) ClientSecret() string { return t.company.ClientSecret() }

// WriterID is the application that may also change users, licences and groups.
func (t *Tenant) WriterID() string { return t.company.WriterID() }

// WriterSecret is that application's invented secret.
func (t *Tenant) WriterSecret() string { return t.company.WriterSecret() }

// WriteTruth writes what the tenant knows about itself at its Today into a folder, which it makes, as CSV files that
// package truth describes. What was written to the tenant is not among it.
func (t *Tenant) WriteTruth(dir string) error {
	return truth.Write(t.company, calendar.Of(t.clock.Tenant()), dir)
}
