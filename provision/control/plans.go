package control

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"m365lake/provision"
)

// SavePlan writes down a plan and what it makes of its actions, all or nothing. It refuses one whose
// actions were changed, or taken up by another plan, while it was being made.
func (c *Database) SavePlan(ctx context.Context, p *provision.Plan) error {
	return c.change(ctx, func(tx *sql.Tx) error {
		if err := c.checkUnplanned(ctx, tx, p); err != nil {
			return err
		}
		status := provision.PlanEmpty
		for _, step := range p.Steps {
			var become provision.Status
			switch step.Verdict {
			case provision.Change:
				status, become = provision.PlanOpen, provision.Planned
			case provision.Nothing:
				become = provision.AlreadyDone
			case provision.Refuse:
				become = provision.Refused
			case provision.NoSeat:
				become = provision.WaitingForSeat
			default:
				return fmt.Errorf("plan %s, step %d: unknown verdict %q", p.ID, step.Number, step.Verdict)
			}
			outcome := step.Sentence
			if become == provision.Planned {
				outcome = ""
			}
			if err := c.setOutcome(ctx, tx, step.ActionID, become, outcome); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, statement("action_plan"), step.ActionID, p.ID); err != nil {
				return c.explain("write", err)
			}
		}
		_, err := tx.ExecContext(ctx, statement("plan_add"),
			p.ID, p.TenantID, p.TenantName, p.CreatedAt.UTC(), p.CreatedBy, p.ExpiresAt.UTC(), string(status), p.Hash(),
			provision.JSON(p))
		if err != nil {
			return c.explain("write", err)
		}
		return nil
	})
}

// checkUnplanned wants every action of the plan as it was when the plan was made, and in no other.
func (c *Database) checkUnplanned(ctx context.Context, tx *sql.Tx, p *provision.Plan) error {
	if edited, err := c.edited(ctx, tx, p); err != nil || len(edited) > 0 {
		return errors.Join(err, editedError(p.ID, edited))
	}
	ids := actionIDs(p)
	actions, err := c.actionsByID(ctx, tx, ids)
	if err != nil {
		return err
	}
	if len(actions) != len(ids) {
		return fmt.Errorf("plan %s has an action in two steps", p.ID)
	}
	for _, a := range actions {
		if a.Status != provision.Requested && a.Status != provision.WaitingForSeat {
			return fmt.Errorf("action %d is %s meanwhile (plan %s); plan again", a.ID, a.Status, a.PlanID)
		}
	}
	return nil
}

func actionIDs(p *provision.Plan) []int64 {
	ids := make([]int64, len(p.Steps))
	for i, s := range p.Steps {
		ids[i] = s.ActionID
	}
	return ids
}

// EditedActions lists the actions of a plan whose rows are not what they were when it was made: a person
// changed or deleted them.
func (c *Database) EditedActions(ctx context.Context, p *provision.Plan) ([]int64, error) {
	return c.edited(ctx, c.db, p)
}

func (c *Database) edited(ctx context.Context, from queryer, p *provision.Plan) (edited []int64, err error) {
	actions, err := c.readActions(ctx, from, actionIDs(p), nil)
	if err != nil {
		return nil, err
	}
	hashes := map[int64]string{}
	for _, a := range actions {
		hashes[a.ID] = a.Hash()
	}
	for _, s := range p.Steps {
		if hashes[s.ActionID] != s.ActionHash {
			edited = append(edited, s.ActionID)
		}
	}
	return edited, nil
}

// editedError is nil when nothing was edited.
func editedError(planID string, edited []int64) error {
	if len(edited) == 0 {
		return nil
	}
	return fmt.Errorf("plan %s: %s changed or deleted after the plan was made; cancel the plan and plan again", planID,
		actionsText(edited))
}

func actionsText(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = fmt.Sprint(id)
	}
	if len(ids) == 1 {
		return "action " + texts[0] + " was"
	}
	return "actions " + strings.Join(texts, ", ") + " were"
}

// Plan reads a plan, or with an empty id the newest one that is open, approved or stopped. A document that
// does not fit its hash is an error.
func (c *Database) Plan(ctx context.Context, id string) (*provision.SavedPlan, error) {
	return c.plan(ctx, c.db, id)
}

func (c *Database) plan(ctx context.Context, from queryer, id string) (*provision.SavedPlan, error) {
	if id == "" {
		err := from.QueryRowContext(ctx, statement("plan_newest")).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, errors.New("there is no plan that waits for approval or application; make one with m365lake " +
				"provision plan")
		}
		if err != nil {
			return nil, c.explain("read", err)
		}
	}
	plans, err := c.readPlans(ctx, from, planFilter{id: id})
	if err != nil {
		return nil, err
	}
	if len(plans) == 0 {
		return nil, fmt.Errorf("there is no plan %s; m365lake provision status lists them", id)
	}
	if plans[0].Decisions, err = c.decisions(ctx, from, id); err != nil {
		return nil, err
	}
	return plans[0], nil
}

// Plans reads all plans, without their decisions, the newest first. One that was changed by hand is
// an error as long as it could be applied, and left out afterwards.
func (c *Database) Plans(ctx context.Context) ([]*provision.SavedPlan, error) {
	return c.readPlans(ctx, c.db, planFilter{})
}

// A planFilter selects plans; what is empty selects all.
type planFilter struct{ id, tenantID string }

func (c *Database) readPlans(
	ctx context.Context, from queryer, filter planFilter,
) (plans []*provision.SavedPlan, err error) {
	err = c.eachPlan(ctx, from, filter, func(row, p *provision.SavedPlan, fault error) error {
		switch {
		case fault == nil:
			plans = append(plans, p)
		case filter.id != "" || slices.Contains([]provision.PlanStatus{
			provision.PlanOpen, provision.PlanApproved, provision.PlanStopped}, row.Status):
			return fault
		}
		return nil
	})
	return plans, err
}

// eachPlan hands out each plan as the columns of its row have it, and as its document has it, or
// why that is not to be believed.
func (c *Database) eachPlan(
	ctx context.Context, from queryer, filter planFilter, each func(row, p *provision.SavedPlan, fault error) error,
) error {
	rows, err := from.QueryContext(ctx, statement("plans"), filter.id, filter.tenantID)
	if err != nil {
		return c.explain("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row provision.SavedPlan
		var document string
		if err := rows.Scan(&row.ID, &row.TenantID, &row.TenantName, &row.CreatedAt, &row.CreatedBy, &row.ExpiresAt,
			&row.Status, &row.SavedHash, &document); err != nil {
			return c.explain("read", fmt.Errorf("table provisioning_plans: %w", err))
		}
		p := provision.SavedPlan{Status: row.Status, SavedHash: row.SavedHash}
		fault := p.Decode(row.Plan, document)
		if fault != nil {
			fault = fmt.Errorf("table provisioning_plans, plan %s: %w; the plan was changed by hand and counts for nothing: "+
				"cancel it and plan again", row.ID, fault)
		}
		if err := each(&row, &p, fault); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return c.explain("read", err)
	}
	return nil
}

// SetPlanStatus writes down how far a plan has come.
func (c *Database) SetPlanStatus(ctx context.Context, planID string, status provision.PlanStatus) error {
	return c.change(ctx, func(tx *sql.Tx) error { return c.setPlanStatus(ctx, tx, planID, status) })
}

func (c *Database) setPlanStatus(ctx context.Context, tx *sql.Tx, planID string, status provision.PlanStatus) error {
	result, err := tx.ExecContext(ctx, statement("plan_set_status"), planID, string(status))
	if err != nil {
		return c.explain("write", err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("there is no plan %s; m365lake provision status lists them", planID))
	}
	return nil
}
