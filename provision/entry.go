package provision

import (
	"maps"
	"time"
)

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

// ComputeHash is the hash that belongs to the entry.
func (e Entry) ComputeHash() string { return HashOf(e) }

// Events are all events that an entry can be about. Nothing may change the list.
var Events = []Event{Intent, Done, Settled, NotDone, Denied, Postponed, Mismatch}

// StateToRestore is the state that taking the entry back leads to: as before, in what the step changed.
func (e *Entry) StateToRestore() Facet {
	var f Facet
	switch {
	case e.After.Account == "":
	case e.Before.Account == Absent:
		f.Account = Deleted // what was made can be deleted, not unmade
	default:
		f.Account = e.Before.Account
	}
	if e.After.Account == Deleted && e.Before.Account == Live { // Microsoft gives back what it can; reading back tells
		f.Enabled, f.Licenses = e.Before.Enabled, maps.Clone(e.Before.Licenses)
	}
	if e.After.Account == "" {
		if e.After.Enabled != nil {
			f.Enabled = e.Before.Enabled
		}
		if e.After.UsageLocation != nil {
			f.UsageLocation = e.Before.UsageLocation
		}
	}
	if e.After.SessionsValidFrom != nil {
		f.SessionsValidFrom = e.Before.SessionsValidFrom
	}
	for sku := range e.After.Licenses {
		if f.Licenses == nil {
			f.Licenses = map[string]Grant{}
		}
		f.Licenses[sku] = e.Before.Licenses[sku]
	}
	for id := range e.After.Groups {
		if f.Groups == nil {
			f.Groups = map[string]bool{}
		}
		f.Groups[id] = e.Before.Groups[id]
	}
	return f
}
