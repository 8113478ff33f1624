package notify

import (
	"database/sql"
	"time"
)

// A Run is what messages, pings, metrics and traces may say of a run that has ended. It holds no person's name
// except NamedUsers, and no text of an error except Tenant.Cause.
type Run struct {
	ID             string // a UUID; the pings of a run are known by it
	Day            time.Time
	Started, Ended time.Time
	Version        string // of the program
	ExitCode       int
	Outcome        Outcome
	Published      bool // a warehouse was published
	// WarehousePublished is when the warehouse that is there was published, by this run or an earlier
	// one; zero without a warehouse.
	WarehousePublished time.Time
	Tenants            []Tenant
	Totals             []Totals // of the warehouse that is there; none where it could not be read
	NamedUsers         []ReclaimableUser
}

// An Outcome is how a run ended, as far as a health check minds.
type Outcome int

// The outcomes. A run that Succeeded has no gap; one with gaps has published what it could.
const (
	Succeeded Outcome = iota
	WithGaps
	Failed
	Interrupted
)

// A Tenant is one tenant's part of a run.
type Tenant struct {
	Name, ID string
	Requests int64  // to Graph
	Failed   bool   // nothing of the tenant was loaded
	Cause    string // why, where it names neither people nor secrets; "" refers to the log
	Failures int    // sources and reports that left a gap
	Gaps     []Gap  // the same, with those of one report that failed alike as one
}

// A Gap is something that was asked for and is missing.
type Gap struct{ Source, Status string }

// Totals are the numbers of a tenant. A number that is not known is NULL, never 0.
type Totals struct {
	TenantID, Tenant       string
	Users                  int64
	Active, Licensed       sql.NullInt64 // in any app, over 30 days
	ReportDate             sql.NullTime  // last day they cover
	Bought, Assigned, Idle sql.NullInt64 // paid licences
	IdleWithoutPrice       int64
	MonthlyIdleCost        sql.NullFloat64
	Currency               sql.NullString
}

// A ReclaimableUser is somebody whose licences can surely be taken back.
type ReclaimableUser struct{ TenantID, Name, Reason, Products string }
