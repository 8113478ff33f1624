package apply

import (
	"context"
	"errors"
	"fmt"
	"m365lake/provision"
	"m365lake/provision/facts"
	"m365lake/provision/tenant"
)

// mayApply says why the plan as a whole may not be applied, if so.
func (r *application) mayApply(saved *provision.SavedPlan) error {
	if len(r.left()) == 0 {
		return nil
	}
	if err := saved.CheckApproval(r.settings); err != nil {
		return err
	}
	if !r.Now().Before(saved.ExpiresAt) {
		if len(r.outcomes) == 0 {
			return provision.ExpiredError(saved)
		}
		return fmt.Errorf("plan %s expired on %s after a part of it was done; take the rest back with m365lake provision cancel %s, and plan again", saved.ID, saved.ExpiresAt.UTC().Format("2006-01-02 15:04 UTC"), saved.ID)
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
		return fmt.Errorf("plan %s changes %d things, and the setting max_actions allows %d in a run; plan fewer, or raise the setting", r.plan.ID, changes, limit)
	}
	if share := r.settings.MaxSharePercent; len(users) > 1 && float64(len(users))*100 > share*float64(r.plan.Users) {
		return fmt.Errorf("plan %s touches %d of %d accounts, and the setting max_share_percent allows %g %%; plan fewer, or raise the setting", r.plan.ID, len(users), r.plan.Users, share)
	}
	return nil
}

// A gate says of each step whether it may be done although the plan may: its row may have been edited,
// its target may be protected by now, and the evidence behind it may not hold any more.
type gate struct {
	actions map[int64]provision.Action
	rules   *tenant.ProtectionRules
	refused map[int]provision.Refusal // by their evidence, by number of the step
}

// openGate reads what the gate needs for all steps together.
func (r *application) openGate(ctx context.Context) (*gate, error) {
	g := &gate{actions: map[int64]provision.Action{}}
	var ids []int64
	var steps []provision.Step
	for _, s := range r.left() {
		ids, steps = append(ids, s.ActionID), append(steps, *s)
	}
	actions, err := r.Control.ExistingActions(ctx, ids) // one may be gone
	if err != nil {
		return nil, err
	}
	for _, a := range actions {
		g.actions[a.ID] = a
	}
	protections, err := r.Control.Protections(ctx)
	if err != nil {
		return nil, err
	}
	if g.rules, err = r.Directory.ReadProtectionRules(ctx, protections, r.settings.ProtectAdmins); err != nil {
		return nil, err
	}
	if g.refused, err = facts.CheckSteps(ctx, r.Warehouse, steps, r.settings, r.Now()); err != nil {
		return nil, err
	}
	return g, nil
}

// lets says whether a step may be done now; if not it ends the step.
func (r *application) lets(ctx context.Context, s *provision.Step) bool {
	row, known := r.gate.actions[s.ActionID]
	switch {
	case !known:
		r.end(s, provision.Refused, "row_gone", "its row was deleted after it was planned")
		return false
	case row.Status == provision.Cancelled || row.Status == provision.Rejected:
		r.end(s, row.Status, "", "taken back after it was planned")
		return false
	case row.Hash() != s.ActionHash:
		r.end(s, provision.Refused, "row_edited", "its row was edited after it was planned; make a new plan")
		return false
	}
	var groups []tenant.Membership
	if r.gate.rules.NeedGroups() && s.User.ID != "" {
		var err error
		groups, err = r.Directory.TransitiveGroups(ctx, s.User.ID)
		if err != nil && !errors.Is(err, tenant.ErrNotFound) {
			if ctx.Err() == nil {
				r.end(s, provision.Failed, "not_readable", "whether the user is protected could not be found out: "+err.Error())
			}
			return false
		}
	}
	no := r.gate.rules.RefusalFor(s.User, groups)
	if stale, is := r.gate.refused[s.Number]; no == nil && is {
		no = &stale
	}
	if no != nil {
		r.end(s, provision.Refused, no.Code, no.Reason)
		return false
	}
	return true
}
