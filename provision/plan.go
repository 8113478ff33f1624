package provision

import (
	"cmp"
	"slices"
	"time"
)

// A Plan is what will be done to one tenant, in full: who approves it approves this and nothing else.
type Plan struct {
	ID         string    `json:"plan_id"`
	TenantID   string    `json:"tenant_id"`
	TenantName string    `json:"tenant_name"`
	CreatedAt  time.Time `json:"created_at"`
	CreatedBy  string    `json:"created_by"`
	ExpiresAt  time.Time `json:"expires_at"`
	Users      int64     `json:"users"` // accounts of the tenant, for the cap as a share
	Steps      []Step    `json:"steps"`
	Seats      []Seats   `json:"seats,omitempty"`
	Money      []Money   `json:"money,omitempty"`
}

// Hash is over everything: a plan that was changed after its approval is another plan.
func (p *Plan) Hash() string { return HashOf(p) }

// A Step is one action of a plan.
type Step struct {
	Number     int    `json:"step"` // from 1
	ActionID   int64  `json:"action_id"`
	ActionHash string `json:"action_hash"`
	Kind       Kind   `json:"action"`
	User       User   `json:"user"`

	Verdict  Verdict  `json:"verdict"`
	Code     string   `json:"code,omitempty"` // why not, for programs: unknown_user, protected_role, ...
	Sentence string   `json:"sentence"`       // what changes, or why nothing can
	Notes    []string `json:"notes,omitempty"`

	Before Facet `json:"before"`
	After  Facet `json:"after"`

	RequestedBy    string    `json:"requested_by,omitempty"`
	UndoOf         int64     `json:"undo_of,omitempty"`
	NewDisplayName string    `json:"new_display_name,omitempty"` // create_user
	Evidence       *Evidence `json:"evidence,omitempty"`
	MonthlySaving  *float64  `json:"monthly_saving,omitempty"` // negative: costs more
	Currency       string    `json:"currency,omitempty"`
}

// A User is whom a step is about. ID is empty for one who is yet to be made.
type User struct {
	ID                string `json:"id,omitempty"`
	UserPrincipalName string `json:"user_principal_name"`
	DisplayName       string `json:"display_name,omitempty"`
}

// A Verdict is what the plan says of a step.
type Verdict string

// What a plan can say.
const (
	Change  Verdict = "change"
	Nothing Verdict = "already_done"
	Refuse  Verdict = "refused"
	NoSeat  Verdict = "no_seat" // would be done if a seat were free
)

// Evidence is what an inactivity-based action rests on, as the warehouse had it.
type Evidence struct {
	Basis            string `json:"basis"` // reason of reclaimable_licenses
	Confidence       string `json:"confidence"`
	ReportDate       string `json:"report_date"`
	LastActivityDate string `json:"last_activity_date,omitempty"`
}

// Seats are a product's seats before and after the plan.
type Seats struct {
	SKUID         string `json:"sku_id"`
	SKUPartNumber string `json:"sku_part_number"`
	ProductName   string `json:"product_name"`
	Bought        int64  `json:"bought"` // enabled and in their grace period
	Before        int64  `json:"assigned_before"`
	After         int64  `json:"assigned_after"`
}

// Money is what the plan saves in one currency.
type Money struct {
	Currency     string  `json:"currency"`
	Monthly      float64 `json:"monthly"`
	Yearly       float64 `json:"yearly"`
	WithoutPrice int     `json:"without_price"` // licences whose price nobody gave
}

// TakenSKU is the product that the step takes from the user; empty when it takes none.
func (s Step) TakenSKU() string {
	var taken []string
	for sku, grant := range s.After.Licenses {
		if !grant.Assigned {
			taken = append(taken, sku)
		}
	}
	if len(taken) == 0 {
		return ""
	}
	return slices.Min(taken)
}

// Key is what a user is called in paths: the id, for names change; the name of one yet to be made.
func (u User) Key() string { return cmp.Or(u.ID, u.UserPrincipalName) }
