package sandbox

import (
	"fmt"
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
	users    int
	seed     uint64
	today    func() time.Time
	throttle Throttle
	faults   faults
	latency  time.Duration
	company  company
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
	t := &Tenant{
		users:    o.Users,
		seed:     mix(o.Seed),
		today:    o.Today,
		throttle: o.Throttle,
		faults:   f,
		latency:  o.PageLatency,
	}
	if t.users == 0 {
		t.users = 500
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
	t.company = companies[pick(roll(t.seed, tagCompany), len(companies))]
	return t, nil
}

// ID is the tenant id.
func (t *Tenant) ID() string { return guid(roll(t.seed, tagTenant)) }

// Name is the organization's display name.
func (t *Tenant) Name() string { return t.company.name }

func (t *Tenant) now() time.Time { return t.today().UTC() }

// A day is a calendar day in UTC, counted from 1970-01-01.
type day = int

func dayOf(at time.Time) day { return int(at.Unix() / 86400) }

func (t *Tenant) day() day { return dayOf(t.now()) }

// appendDate writes YYYY-MM-DD. It is called several times for every report
// row, so it computes the civil date itself (Howard Hinnant's algorithm).
func appendDate(b []byte, d day) []byte {
	z := d + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dd := doy - (153*mp+2)/5 + 1
	mm := mp + 3
	if mm > 12 {
		mm -= 12
	}
	yy := yoe + era*400
	if mm <= 2 {
		yy++
	}
	return append(b, byte('0'+yy/1000%10), byte('0'+yy/100%10), byte('0'+yy/10%10), byte('0'+yy%10),
		'-', byte('0'+mm/10), byte('0'+mm%10), '-', byte('0'+dd/10), byte('0'+dd%10))
}

// appendTime writes an instant as Graph does: RFC 3339 in UTC, whole seconds.
func appendTime(b []byte, d day, second int) []byte {
	b = append(appendDate(b, d), 'T')
	for i, v := range [3]int{second / 3600, second / 60 % 60, second % 60} {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, byte('0'+v/10), byte('0'+v%10))
	}
	return append(b, 'Z')
}
