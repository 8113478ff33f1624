package control

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"m365lake/provision"
)

func (c *Database) decisions(ctx context.Context, from queryer, planID string) (found []provision.Decision, err error) {
	rows, err := from.QueryContext(ctx, statement("decisions"), planID)
	if err != nil {
		return nil, c.explain("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d provision.Decision
		if err := rows.Scan(&d.PlanHash, &d.Decision, &d.By, &d.At, &d.Note); err != nil {
			return nil, c.explain("read", fmt.Errorf("table provisioning_decisions, plan %s: %w", planID, err))
		}
		d.At = d.At.UTC()
		found = append(found, d)
	}
	if err := rows.Err(); err != nil {
		return nil, c.explain("read", err)
	}
	return found, nil
}

// Approve agrees to an open plan as it stands.
func (c *Database) Approve(ctx context.Context, planID, who string, at time.Time, note string) error {
	s, err := c.Settings(ctx)
	if err != nil {
		return err
	}
	return c.change(ctx, func(tx *sql.Tx) error {
		p, err := c.decide(ctx, tx, planID, who, at, note, provision.PlanApproved, provision.PlanOpen)
		if err != nil {
			return err
		}
		if !at.Before(p.ExpiresAt) {
			return provision.ExpiredError(p)
		}
		if edited, err := c.edited(ctx, tx, &p.Plan); err != nil || len(edited) > 0 {
			return errors.Join(err, editedError(p.ID, edited))
		}
		if s.Approvals == provision.ApprovalDifferent {
			if err := p.CheckApprover(who); err != nil {
				return err
			}
		}
		return c.setPlanStatus(ctx, tx, p.ID, provision.PlanApproved)
	})
}

// Reject decides against a plan and the actions it would have done.
func (c *Database) Reject(ctx context.Context, planID, who string, at time.Time, note string) error {
	return c.change(ctx, func(tx *sql.Tx) error {
		p, err := c.decide(ctx, tx, planID, who, at, note, provision.PlanRejected, provision.PlanOpen, provision.PlanApproved)
		if err != nil {
			return err
		}
		outcome := "rejected by " + who
		if note != "" {
			outcome += ": " + note
		}
		if _, err := tx.ExecContext(ctx, statement("actions_reject"), p.ID, outcome); err != nil {
			return c.explain("write", err)
		}
		return c.setPlanStatus(ctx, tx, p.ID, provision.PlanRejected)
	})
}

// CancelPlan takes back a plan. What of it was not done is requested again.
func (c *Database) CancelPlan(ctx context.Context, planID, who string, at time.Time) error {
	return c.change(ctx, func(tx *sql.Tx) error {
		if err := c.record(ctx, tx, planID, "", who, at, "", provision.PlanCancelled, provision.PlanOpen,
			provision.PlanApproved, provision.PlanStopped); err != nil {
			return err
		}
		return c.release(ctx, tx, planID, provision.PlanCancelled)
	})
}

// release ends a plan; those of its actions that still wait for it can be planned again.
func (c *Database) release(ctx context.Context, tx *sql.Tx, planID string, status provision.PlanStatus) error {
	if _, err := tx.ExecContext(ctx, statement("actions_release"), planID); err != nil {
		return c.explain("write", err)
	}
	return c.setPlanStatus(ctx, tx, planID, status)
}

// CancelActions takes back actions that are in no plan, all of them or none.
func (c *Database) CancelActions(ctx context.Context, ids []int64, who string, at time.Time) error {
	if err := named(who); err != nil {
		return err
	}
	return c.change(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			var status provision.Status
			var plan string
			err := tx.QueryRowContext(ctx, statement("action_state"), id).Scan(&status, &plan)
			switch {
			case errors.Is(err, sql.ErrNoRows):
				return noAction(id)
			case err != nil:
				return c.explain("read", err)
			case status == provision.Planned:
				return fmt.Errorf("action %d is in plan %s; cancel the plan first", id, plan)
			case status != provision.Requested && status != provision.WaitingForSeat:
				return fmt.Errorf("action %d is %s, and so there is nothing to cancel", id, status)
			}
			outcome := fmt.Sprintf("cancelled by %s on %s", who, at.UTC().Format(time.DateOnly))
			if err := c.setOutcome(ctx, tx, id, provision.Cancelled, outcome); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExpirePlans ends the plans that are too old and were never begun, so that their actions can be planned
// again. It returns their ids. One that was begun waits to be settled, and one that is being applied goes on.
func (c *Database) ExpirePlans(ctx context.Context, now time.Time) (ids []string, err error) {
	err = c.change(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, statement("plans_expired"), now.UTC())
		if err != nil {
			return c.explain("read", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return c.explain("read", err)
			}
			ids = append(ids, id)
		}
		if err := rows.Err(); err != nil {
			return c.explain("read", err)
		}
		applied, err := c.beingApplied()
		if err != nil {
			return err
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == applied || applied == anyPlan })
		for _, id := range ids {
			if err := c.release(ctx, tx, id, provision.PlanExpired); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// decide reads a plan in one of these states and records what somebody decides about it.
func (c *Database) decide(
	ctx context.Context, tx *sql.Tx, planID, who string, at time.Time, note string, decision provision.PlanStatus,
	states ...provision.PlanStatus,
) (*provision.SavedPlan, error) {
	if planID == "" {
		return nil, errors.New("no plan is named; m365lake provision status lists them")
	}
	p, err := c.plan(ctx, tx, planID)
	if err != nil {
		return nil, err
	}
	return p, c.record(ctx, tx, p.ID, p.SavedHash, who, at, note, decision, states...)
}

// record writes down a decision if the plan is in one of these states. A plan that was changed by
// hand cannot be read, but must be cancellable: then its hash is not given.
func (c *Database) record(
	ctx context.Context, tx *sql.Tx, planID, hash, who string, at time.Time, note string, decision provision.PlanStatus,
	states ...provision.PlanStatus,
) error {
	if err := named(who); err != nil {
		return err
	}
	var status provision.PlanStatus
	err := tx.QueryRowContext(ctx, statement("plan_status"), planID).Scan(&status)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("there is no plan %s; m365lake provision status lists them", planID)
	}
	if err != nil {
		return c.explain("read", err)
	}
	for _, state := range states {
		if status != state {
			continue
		}
		if decision != provision.PlanApproved {
			if err := c.refuseWhileApplied(planID); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, statement("decision_add"), planID, hash, string(decision), who, at.UTC(),
			null(note)); err != nil {
			return c.explain("write", err)
		}
		return nil
	}
	return fmt.Errorf("plan %s is %s and cannot be %s any more", planID, status, decision)
}

func named(who string) error {
	if strings.TrimSpace(who) == "" {
		return errors.New("nobody is named who decides; say who with --as NAME")
	}
	return nil
}
