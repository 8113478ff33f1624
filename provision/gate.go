package provision

import (
	"context"
	"errors"
	"fmt"
)

// mayApply says why the plan as a whole may not be applied, if so.
func (r *application) mayApply(saved *SavedPlan) error {
	if len(r.left()) == 0 {
		return nil
	}
	if err := r.Control.Approved(saved, r.settings); err != nil {
		return err
	}
	if !r.Now().Before(saved.ExpiresAt) {
		return expiredError(saved)
	}
	return r.withinCaps()
}

// withinCaps holds the whole plan, what is done of it included, against the caps.
func (r *application) withinCaps() error {
	changes, users := 0, map[string]bool{}
	for i := range r.plan.Steps {
		if s := &r.plan.Steps[i]; s.Verdict == Change {
			changes++
			users[s.User.key()] = true
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

// mayDo finds the steps that may not be done although the plan may: their row was edited, their
// target is protected by now, or the evidence behind them does not hold any more.
func (r *application) mayDo(ctx context.Context) error {
	steps := r.left()
	ids := make([]int64, len(steps))
	for i, s := range steps {
		ids[i] = s.ActionID
	}
	if len(ids) == 0 {
		return nil
	}
	actions, err := r.Control.readActions(ctx, r.Control.db, "WHERE list_contains(?::BIGINT[], action_id)", ids) // one may be gone
	if err != nil {
		return err
	}
	rows := map[int64]Action{}
	for _, a := range actions {
		rows[a.ID] = a
	}
	protections, err := r.Control.Protections(ctx)
	if err != nil {
		return err
	}
	var users []User
	for _, s := range steps {
		users = append(users, s.User)
	}
	protected, err := r.Directory.Protected(ctx, users, protections, r.settings)
	if err != nil {
		return fmt.Errorf("whether the targets are protected could not be found out: %w", err)
	}
	for _, s := range steps {
		row, known := rows[s.ActionID]
		no := func(status Status, code, detail string) {
			r.refused[s.Number] = Outcome{Step: s, Status: status, Code: code, Detail: detail}
		}
		switch {
		case !known:
			no(Refused, "row_gone", "its row was deleted after it was planned")
		case row.Status == Cancelled || row.Status == Rejected:
			no(row.Status, "", "taken back after it was planned")
		case row.Hash() != s.ActionHash:
			no(Refused, "row_edited", "its row was edited after it was planned; make a new plan")
		case protected[s.User.key()].Code != "":
			no(Refused, protected[s.User.key()].Code, protected[s.User.key()].Reason)
		default:
			err := CheckEvidence(ctx, r.Warehouse, *s, r.settings, r.Now())
			if why := (*Refusal)(nil); errors.As(err, &why) {
				no(Refused, why.Code, why.Reason)
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}
