package control

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
)

// oneOfEach is a right action of each kind.
func oneOfEach() []provision.Action {
	return []provision.Action{
		{Kind: provision.AssignLicense, User: "a@x", SKU: "SPE_E3", Tenant: "contoso", Reason: "new", RequestedBy: "anna",
			NotBefore: noon.Truncate(time.Microsecond)},
		{Kind: provision.RemoveLicense, User: "a@x", SKU: "SPE_E3", Basis: "never used"},
		{Kind: provision.SwapLicense, User: "a@x", SKU: "SPE_E5", NewSKU: "SPE_E3", DisabledPlans: []string{}},
		{Kind: provision.SetDisabledPlans, User: "a@x", SKU: "SPE_E3", DisabledPlans: []string{"TEAMS1", "YAMMER"}},
		{Kind: provision.DisableUser, User: "a@x"}, {Kind: provision.EnableUser, User: "a@x"},
		{Kind: provision.RevokeSessions, User: "a@x"},
		{Kind: provision.CreateUser, User: "b@x", DisplayName: "B", UsageLocation: "DE"},
		{Kind: provision.DeleteUser, User: "a@x"}, {Kind: provision.RestoreUser, User: "a@x", UndoOf: 4},
		{Kind: provision.AddToGroup, User: "a@x", Group: "Sales"},
		{Kind: provision.RemoveFromGroup, User: "a@x", Group: "Sales"},
		{Kind: provision.SetUsageLocation, User: "a@x", UsageLocation: "DE"},
	}
}

func TestActionsComeBackAsWritten(t *testing.T) {
	c := newControl(t)
	want := oneOfEach()
	if len(want) != len(provision.Kinds()) {
		t.Fatalf("%d actions of %d kinds", len(want), len(provision.Kinds()))
	}
	for i := range want {
		want[i].RequestedAt = noon.Add(time.Duration(i) * time.Second).Truncate(time.Microsecond)
	}
	ids, err := c.AddActions(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		want[i].ID, want[i].Status = ids[i], provision.Requested
	}
	got, err := c.Actions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i := range want {
		if want[i].Hash() != got[i].Hash() {
			t.Errorf("action %d has another hash when it comes back", i)
		}
	}
	if got, err = c.Actions(t.Context(), ids[3], ids[1]); err != nil || len(got) != 2 || got[0].ID != ids[1] {
		t.Errorf("%v, %v", got, err)
	}
	_, err = c.Actions(t.Context(), 999)
	wantError(t, err, "no action 999", "status")
}

func TestRequestedAndOutcome(t *testing.T) {
	c := newControl(t)
	ids, err := c.AddActions(t.Context(), oneOfEach()[:4])
	if err != nil {
		t.Fatal(err)
	}
	before, _ := c.Actions(t.Context(), ids[0])
	for i, status := range []provision.Status{provision.Applied, provision.WaitingForSeat, provision.Planned} {
		if err := c.SetOutcome(t.Context(), ids[i], status, "because"); err != nil {
			t.Fatal(err)
		}
	}
	after, err := c.Actions(t.Context(), ids[0])
	if err != nil || after[0].Status != provision.Applied || after[0].Outcome != "because" ||
		after[0].Hash() != before[0].Hash() {
		t.Errorf("%+v, %v", after, err)
	}
	requested, err := c.RequestedActions(t.Context())
	if err != nil || len(requested) != 2 || requested[0].ID != ids[1] || requested[1].ID != ids[3] {
		t.Errorf("%v, %v", requested, err)
	}
	wantError(t, c.SetOutcome(t.Context(), 999, provision.Applied, ""), "no action 999")
	if err := c.SetOutcome(t.Context(), ids[0], "finished", ""); err == nil {
		t.Error("an unknown status was taken")
	}
}

func TestAddAllIsAllOrNothing(t *testing.T) {
	c := newControl(t)
	_, err := c.AddActions(t.Context(), []provision.Action{
		{Kind: provision.DisableUser, User: "a@x"}, {Kind: provision.AssignLicense, User: "a@x"}})
	wantError(t, err, "action 2 of 2", "column sku: assign_license needs it")
	if got, err := c.Actions(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// One row with a time that is none keeps no other row from being planned, and says what is wrong with it.
func TestTimesThatAreNone(t *testing.T) {
	c := newControl(t)
	for _, row := range []string{
		"'infinity', NULL", "'-infinity', NULL", "'290000-01-01 00:00:00+00', NULL", "'0044-03-15 (BC) 00:00:00+00', NULL",
		"DATE '2026-11-01', '-infinity'", "DATE '2026-11-01', '0044-03-15 (BC) 00:00:00+00'", "DATE '2026-11-01', 'infinity'",
		"'9999-12-31 23:59:59+00', NULL",
	} {
		_, err := c.db.Exec("INSERT INTO provisioning_actions " +
			"(action, target_user, requested_by, requested_at, not_before) VALUES ('disable_user', 'ida', 'dana', " + row + ")")
		if err != nil {
			t.Fatalf("%s: %v", row, err)
		}
	}
	actions, err := c.Actions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var faults []string
	for _, a := range actions {
		faults = append(faults, a.Fault)
		if a.Hash() == "" || a.Fault != "" && !a.NotBefore.IsZero() {
			t.Errorf("%+v", a)
		}
	}
	requested := "column requested_at holds no time between the years 1 and 9999"
	due := "column not_before holds no time between the years 1 and 9999"
	want := []string{requested, requested, requested, requested, due, due, due, ""}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Error(diff)
	}
}

// Go and the CHECK constraints agree on every combination of a kind with a column that is added,
// taken away or wrong.
func TestChecksAgreeWithValidate(t *testing.T) {
	c := newControl(t)
	changes := map[string]func(*provision.Action){
		"as it is": func(*provision.Action) {}, "no user": func(a *provision.Action) { a.User = "" },
		"blank user": func(a *provision.Action) { a.User = "  " },
		"sku":        func(a *provision.Action) { a.SKU = "S" }, "no sku": func(a *provision.Action) { a.SKU = "" },
		"new_sku": func(a *provision.Action) { a.NewSKU = "N" }, "no new_sku": func(a *provision.Action) { a.NewSKU = "" },
		"plans":    func(a *provision.Action) { a.DisabledPlans = []string{"P"} },
		"no plans": func(a *provision.Action) { a.DisabledPlans = nil },
		"group":    func(a *provision.Action) { a.Group = "G" }, "no group": func(a *provision.Action) { a.Group = "" },
		"location":       func(a *provision.Action) { a.UsageLocation = "DE" },
		"no location":    func(a *provision.Action) { a.UsageLocation = "" },
		"long location":  func(a *provision.Action) { a.UsageLocation = "DEU" },
		"small location": func(a *provision.Action) { a.UsageLocation = "de" },
		"name":           func(a *provision.Action) { a.DisplayName = "D" },
		"no name":        func(a *provision.Action) { a.DisplayName = "" },
		"kind":           func(a *provision.Action) { a.Kind = "promote_user" },
		"basis":          func(a *provision.Action) { a.Basis = "inactive" },
		"wrong basis":    func(a *provision.Action) { a.Basis = "inactiv" },
		"negative":       func(a *provision.Action) { a.UndoOf = -1 },
	}
	accepted := 0
	for _, right := range oneOfEach() {
		for name, change := range changes {
			a := right
			change(&a)
			valid := a.Validate()
			var plans any
			if a.DisabledPlans != nil {
				plans = a.DisabledPlans
			}
			text := func(s string) any {
				if s == "" {
					return nil
				}
				return s
			}
			_, err := c.db.Exec(
				"INSERT INTO provisioning_actions (action, target_user, sku, new_sku, disabled_plans, target_group, "+
					"usage_location, display_name, basis, undo_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				string(a.Kind), text(a.User), text(a.SKU), text(a.NewSKU), plans, text(a.Group), text(a.UsageLocation),
				text(a.DisplayName), text(a.Basis), nullNumber(a.UndoOf))
			if (valid == nil) != (err == nil) {
				t.Errorf("%s, %s: Go says %v, DuckDB %v", right.Kind, name, valid, err)
			}
			if err == nil {
				accepted++
			}
		}
	}
	if accepted < 3*len(provision.Kinds()) {
		t.Errorf("only %d were accepted", accepted)
	}
}

// A row that got past the constraints is named, column and all.
func TestBadRowIsNamed(t *testing.T) {
	c := newControl(t)
	c.exec(t, "INSERT INTO provisioning_actions (action, target_user, sku, disabled_plans) VALUES "+
		"('set_disabled_plans', 'a@x', 'S', ['TEAMS1', NULL])")
	_, err := c.RequestedActions(t.Context())
	wantError(t, err, "table provisioning_actions, row 1, column disabled_plans", "correct the row")
	c.exec(t, "CREATE OR REPLACE TABLE provisioning_actions AS SELECT * REPLACE ('promote' AS action) FROM "+
		"provisioning_actions")
	_, err = c.Actions(t.Context())
	wantError(t, err, "row 1, column action", `unknown action "promote"`)
	if unknown := new(provision.UnknownNameError); !errors.As(err, &unknown) {
		t.Errorf("%T", err)
	}
}

// What the comment of the table shows works: the warehouse read-only, the control database beside it.
func TestInsertFromTheWarehouse(t *testing.T) {
	c := newControl(t)
	path := c.path
	var comment string
	question := "SELECT comment FROM duckdb_tables() WHERE table_name = 'provisioning_actions'"
	if err := c.db.QueryRow(question).Scan(&comment); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(path)
	warehouse := filepath.Join(folder, "warehouse.duckdb")
	db, err := attach(warehouse, "STORAGE_VERSION 'v1.4.0'")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE judged AS SELECT * FROM (VALUES
		('t1', 'a@x', 'sku1', 'never used', 'high', 'direct', 'e'),
		('t1', 'b@x', 'sku1', 'inactive', 'low', 'direct', 'e'),
		('t1', 'c@x', 'sku1', 'inactive', 'high', 'group', 'e'), ('t1', 'd@x', 'sku2', 'duplicate', 'high', 'direct', 'e'))
		AS v(tenant_id, user_principal_name, sku_id, reason, confidence, granted, evidence);
		CREATE VIEW reclaimable_licenses AS FROM judged`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, statements, found := strings.Cut(comment, "From the warehouse: ")
	if !found {
		t.Fatalf("the comment shows no statement: %s", comment)
	}
	// A shell that was started with duckdb -readonly warehouse.duckdb.
	statements = "ATTACH '" + warehouse + "' AS warehouse (READ_ONLY); USE warehouse; " + statements
	shell, err := attach(filepath.Join(t.TempDir(), "shell.duckdb"), "STORAGE_VERSION 'v1.4.0'")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shell.Exec("USE memory; DETACH control"); err != nil {
		t.Fatal(err)
	}
	if _, err := shell.Exec(strings.ReplaceAll(statements, "data/control.duckdb", path)); err != nil {
		t.Fatal(err)
	}
	if err := shell.Close(); err != nil {
		t.Fatal(err)
	}
	c, err = Open(t.Context(), path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	requested, err := c.RequestedActions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range requested {
		got = append(got, fmt.Sprintf("%d %s %s %s %s %s %s by %s %v", a.ID, a.Tenant, a.Kind, a.User, a.SKU, a.Basis,
			a.Reason, a.RequestedBy, time.Since(a.RequestedAt) < time.Hour))
	}
	want := []string{"1 t1 remove_license a@x sku1 never used e by your name true",
		"2 t1 remove_license d@x sku2 duplicate e by your name true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
