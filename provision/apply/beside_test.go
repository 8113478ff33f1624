package apply

import (
	"context"
	"strings"
	"testing"
	"time"

	"m365lake/provision"
	"m365lake/provision/control"
)

// exec changes the control database as somebody with a DuckDB shell does.
func (c *testControl) exec(statement string, args ...any) {
	c.Helper()
	err := c.file.Change(c.Context(), func(db *control.Database) error {
		rows, err := db.QueryContext(c.Context(), statement, args...)
		if err != nil {
			return err
		}
		return rows.Close()
	})
	if err != nil {
		c.Error(err)
	}
}

// While a plan is applied, others read and change the control database; what they change counts for the
// steps that are not yet done, and the plan cannot be ended under the run.
func TestOthersWorkDuringAnApply(t *testing.T) {
	a := newApplyTenant(t, 300)
	people := a.cloud("POWER_BI_STANDARD", false)[:5]
	var actions []provision.Action
	for _, user := range people {
		actions = append(actions, provision.Action{Kind: provision.DisableUser, User: user})
	}
	plan := a.planned(actions...)
	other := &control.File{Path: a.control.file.Path, Wait: 10 * time.Second}
	seen := 0
	a.applier.OnOutcome = func(o provision.Outcome) {
		if seen++; seen > 1 {
			return
		}
		ctx := context.Background()
		err := other.Change(ctx, func(db *control.Database) error {
			_, err := db.AddAction(ctx, provision.Action{
				Kind: provision.EnableUser, User: "late@contoso.com", RequestedBy: "bert"})
			return err
		})
		if err != nil {
			t.Error("asking for a change:", err)
		}
		err = other.View(ctx, func(db *control.Database) error { return db.VerifyLedger(ctx) })
		if err != nil {
			t.Error("reading:", err)
		}
		for name, end := range map[string]func(*control.Database) error{
			"cancel": func(db *control.Database) error { return db.CancelPlan(ctx, plan.ID, "bert", a.Now) },
			"reject": func(db *control.Database) error { return db.Reject(ctx, plan.ID, "bert", a.Now, "") },
		} {
			if err := other.Change(ctx, end); err == nil || !strings.Contains(err.Error(), "is being applied") {
				t.Errorf("%s: %v", name, err)
			}
		}
		err = other.Change(ctx, func(db *control.Database) error {
			ids, err := db.ExpirePlans(ctx, plan.ExpiresAt)
			if len(ids) > 0 {
				t.Error("expired:", ids)
			}
			return err
		})
		if err != nil {
			t.Error("expiring:", err)
		}
		again := *a.applier
		again.Control = &control.File{Path: other.Path}
		if _, err := again.Apply(ctx, plan.ID); err == nil ||
			!strings.Contains(err.Error(), "another m365lake applies a plan") {
			t.Error("a second run:", err)
		}
		a.control.exec("UPDATE provisioning_actions SET reason = 'edited' WHERE action_id = ?", plan.Steps[1].ActionID)
		a.control.exec("DELETE FROM provisioning_actions WHERE action_id = ?", plan.Steps[2].ActionID)
		a.control.exec("INSERT INTO protected_accounts (kind, value) VALUES ('account', ?)", plan.Steps[3].User.ID)
	}
	summary, err := a.applier.Apply(t.Context(), plan.ID)
	if err != nil {
		t.Error(err)
	}
	var codes []string
	for _, o := range summary.Outcomes {
		codes = append(codes, string(o.Status)+" "+o.Code)
	}
	if got, want := strings.Join(codes, ", "), "applied , refused row_edited, refused row_gone, refused "+
		"protected_account, applied "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if changes := len(a.Server.Changes()); changes != 2 {
		t.Errorf("%d changes", changes)
	}
}
