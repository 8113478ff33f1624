package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"m365lake/pipeline/datafolder"
	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/schemas"
)

// changeControl opens the control database of a data folder, or makes it.
func changeControl(t *testing.T, data string, change func(ctx context.Context, c *control.Database)) {
	t.Helper()
	db, err := control.Create(t.Context(), datafolder.Folder{Root: data}.Control())
	if err != nil {
		t.Fatal(err)
	}
	change(t.Context(), db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// The control database comes into the warehouse with every run, stays there in a rebuild, and one
// that lacks what an earlier run saw is a gap.
func TestControlDatabaseInTheWarehouse(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 40, seed: 5, day: "2026-11-23",
		reports: "periods: [D30]\n" + sandboxReports})
	data := t.TempDir()
	s.sync(t, data, exitGood)
	const counts = "SELECT (SELECT count(*) FROM provisioning_actions) AS actions, (SELECT count(*) FROM " +
		"provisioning_plans) AS plans, (SELECT count(*) FROM provisioning_ledger) AS entries"
	expect := func(question string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, answer(t, data, question)[1:]); diff != "" {
			t.Errorf("%s\n%s", question, diff)
		}
	}
	expect(counts, "0,0,0")

	user := strings.Split(answer(t, data, "SELECT user_principal_name, user_id FROM users WHERE account_enabled ORDER "+
		"BY user_key LIMIT 1")[1], ",")
	saving, off := 12.5, false
	step := provision.Step{Number: 1, Kind: provision.DisableUser,
		User: provision.User{ID: user[1], UserPrincipalName: user[0]}, Verdict: provision.Change,
		Sentence: "disables", After: provision.Facet{Enabled: &off}, RequestedBy: "anna", MonthlySaving: &saving,
		Currency: "EUR"}
	now := time.Now().UTC()
	changeControl(t, data, func(ctx context.Context, c *control.Database) {
		ids, err := c.AddActions(ctx, []provision.Action{
			{Kind: provision.DisableUser, User: user[0], RequestedBy: "anna"},
			{Kind: provision.SetDisabledPlans, User: strings.ToUpper(user[0]), SKU: "SPE_E3", DisabledPlans: []string{"TEAMS1"},
				Tenant: s.tenant.ID(), NotBefore: now},
			{Kind: provision.DisableUser, User: user[0], Tenant: "another"},
		})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := c.Actions(ctx, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		step.ActionID, step.ActionHash = ids[0], rows[0].Hash()
		if err := c.SavePlan(ctx, &provision.Plan{ID: "p1", TenantID: s.tenant.ID(), TenantName: "sandbox", CreatedAt: now,
			CreatedBy: "anna", ExpiresAt: now.Add(time.Hour), Steps: []provision.Step{step}}); err != nil {
			t.Fatal(err)
		}
		if err := c.Approve(ctx, "p1", "bert", now, ""); err != nil {
			t.Fatal(err)
		}
		for _, tenant := range []string{s.tenant.ID(), "another"} {
			if _, err := c.AppendEntry(ctx, provision.Entry{
				RunID: "r1", PlanID: "p1", ActionID: ids[0], TenantID: tenant, At: now.Add(-time.Minute), Event: provision.Done,
				Kind: provision.DisableUser, User: step.User, After: step.After, Actor: "carl"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.SetOutcome(ctx, ids[0], provision.Applied, "disabled"); err != nil {
			t.Fatal(err)
		}
	})
	check := func() {
		t.Helper()
		expect(counts, "2,1,1")
		expect(
			"SELECT action_id, action, status, outcome, requested_by, approved_by, applied_by, event, monthly_saving, "+
				"currency FROM provisioning_history ORDER BY 1",
			"1,disable_user,applied,disabled,anna,bert,carl,done,12.5,EUR", "2,set_disabled_plans,requested,,,,,,,")
		expect("SELECT disabled_plans, not_before IS NOT NULL AS later FROM provisioning_actions WHERE action_id = 2",
			"[TEAMS1],true")
		expect("SELECT pending_requests FROM users_directory WHERE user_principal_name = '"+user[0]+"'",
			"[set_disabled_plans SPE_E3]")
		// The sandbox still has the account enabled: nobody disabled it there.
		expect("SELECT aspect, expected, found, left(explanation, 11) AS explanation FROM provisioning_drift",
			"sign-in,disabled,enabled,may be late")
	}
	s.sync(t, data, exitGood)
	check()
	command(t, exitGood, "rebuild", "--data", data)
	check()

	// Another ledger with right hashes, and none at all.
	if err := os.Rename(datafolder.Folder{Root: data}.Control(), filepath.Join(data, "kept")); err != nil {
		t.Fatal(err)
	}
	if printed := s.sync(t, data, exitGaps); !strings.Contains(printed, "provisioning: failed: ") ||
		!strings.Contains(printed, "is gone, but something was done by it; restore it from a backup") {
		t.Error(printed)
	}
	check()
	changeControl(t, data, func(ctx context.Context, c *control.Database) {
		if _, err := c.AppendEntry(ctx, provision.Entry{
			RunID: "r1", TenantID: s.tenant.ID(), At: now, Event: provision.Done, Kind: provision.EnableUser}); err != nil {
			t.Fatal(err)
		}
	})
	if printed := s.sync(t, data, exitGaps); !strings.Contains(printed, "has another entry 1 than an earlier run saw") {
		t.Error(printed)
	}
	check()
	if err := os.Rename(filepath.Join(data, "kept"), datafolder.Folder{Root: data}.Control()); err != nil {
		t.Fatal(err)
	}
	s.sync(t, data, exitGood)
	check()
}

// A control database that did nothing may be removed.
func TestRemovedControlDatabaseIsForgotten(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 40, seed: 5, day: "2026-11-23",
		reports: "periods: [D30]\n" + sandboxReports})
	data := t.TempDir()
	changeControl(t, data, func(ctx context.Context, c *control.Database) {
		if _, err := c.AddAction(ctx, provision.Action{Kind: provision.EnableUser, User: "a@x"}); err != nil {
			t.Fatal(err)
		}
	})
	s.sync(t, data, exitGood)
	const actions = "SELECT count(*) AS n FROM provisioning_actions"
	if got := answer(t, data, actions)[1]; got != "1" {
		t.Errorf("%s actions", got)
	}
	if err := os.Remove(datafolder.Folder{Root: data}.Control()); err != nil {
		t.Fatal(err)
	}
	s.sync(t, data, exitGood)
	if got := answer(t, data, actions)[1]; got != "0" {
		t.Errorf("%s actions", got)
	}
}

// The batches are released, also when what is read is no good.
func TestControlBatchesReleaseTheirMemory(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	controlWithPlan(t, data)
	read := func() (tables []string, err error) {
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		defer mem.AssertSize(t, 0)
		db, err := control.OpenReadOnly(t.Context(), datafolder.Folder{Root: data}.Control(), 0)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for batch, err := range db.Batches(
			t.Context(), control.LakeTenant{ID: "00000000-0000-4000-8000-000000000001", Name: "contoso", Only: true,
				Day: time.Now(), Mem: mem}) {
			if err != nil {
				return tables, err
			}
			if batch.Rows.NumCols() != int64(len(batch.Table.Columns)) {
				t.Errorf("%s has %d columns", batch.Table.Name, batch.Rows.NumCols())
			}
			tables = append(tables, batch.Table.Name)
		}
		return tables, nil
	}
	tables, err := read()
	if diff := cmp.Diff([]string{schemas.ProvisioningPlans.Name, schemas.ProvisioningActions.Name,
		schemas.ProvisioningLedger.Name}, tables); diff != "" || err != nil {
		t.Error(diff, err)
	}
	forgeLedger(t, data)
	if tables, err := read(); len(tables) != 2 || err == nil {
		t.Errorf("%v, %v", tables, err)
	}
}
