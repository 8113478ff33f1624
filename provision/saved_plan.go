package provision

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Decision is what somebody decided about a plan.
type Decision struct {
	PlanHash string     // of the plan as it was then
	Decision PlanStatus // approved, rejected or cancelled
	By       string     // as they called themselves
	At       time.Time
	Note     string // may be empty
}

// ExpiredError says that the plan is too old and what to do.
func ExpiredError(p *SavedPlan) error {
	return fmt.Errorf("plan %s expired on %s; plan again", p.ID, p.ExpiresAt.UTC().Format("2006-01-02 15:04 UTC"))
}

// CheckApprover says why somebody cannot approve a plan that needs a different person.
func (p *SavedPlan) CheckApprover(who string) error {
	for _, step := range p.Steps {
		switch {
		case step.Verdict != Change:
		case strings.TrimSpace(step.RequestedBy) == "":
			return fmt.Errorf("plan %s: nobody is said to have requested action %d, so that nobody can be known to be "+
				"somebody else; cancel the plan, fill in requested_by and plan again", p.ID, step.ActionID)
		case samePerson(step.RequestedBy, who):
			return fmt.Errorf("plan %s: %s requested action %d, and a different person must approve (setting approvals)", p.ID,
				who, step.ActionID)
		}
	}
	return nil
}

func samePerson(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// A PlanStatus is how far a plan has come.
type PlanStatus string

// What becomes of a plan.
const (
	PlanOpen      PlanStatus = "open"      // waits for approval
	PlanApproved  PlanStatus = "approved"  // may be applied
	PlanRejected  PlanStatus = "rejected"  // somebody decided against it, and against its actions
	PlanCancelled PlanStatus = "cancelled" // taken back; its actions can be planned again
	PlanExpired   PlanStatus = "expired"   // too old; its actions can be planned again
	PlanEmpty     PlanStatus = "empty"     // nothing in it could or need be done
	PlanStopped   PlanStatus = "stopped"   // applied in part
	PlanApplied   PlanStatus = "applied"
)

var planStatuses = []PlanStatus{PlanOpen, PlanApproved, PlanRejected, PlanCancelled, PlanExpired, PlanEmpty,
	PlanStopped, PlanApplied}

// A SavedPlan is a plan as the control database has it.
type SavedPlan struct {
	Plan
	Status    PlanStatus
	SavedHash string     // equals Hash(), or it would not have been read
	Decisions []Decision // in the order in which they were made
}

// Decode reads the document and holds it to its hash and to the columns beside it.
func (p *SavedPlan) Decode(row Plan, document string) error {
	if err := DecodeStrictly(document, &p.Plan); err != nil {
		return fmt.Errorf("column document: %w", err)
	}
	switch {
	case p.Hash() != p.SavedHash:
		return errors.New("column document does not fit plan_hash")
	case p.ID != row.ID:
		return errors.New("column plan_id is not that of the document")
	case p.TenantID != row.TenantID, p.TenantName != row.TenantName, p.CreatedBy != row.CreatedBy:
		return errors.New("columns tenant_id, tenant_name and created_by are not those of the document")
	case !sameMoment(p.CreatedAt, row.CreatedAt), !sameMoment(p.ExpiresAt, row.ExpiresAt):
		return errors.New("columns created_at and expires_at are not those of the document")
	case !slices.Contains(planStatuses, p.Status):
		return fmt.Errorf("column status: %q must be %s", p.Status, Alternatives(planStatuses))
	}
	return nil
}

// sameMoment compares to the microsecond, which is what DuckDB keeps.
func sameMoment(a, b time.Time) bool {
	return a.UTC().Truncate(time.Microsecond).Equal(b.UTC().Truncate(time.Microsecond))
}

// DecodeStrictly reads JSON that this program wrote.
func DecodeStrictly(text string, into any) error {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return errors.New("there is more behind the JSON")
	}
	return nil
}

// CheckApproval says why the plan may not be applied for want of approval; nil if it may.
func (p *SavedPlan) CheckApproval(s Settings) error {
	if p.Status != PlanApproved && (p.Status != PlanOpen || s.Approvals != ApprovalNone) && p.Status != PlanStopped {
		if p.Status == PlanOpen {
			return fmt.Errorf("plan %s is not approved; m365lake provision approve %s", p.ID, p.ID)
		}
		return fmt.Errorf("plan %s is %s; make a new one with m365lake provision plan", p.ID, p.Status)
	}
	if s.Approvals == ApprovalNone {
		return nil
	}
	reason := fmt.Errorf(
		"plan %s has no approval of what it says now; m365lake provision cancel %s and plan again", p.ID, p.ID)
	for _, d := range p.Decisions {
		if d.Decision != PlanApproved || d.PlanHash != p.SavedHash || strings.TrimSpace(d.By) == "" {
			continue
		}
		if s.Approvals != ApprovalDifferent {
			return nil
		}
		if reason = p.CheckApprover(d.By); reason == nil {
			return nil
		}
	}
	return reason
}
