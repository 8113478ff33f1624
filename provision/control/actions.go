package control

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"m365lake/provision"
)

// AddAction writes down one action and returns its number.
func (c *Database) AddAction(ctx context.Context, a provision.Action) (int64, error) {
	ids, err := c.AddActions(ctx, []provision.Action{a})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// AddActions writes down actions, all of them or none, and returns their numbers. Each becomes
// requested, whatever its status says.
func (c *Database) AddActions(ctx context.Context, actions []provision.Action) (ids []int64, err error) {
	for i, a := range actions {
		if err := a.Validate(); err != nil {
			return nil, fmt.Errorf("action %d of %d: %w", i+1, len(actions), err)
		}
	}
	err = c.change(ctx, func(tx *sql.Tx) error {
		for i, a := range actions {
			var plans any
			if a.DisabledPlans != nil {
				plans = a.DisabledPlans
			}
			var id int64
			err := tx.QueryRowContext(ctx, statement("action_add"), null(a.Tenant), string(a.Kind), a.User, null(a.SKU),
				null(a.NewSKU), plans, null(a.Group),
				null(a.UsageLocation), null(a.DisplayName), null(a.Reason), null(a.Basis), null(a.RequestedBy),
				nullTime(a.RequestedAt), nullTime(a.NotBefore), nullNumber(a.UndoOf)).Scan(&id)
			if err != nil {
				return c.explain("write", fmt.Errorf("action %d of %d: %w", i+1, len(actions), err))
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// Actions reads these actions, or all when none are named, in the order of their numbers. A row
// that makes no sense is an error that names it, and so is one that is not there.
func (c *Database) Actions(ctx context.Context, ids ...int64) ([]provision.Action, error) {
	if len(ids) == 0 {
		return c.readActions(ctx, c.db, nil, nil)
	}
	return c.actionsByID(ctx, c.db, ids)
}

// ExistingActions reads those of these actions that are there, in the order of their numbers.
func (c *Database) ExistingActions(ctx context.Context, ids []int64) ([]provision.Action, error) {
	return c.readActions(ctx, c.db, append([]int64{}, ids...), nil)
}

// RequestedActions reads the actions that the next plan takes up, in the order of their numbers.
func (c *Database) RequestedActions(ctx context.Context) ([]provision.Action, error) {
	return c.readActions(ctx, c.db, nil, []string{string(provision.Requested), string(provision.WaitingForSeat)})
}

// SetOutcome writes down what became of an action.
func (c *Database) SetOutcome(ctx context.Context, actionID int64, status provision.Status, outcome string) error {
	return c.change(ctx, func(tx *sql.Tx) error { return c.setOutcome(ctx, tx, actionID, status, outcome) })
}

func (c *Database) setOutcome(
	ctx context.Context, tx *sql.Tx, actionID int64, status provision.Status, outcome string,
) error {
	result, err := tx.ExecContext(ctx, statement("action_set_outcome"), actionID, string(status), null(outcome))
	if err != nil {
		return c.explain("write", err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, noAction(actionID))
	}
	return nil
}

func noAction(id int64) error {
	return fmt.Errorf("there is no action %d in provisioning_actions; m365lake provision status lists them", id)
}

// queryer is the database, or a transaction of it.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (c *Database) actionsByID(ctx context.Context, from queryer, ids []int64) ([]provision.Action, error) {
	found, err := c.readActions(ctx, from, ids, nil)
	if err != nil {
		return nil, err
	}
	there := make(map[int64]bool, len(found))
	for _, a := range found {
		there[a.ID] = true
	}
	for _, id := range ids {
		if !there[id] {
			return nil, noAction(id)
		}
	}
	return found, nil
}

func (c *Database) readActions(
	ctx context.Context, from queryer, ids []int64, statuses []string,
) (actions []provision.Action, err error) {
	rows, err := from.QueryContext(ctx, statement("actions"), listOrNull(ids), listOrNull(statuses))
	if err != nil {
		return nil, c.explain("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a provision.Action
		var plans any
		var requestedAt, notBefore sql.NullTime
		if err := rows.Scan(&a.ID, &a.Tenant, &a.Kind, &a.User, &a.SKU, &a.NewSKU, &plans, &a.Group, &a.UsageLocation,
			&a.DisplayName, &a.Reason, &a.Basis,
			&a.RequestedBy, &requestedAt, &notBefore, &a.Status, &a.PlanID, &a.Outcome, &a.UndoOf); err != nil {
			return nil, c.explain("read", fmt.Errorf("table provisioning_actions: %w", err))
		}
		requestedFault := readTime(&a.RequestedAt, "requested_at", requestedAt)
		a.Fault = cmp.Or(readTime(&a.NotBefore, "not_before", notBefore), requestedFault)
		if list, ok := plans.([]any); ok {
			a.DisabledPlans = make([]string, len(list))
			for i, plan := range list {
				a.DisabledPlans[i], _ = plan.(string) // NULL is blank, which Validate refuses
			}
		}
		if err := a.Validate(); err != nil {
			return nil, fmt.Errorf("table provisioning_actions, row %d, %w (correct the row or delete it)", a.ID, err)
		}
		actions = append(actions, a)
	}
	if err := rows.Err(); err != nil {
		return nil, c.explain("read", err)
	}
	return actions, nil
}

// listOrNull is a list to select by; nil selects all, an empty one nothing.
func listOrNull[T any](list []T) any {
	if list == nil {
		return nil
	}
	return list
}

func null(text string) any {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return text
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func nullNumber(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// readTime reads a time that a person wrote. DuckDB also holds infinity and years that no other format knows: those are
// no error, since one row must not keep the others from being planned, but a fault of the row.
func readTime(to *time.Time, column string, t sql.NullTime) (fault string) {
	if t.Valid && (t.Time.Year() < 1 || t.Time.Year() > 9999) {
		return fmt.Sprintf("column %s holds no time between the years 1 and 9999", column)
	}
	*to = utc(t)
	return ""
}

func utc(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}
