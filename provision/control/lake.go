package control

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/provision"
	"m365lake/schemas"
	"m365lake/schemas/column"
)

// A LakeTenant is the tenant whose part of the control database goes into the lake.
type LakeTenant struct {
	ID   string
	Name string
	Only bool // there is no other, so that actions need not name it
	Day  time.Time
	Mem  memory.Allocator
}

// has says whether an action is about the tenant.
func (t LakeTenant) has(a provision.Action) bool {
	name := strings.TrimSpace(a.Tenant)
	return name == "" && t.Only || strings.EqualFold(name, t.ID) || strings.EqualFold(name, t.Name)
}

// Batches are the tenant's actions, plans and ledger as the lake has them, one batch each.
func (c *Database) Batches(ctx context.Context, t LakeTenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		savings := map[string]map[int64]provision.Step{} // by plan and action
		for _, write := range []func() (*column.Writer, error){
			func() (*column.Writer, error) { return c.lakePlans(ctx, t, savings) },
			func() (*column.Writer, error) { return c.lakeActions(ctx, t, savings) },
			func() (*column.Writer, error) { return c.lakeLedger(ctx, t) },
		} {
			w, err := write()
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if !w.Flush(yield) {
				return
			}
		}
	}
}

func (c *Database) lakePlans(
	ctx context.Context, t LakeTenant, savings map[string]map[int64]provision.Step,
) (*column.Writer, error) {
	var plans []*provision.SavedPlan
	err := c.eachPlan(ctx, c.db, planFilter{tenantID: t.ID}, func(row, p *provision.SavedPlan, fault error) error {
		plans = append(plans, row)
		if fault == nil { // what a changed plan saves is not known
			steps := map[int64]provision.Step{}
			for _, s := range p.Steps {
				steps[s.ActionID] = s
			}
			savings[p.ID] = steps
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w := column.NewWriter(&schemas.ProvisioningPlans, t.Mem)
	w.Text("tenant_id").Fill(t.ID)
	w.Date("snapshot_date").Fill(arrow.Date32FromTime(t.Day))
	planID, status := w.Text("plan_id"), w.Text("status")
	createdBy, createdAt, expiresAt := w.Text("created_by"), w.Timestamp("created_at"), w.Timestamp("expires_at")
	approvedBy, approvedAt := w.Text("approved_by"), w.Timestamp("approved_at")
	endedBy, endedAt := w.Text("ended_by"), w.Timestamp("ended_at")
	for _, p := range plans {
		decisions, err := c.decisions(ctx, c.db, p.ID)
		if err != nil {
			return nil, err
		}
		var approved, ended provision.Decision
		for _, d := range decisions {
			switch {
			case d.Decision != provision.PlanApproved:
				ended = d
			case d.PlanHash == p.SavedHash:
				approved = d
			}
		}
		planID.Append(p.ID)
		status.Append(string(p.Status))
		createdBy.Append(p.CreatedBy)
		createdAt.AppendTime(p.CreatedAt)
		expiresAt.AppendTime(p.ExpiresAt)
		approvedBy.AppendFilled(approved.By)
		approvedAt.AppendTime(approved.At)
		endedBy.AppendFilled(ended.By)
		endedAt.AppendTime(ended.At)
		w.EndRow()
	}
	return w, nil
}

func (c *Database) lakeActions(
	ctx context.Context, t LakeTenant, savings map[string]map[int64]provision.Step,
) (*column.Writer, error) {
	actions, err := c.Actions(ctx)
	if err != nil {
		return nil, err
	}
	w := column.NewWriter(&schemas.ProvisioningActions, t.Mem)
	w.Text("tenant_id").Fill(t.ID)
	w.Date("snapshot_date").Fill(arrow.Date32FromTime(t.Day))
	actionID, kind, user := w.Integer("action_id"), w.Text("action"), w.Text("target_user")
	sku, newSKU, disabledPlans := w.Text("sku"), w.Text("new_sku"), w.Texts("disabled_plans")
	group, usageLocation, displayName := w.Text("target_group"), w.Text("usage_location"), w.Text("display_name")
	reason, basis, requestedBy := w.Text("reason"), w.Text("basis"), w.Text("requested_by")
	requestedAt, notBefore := w.Timestamp("requested_at"), w.Timestamp("not_before")
	status, planID, outcome := w.Text("status"), w.Text("plan_id"), w.Text("outcome")
	undoOf, saving, currency := w.Integer("undo_of"), w.Number("monthly_saving"), w.Text("currency")
	for _, a := range actions {
		if !t.has(a) {
			continue
		}
		actionID.Append(a.ID)
		kind.Append(string(a.Kind))
		user.Append(a.User)
		sku.AppendFilled(a.SKU)
		newSKU.AppendFilled(a.NewSKU)
		if a.DisabledPlans != nil {
			disabledPlans.Append(a.DisabledPlans)
		}
		group.AppendFilled(a.Group)
		usageLocation.AppendFilled(a.UsageLocation)
		displayName.AppendFilled(a.DisplayName)
		reason.AppendFilled(a.Reason)
		basis.AppendFilled(a.Basis)
		requestedBy.AppendFilled(a.RequestedBy)
		requestedAt.AppendTime(a.RequestedAt)
		notBefore.AppendTime(a.NotBefore)
		status.Append(string(a.Status))
		planID.AppendFilled(a.PlanID)
		outcome.AppendFilled(a.Outcome)
		if a.UndoOf != 0 {
			undoOf.Append(a.UndoOf)
		}
		if step := savings[a.PlanID][a.ID]; step.MonthlySaving != nil {
			saving.Append(*step.MonthlySaving)
			currency.AppendFilled(step.Currency)
		}
		w.EndRow()
	}
	return w, nil
}

func (c *Database) lakeLedger(ctx context.Context, t LakeTenant) (*column.Writer, error) {
	if err := c.VerifyLedger(ctx); err != nil {
		return nil, err
	}
	w := column.NewWriter(&schemas.ProvisioningLedger, t.Mem)
	w.Text("tenant_id").Fill(t.ID)
	entryID, runID, planID, actionID := w.Integer("entry_id"), w.Text("run_id"), w.Text("plan_id"), w.Integer("action_id")
	at, event, kind := w.Timestamp("recorded_at"), w.Text("event"), w.Text("action")
	userID, userName, displayName := w.Text("user_id"), w.Text("user_principal_name"), w.Text("display_name")
	before, after := w.Text("before"), w.Text("after")
	code, detail, requestID, actor := w.Text("code"), w.Text("detail"), w.Text("request_id"), w.Text("actor")
	previousHash, hash := w.Text("previous_hash"), w.Text("hash")
	err := c.eachEntry(ctx, EntryFilter{TenantID: t.ID}, func(e provision.Entry) error {
		entryID.Append(e.ID)
		runID.Append(e.RunID)
		planID.Append(e.PlanID)
		actionID.Append(e.ActionID)
		at.AppendTime(e.At)
		event.Append(string(e.Event))
		kind.Append(string(e.Kind))
		userID.AppendFilled(e.User.ID)
		userName.Append(e.User.UserPrincipalName)
		displayName.AppendFilled(e.User.DisplayName)
		before.Append(provision.JSON(e.Before))
		after.Append(provision.JSON(e.After))
		code.AppendFilled(e.Code)
		detail.AppendFilled(e.Detail)
		requestID.AppendFilled(e.RequestID)
		actor.AppendFilled(e.Actor)
		previousHash.AppendFilled(e.PreviousHash)
		hash.Append(e.Hash)
		w.EndRow()
		return nil
	})
	return w, err
}
