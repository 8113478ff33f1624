package sandbox

import (
	"fmt"
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/seal"
	"m365lake/sandbox/truth"
	"time"
)

// Options describes a sandbox tenant. The zero value is a usable company.
type Options struct {
	Users       int              // people in the directory; 0 means 500
	Seed        uint64           // same seed, same company
	Today       func() time.Time // the tenant's clock; nil means time.Now
	Throttle    Throttle         // report throttling; zero means Microsoft's 14 calls per report in 10 minutes
	Faults      []string         // failures to turn on, by name; see Faults
	PageLatency time.Duration    // added to every answer
}

// Throttle is how many calls one report allows in a window. Negative Calls
// switch throttling off.
type Throttle struct {
	Calls  int
	Window time.Duration
}

// maxUsers is what the identifiers have room for.
const maxUsers = 1 << 30

// Tenant is one invented company. It is safe for concurrent use.
type Tenant struct {
	*company.Company
	seal.Key
	today    func() time.Time
	throttle Throttle
	faults   faults
	latency  time.Duration
	seats    seatCache
	sums     totalsCache
	changes  changes
}

// New invents a tenant.
func New(o Options) (*Tenant, error) {
	if o.Users < 0 || o.Users > maxUsers {
		return nil, fmt.Errorf("sandbox: %d users: give a number from 1 to %d, or 0 for 500", o.Users, maxUsers)
	}
	if o.PageLatency < 0 {
		return nil, fmt.Errorf("sandbox: latency %v: give a positive duration, or 0 for none", o.PageLatency)
	}
	f, err := parseFaults(o.Faults)
	if err != nil {
		return nil, err
	}
	users := o.Users
	if users == 0 {
		users = 500
	}
	c := company.New(users, o.Seed)
	t := &Tenant{
		Company:  c,
		Key:      seal.Key(c.Secret()),
		today:    o.Today,
		throttle: o.Throttle,
		faults:   f,
		latency:  o.PageLatency,
	}
	if t.today == nil {
		t.today = time.Now
	}
	if t.throttle.Calls == 0 {
		t.throttle.Calls = 14
	}
	if t.throttle.Window <= 0 {
		t.throttle.Window = 10 * time.Minute
	}
	return t, nil
}

// WriteTruth writes what the tenant knows about itself at its Today, as CSV
// files (UTF-8, LF, with a header) into dir, for tests that compute the figures
// again in another way:
//
//	users.csv          everybody in the directory
//	licenses.csv       every assignment, failed ones too
//	licensed_apps.csv  the apps each person holds an enabled service plan for
//	activity.csv       each day of the last 400 known days on which a person
//	                   used an app, with the number of actions: the sum of
//	                     exchange         Send, Read, Meeting Created and Meeting Interacted Count
//	                     yammer           Posted, Read and Liked Count
//	                     onedrive         Viewed Or Edited, Synced, Shared Internally and Shared
//	                                      Externally File Count
//	                     sharepoint       the same and Visited Page Count
//	                     microsoft_teams  Team Chat Message, Private Chat Message, Call and Meeting Count
//	                   and empty for the others. copilot has the days of former holders too.
//	platforms.csv      the same days of the six Microsoft 365 apps by platform:
//	                   windows, mac, mobile, web, one or several a day
//	copilot.csv        the days of copilot by app, with the prompts submitted; work
//	                   and web are the two halves of copilot_chat, and
//	                   microsoft_365_copilot, edge and copilot_agent ways into them
//	skus.csv           seats bought and held
func (t *Tenant) WriteTruth(dir string) error { return truth.Write(t.Company, t.day(), dir) }

func (t *Tenant) now() time.Time { return t.today().UTC() }

func (t *Tenant) day() calendar.Day { return calendar.Of(t.now()) }
