package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/facts"
	"m365lake/provision/tenant"
)

// mayApply says why the plan as a whole may not be applied, if so.
func (r *application) mayApply(saved *provision.SavedPlan) error {
	if len(r.remainingSteps()) == 0 {
		return nil
	}
	if err := saved.CheckApproval(r.settings); err != nil {
		return err
	}
	if !r.Clock.Now().Before(saved.ExpiresAt) {
		if len(r.outcomes) == 0 {
			return provision.ExpiredError(saved)
		}
		return fmt.Errorf("plan %s expired on %s after a part of it was done; take the rest back with m365lake provision "+
			"cancel %s, and plan again", saved.ID, saved.ExpiresAt.UTC().Format("2006-01-02 15:04 UTC"), saved.ID)
	}
	return r.withinCaps()
}

// withinCaps holds the whole plan, what is done of it included, against the caps.
func (r *application) withinCaps() error {
	changes, users := 0, map[string]bool{}
	for i := range r.plan.Steps {
		if s := &r.plan.Steps[i]; s.Verdict == provision.Change {
			changes++
			users[s.User.Key()] = true
		}
	}
	if limit := r.settings.MaxActions; changes > limit {
		return fmt.Errorf("plan %s changes %d things, and the setting max_actions allows %d in a run; plan fewer, or raise "+
			"the setting", r.plan.ID, changes, limit)
	}
	if share := r.settings.MaxSharePercent; len(users) > 1 && float64(len(users))*100 > share*float64(r.plan.Users) {
		return fmt.Errorf("plan %s touches %d of %d accounts, and the setting max_share_percent allows %g %%; plan fewer, "+
			"or raise the setting", r.plan.ID, len(users), r.plan.Users, share)
	}
	return nil
}

// A gate says of each step whether it may be done although the plan may: its row may have been edited,
// its target may be protected by now, and the evidence behind it may not hold any more.
type gate struct {
	refused map[int]provision.Refusal // by their evidence, by number of the step

	mu          sync.Mutex
	protections []provision.Protection
	rules       *tenant.ProtectionRules // made of protections
}

// openGate reads what the gate needs for all steps together.
func (r *application) openGate(ctx context.Context) (*gate, error) {
	g := &gate{}
	var steps []provision.Step
	for _, s := range r.remainingSteps() {
		steps = append(steps, *s)
	}
	var protections []provision.Protection
	err := r.Control.View(ctx, func(db *control.Database) (err error) {
		protections, err = db.Protections(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := r.protect(ctx, g, protections); err != nil {
		return nil, err
	}
	g.refused, err = facts.CheckSteps(ctx, r.Warehouse, steps, r.settings, r.Clock.Now())
	return g, err
}

// protect makes rules of protections.
func (r *application) protect(ctx context.Context, g *gate, protections []provision.Protection) error {
	rules, err := r.Tenant.ReadProtectionRules(ctx, protections, r.settings.ProtectAdmins)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.protections, g.rules = protections, rules
	return nil
}

func (g *gate) current() ([]provision.Protection, *tenant.ProtectionRules) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.protections, g.rules
}

// mayDo says whether a step may be done now as far as its target and its evidence go; if not it ends the
// step.
func (r *application) mayDo(ctx context.Context, s *provision.Step) bool {
	_, rules := r.gate.current()
	var groups []tenant.Membership
	if rules.NeedGroups() && s.User.ID != "" {
		var err error
		groups, err = r.Tenant.TransitiveGroups(ctx, s.User.ID)
		if err != nil && !errors.Is(err, tenant.ErrNotFound) {
			if ctx.Err() == nil {
				r.conclude(s, provision.Failed, "not_readable",
					"whether the user is protected could not be found out: "+err.Error())
			}
			return false
		}
	}
	no := rules.RefusalFor(s.User, groups)
	if stale, is := r.gate.refused[s.Number]; no == nil && is {
		no = &stale
	}
	if no != nil {
		r.conclude(s, provision.Refused, no.Code, no.Reason)
		return false
	}
	return true
}

// writeIntent writes down that the step is about to be done, if its row still asks for it: while a plan is
// applied, people may edit rows and protect accounts. It returns false when the step was ended or the run
// was.
func (r *application) writeIntent(ctx context.Context, s *provision.Step) bool {
	for {
		known, _ := r.gate.current()
		var protections []provision.Protection
		var refused *provision.Outcome
		err := r.Control.Change(ctx, func(db *control.Database) error {
			rows, err := db.ExistingActions(ctx, []int64{s.ActionID})
			if err != nil {
				return err
			}
			if refused = editedOutcome(s, rows); refused != nil {
				return nil
			}
			if protections, err = db.Protections(ctx); err != nil || !slices.Equal(protections, known) {
				return err
			}
			_, err = db.AppendEntry(ctx, r.newEntry(s, provision.Intent, s.User, "", "", ""))
			return err
		})
		switch {
		case err != nil:
			r.abort(err)
			return false
		case refused != nil:
			r.conclude(s, refused.Status, refused.Code, refused.Detail)
			return false
		case slices.Equal(protections, known):
			return true
		}
		if err := r.protect(ctx, r.gate, protections); err != nil {
			r.stop(err)
			return false
		}
		if !r.mayDo(ctx, s) {
			return false
		}
	}
}

// rowGone is the code of a step whose row of provisioning_actions was deleted.
const rowGone = "row_gone"

// editedOutcome is what becomes of a step whose row does not ask for it any more; nil if it does.
func editedOutcome(s *provision.Step, rows []provision.Action) *provision.Outcome {
	switch {
	case len(rows) == 0:
		return &provision.Outcome{Status: provision.Refused, Code: rowGone,
			Detail: "its row was deleted after it was planned"}
	case rows[0].Status == provision.Cancelled || rows[0].Status == provision.Rejected:
		return &provision.Outcome{Status: rows[0].Status, Detail: "taken back after it was planned"}
	case rows[0].Hash() != s.ActionHash:
		return &provision.Outcome{Status: provision.Refused, Code: "row_edited",
			Detail: "its row was edited after it was planned; make a new plan"}
	}
	return nil
}
