package control

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/provision"
	"m365lake/schemas"
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
		for _, rows := range []func() (*lakeRows, error){
			func() (*lakeRows, error) { return c.lakePlans(ctx, t, savings) },
			func() (*lakeRows, error) { return c.lakeActions(ctx, t, savings) },
			func() (*lakeRows, error) { return c.lakeLedger(ctx, t) },
		} {
			r, err := rows()
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if !r.yield(yield) {
				return
			}
		}
	}
}

func (c *Database) lakePlans(
	ctx context.Context, t LakeTenant, savings map[string]map[int64]provision.Step,
) (*lakeRows, error) {
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
	rows := newLakeRows(&schemas.ProvisioningPlans, t.Mem)
	for _, p := range plans {
		decisions, err := c.decisions(ctx, c.db, p.ID)
		if err != nil {
			rows.builder.Release()
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
		rows.add(t.ID, p.ID, string(p.Status), p.CreatedBy, p.CreatedAt, p.ExpiresAt, null(approved.By), approved.At,
			null(ended.By), ended.At, arrow.Date32FromTime(t.Day))
	}
	return rows, nil
}

func (c *Database) lakeActions(
	ctx context.Context, t LakeTenant, savings map[string]map[int64]provision.Step,
) (*lakeRows, error) {
	actions, err := c.Actions(ctx)
	if err != nil {
		return nil, err
	}
	rows := newLakeRows(&schemas.ProvisioningActions, t.Mem)
	for _, a := range actions {
		if !t.has(a) {
			continue
		}
		var saving, currency any
		if step := savings[a.PlanID][a.ID]; step.MonthlySaving != nil {
			saving, currency = *step.MonthlySaving, null(step.Currency)
		}
		var plans any
		if a.DisabledPlans != nil {
			plans = a.DisabledPlans
		}
		rows.add(t.ID, a.ID, string(a.Kind), a.User, null(a.SKU), null(a.NewSKU), plans, null(a.Group), null(a.UsageLocation),
			null(a.DisplayName),
			null(a.Reason), null(a.Basis), null(a.RequestedBy), a.RequestedAt, a.NotBefore, string(a.Status), null(a.PlanID),
			null(a.Outcome), nullNumber(a.UndoOf),
			saving, currency, arrow.Date32FromTime(t.Day))
	}
	return rows, nil
}

func (c *Database) lakeLedger(ctx context.Context, t LakeTenant) (*lakeRows, error) {
	if err := c.VerifyLedger(ctx); err != nil {
		return nil, err
	}
	rows := newLakeRows(&schemas.ProvisioningLedger, t.Mem)
	err := c.eachEntry(ctx, EntryFilter{TenantID: t.ID}, func(e provision.Entry) error {
		rows.add(t.ID, e.ID, e.RunID, e.PlanID, e.ActionID, e.At, string(e.Event), string(e.Kind), null(e.User.ID),
			e.User.UserPrincipalName, null(e.User.DisplayName),
			provision.JSON(e.Before), provision.JSON(e.After), null(e.Code), null(e.Detail), null(e.RequestID), null(e.Actor),
			null(e.PreviousHash), e.Hash)
		return nil
	})
	if err != nil {
		rows.builder.Release()
		return nil, err
	}
	return rows, nil
}

// lakeRows builds one batch of a table.
type lakeRows struct {
	table   *schemas.Table
	builder *array.RecordBuilder
}

func newLakeRows(table *schemas.Table, mem memory.Allocator) *lakeRows {
	return &lakeRows{table, array.NewRecordBuilder(mem, table.ArrowSchema())}
}

// yield hands out the batch and releases it.
func (r *lakeRows) yield(yield func(schemas.Batch, error) bool) bool {
	defer r.builder.Release()
	batch := schemas.Batch{Table: r.table, Rows: r.builder.NewRecordBatch()}
	defer batch.Rows.Release()
	return yield(batch, nil)
}

// add appends a row, a value for each column in the table's order; nil and a zero time are NULL.
func (r *lakeRows) add(values ...any) {
	if len(values) != len(r.table.Columns) {
		panic(fmt.Sprintf("provision: %d values for the %d columns of %s", len(values), len(r.table.Columns), r.table.Name))
	}
	for i, value := range values {
		switch v := value.(type) {
		case nil:
			r.builder.Field(i).AppendNull()
		case string:
			r.builder.Field(i).(*array.StringBuilder).Append(v)
		case int64:
			r.builder.Field(i).(*array.Int64Builder).Append(v)
		case float64:
			r.builder.Field(i).(*array.Float64Builder).Append(v)
		case arrow.Date32:
			r.builder.Field(i).(*array.Date32Builder).Append(v)
		case time.Time:
			if v.IsZero() {
				r.builder.Field(i).AppendNull()
				continue
			}
			r.builder.Field(i).(*array.TimestampBuilder).Append(arrow.Timestamp(v.UnixMicro()))
		case []string:
			list := r.builder.Field(i).(*array.ListBuilder)
			list.Append(true)
			for _, item := range v {
				list.ValueBuilder().(*array.StringBuilder).Append(item)
			}
		default:
			panic(fmt.Sprintf("provision: column %s of %s cannot be %T", r.table.Columns[i].Name, r.table.Name, value))
		}
	}
}
