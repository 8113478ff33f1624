package provision

import "time"

// An Event is what a ledger entry records.
type Event string

// Every call has an intent before it; each intent ends in exactly one of the others.
const (
	Intent    Event = "intent"
	Done      Event = "done"      // Graph did it, and reading back agrees
	Settled   Event = "settled"   // the run died after its intent; reading shows that it was done
	NotDone   Event = "not_done"  // the run died, or the answer was lost; reading shows that nothing changed
	Denied    Event = "denied"    // Graph refused for good
	Postponed Event = "postponed" // no seat, or a limit: worth another try later
	Mismatch  Event = "mismatch"  // done, but reading back shows something else
)

// An Entry is one row of provisioning_ledger. Entries are only ever added, and each carries the
// hash of the one before it, so that a row made or changed by hand is seen.
type Entry struct {
	ID        int64     `json:"entry_id"`
	RunID     string    `json:"run_id"`
	PlanID    string    `json:"plan_id"`
	ActionID  int64     `json:"action_id"`
	TenantID  string    `json:"tenant_id"`
	At        time.Time `json:"recorded_at"` // microseconds, UTC
	Event     Event     `json:"event"`
	Kind      Kind      `json:"action"`
	User      User      `json:"user"`
	Before    Facet     `json:"before"`
	After     Facet     `json:"after"`
	Code      string    `json:"code,omitempty"`
	Detail    string    `json:"detail,omitempty"`
	RequestID string    `json:"request_id,omitempty"` // Microsoft's
	Actor     string    `json:"actor,omitempty"`      // who applied

	PreviousHash string `json:"previous_hash"`
	Hash         string `json:"-"`
}

// sum is the hash that belongs to the entry.
func (e Entry) sum() string { return hashOf(e) }
