package provision

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// A Status is how far an action has come.
type Status string

// What becomes of an action.
const (
	Requested      Status = "requested"        // written by somebody, in no plan
	Planned        Status = "planned"          // a step of a plan that waits for approval or application
	Applied        Status = "applied"          // done and read back
	AlreadyDone    Status = "already_done"     // nothing was left to do
	Refused        Status = "refused"          // not possible, or not allowed; outcome says why
	Failed         Status = "failed"           // Graph said no
	WaitingForSeat Status = "waiting_for_seat" // no seat was free; the next plan takes it up again
	Rejected       Status = "rejected"         // somebody decided against it
	Cancelled      Status = "cancelled"        // taken back
)

// An Action is one row of provisioning_actions: what somebody wants changed. Zero values are NULLs.
type Action struct {
	ID            int64
	Tenant        string // name or id; empty where there is only one
	Kind          Kind
	User          string   // user principal name or object id
	SKU           string   // part number, id or product name
	NewSKU        string   // what a swap gives, written like SKU
	DisabledPlans []string // service plans by name or id; nil is "not said", which is not the same as none
	Group         string   // id or display name
	UsageLocation string   // two letters
	DisplayName   string   // of a new user
	Reason        string
	Basis         string // the verdict of reclaimable_licenses it rests on; empty where a person decided
	RequestedBy   string
	RequestedAt   time.Time
	NotBefore     time.Time

	Status  Status
	PlanID  string
	Outcome string
	UndoOf  int64 // the ledger entry it takes back
	// Fault says which value of the row could not be read, in words; the value is then zero. Such an action is refused.
	Fault string `json:",omitempty"`
}

// Hash tells whether a person changed the row since it was planned: what the program writes itself
// (status, plan, outcome) is not in it.
func (a Action) Hash() string {
	a.Status, a.PlanID, a.Outcome = "", "", ""
	a.RequestedAt = a.RequestedAt.UTC().Truncate(time.Microsecond)
	a.NotBefore = a.NotBefore.UTC().Truncate(time.Microsecond)
	return HashOf(a)
}

// HashOf is the SHA-256 of a value's JSON, whose object keys have a fixed order.
func HashOf(v any) string {
	sum := sha256.Sum256([]byte(JSON(v)))
	return hex.EncodeToString(sum[:])
}

// JSON is the value as this program stores it. It panics when the value cannot be
// JSON; every value of this package can.
func JSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // only values of this package come here
		panic(err)
	}
	return string(text)
}
