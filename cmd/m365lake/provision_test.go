package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"m365lake/pipeline/datafolder"
	"m365lake/provision"
	"m365lake/provision/control"
)

// controlWithPlan makes a control database with one action in one open plan.
func controlWithPlan(t *testing.T, data string) { controlWithPlanOf(t, data, time.Now()) }

// controlWithPlanOf is controlWithPlan with a plan that was made then and held for an hour.
func controlWithPlanOf(t *testing.T, data string, made time.Time) {
	t.Helper()
	control, err := control.Create(t.Context(), datafolder.Folder{Root: data}.Control())
	if err != nil {
		t.Fatal(err)
	}
	id, err := control.AddAction(t.Context(), provision.Action{
		Kind: provision.DisableUser, User: "emil@x", RequestedBy: "anna"})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := control.Actions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	off := false
	now := made.UTC().Truncate(time.Second)
	if err := control.SavePlan(t.Context(), &provision.Plan{
		ID: "p1", TenantID: "00000000-0000-4000-8000-000000000001", TenantName: "contoso", CreatedAt: now, CreatedBy: "anna",
		ExpiresAt: now.Add(time.Hour), Users: 10,
		Steps: []provision.Step{{Number: 1, ActionID: id, ActionHash: rows[0].Hash(), Kind: provision.DisableUser,
			User:    provision.User{ID: "u1", UserPrincipalName: "emil@x"},
			Verdict: provision.Change, Sentence: "disables emil@x", After: provision.Facet{Enabled: &off}, RequestedBy: "anna"}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := control.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestProvisionDecisions(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	controlWithPlan(t, data)
	if got := command(t, exitUsage, "provision", "cancel", "--data", data,
		"1"); got != "m365lake: action 1 is in plan p1; cancel the plan first\n" {
		t.Error(got)
	}
	if got := command(t, exitGood, "provision", "approve", "p1", "--data", data, "--as", "bert", "--note",
		"fine"); got != "plan p1 approved by bert; m365lake provision apply p1 does it\n" {
		t.Error(got)
	}
	if got := command(t, exitUsage, "provision", "approve", "p1", "--data",
		data); got != "m365lake: plan p1 is approved and cannot be approved any more\n" {
		t.Error(got)
	}
	if got := command(t, exitGood, "provision", "status", "--data", data); !strings.Contains(got, "approved by bert") ||
		!strings.Contains(got, "planned") {
		t.Error(got)
	}
	if got := command(t, exitGood, "provision", "cancel", "p1", "--data", data, "--as",
		"carl"); got != "plan p1 cancelled by carl; what of it was not done can be planned again\n" {
		t.Error(got)
	}
	if got := command(t, exitUsage, "provision", "reject", "p1", "--data",
		data); got != "m365lake: plan p1 is cancelled and cannot be rejected any more\n" {
		t.Error(got)
	}
	other := t.TempDir()
	controlWithPlan(t, other)
	if got := command(t, exitGood, "provision", "reject", "p1", "--data", other, "--as", "bert", "--note",
		"not now"); got != "plan p1 rejected by bert\n" {
		t.Error(got)
	}
	var status struct {
		Plans   []struct{ Plan, Status, Decided string }
		Actions []struct{ Status, Outcome string }
		Ledger  ledgerStatus
	}
	if err := json.Unmarshal([]byte(command(t, exitGood, "provision", "status", "--json", "--data", other)),
		&status); err != nil {
		t.Fatal(err)
	}
	if len(status.Plans) != 1 || status.Plans[0].Status != "rejected" || status.Plans[0].Decided != "rejected by bert" ||
		len(status.Actions) != 1 || status.Actions[0].Status != "rejected" ||
		status.Actions[0].Outcome != "rejected by bert: not now" || !status.Ledger.Whole {
		t.Errorf("%+v", status)
	}
}

// A ledger that somebody changed is told after all the rest, in both forms.
func TestProvisionStatusTellsOfAForgedLedger(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	controlWithPlan(t, data)
	forgeLedger(t, data)
	if got := command(t, exitGaps, "provision", "status", "--data", data); !strings.Contains(got,
		"was changed by hand: entry 1 does not fit its hash") {
		t.Error(got)
	}
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"provision", "status", "--json", "--data", data}, strings.NewReader(""), &out,
		&errs); code != exitGaps {
		t.Errorf("exit code %d", code)
	}
	var status struct{ Ledger ledgerStatus }
	if err := json.Unmarshal([]byte(out.String()), &status); err != nil {
		t.Fatal(err)
	}
	if status.Ledger.Whole || status.Ledger.Entries != 1 || !strings.Contains(status.Ledger.Fault, "entry 1") {
		t.Errorf("%+v", status)
	}
}

// forgeLedger writes an entry as a person would, with a DuckDB client.
func forgeLedger(t *testing.T, data string) {
	t.Helper()
	control, err := control.Open(t.Context(), datafolder.Folder{Root: data}.Control(), 0)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := control.QueryContext(t.Context(),
		`INSERT INTO provisioning_ledger VALUES (1, 'r', 'p1', 1, 't', now(), 'done', 'disable_user', 'u1', 'emil@x', '', `+
			`'{}', '{}', '', '', '', 'anna', '', 'x') RETURNING entry_id`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if err := control.Close(); err != nil {
		t.Fatal(err)
	}
}

// What an expired plan had taken up is planned again.
func TestExpiredPlanIsPlannedAgain(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 60, seed: 7, day: time.Now().UTC().Format(time.DateOnly)})
	data := t.TempDir()
	controlWithPlanOf(t, data, time.Now().Add(-2*time.Hour))
	if got := command(t, exitGaps, "provision", "plan", "--data", data, "--config", s.config); !strings.Contains(got,
		"there is no user emil@x. [unknown_user]") {
		t.Error(got)
	}
	var status struct {
		Plans []struct{ Plan, Status string }
	}
	if err := json.Unmarshal([]byte(command(t, exitGood, "provision", "status", "--json", "--data", data)),
		&status); err != nil {
		t.Fatal(err)
	}
	if len(status.Plans) != 2 || status.Plans[1].Plan != "p1" || status.Plans[1].Status != "expired" {
		t.Errorf("%+v", status)
	}
}

func TestProvisionActor(t *testing.T) {
	t.Parallel()
	p := &program{as: " anna "}
	if who, err := p.actor(); err != nil || who != "anna" {
		t.Errorf("%q, %v", who, err)
	}
	p.as = ""
	if who, err := p.actor(); err != nil || who == "" {
		t.Errorf("%q, %v", who, err)
	}
}

// What the command makes is its owner's alone.
func TestProvisionFilesArePrivate(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	command(t, exitGood, "provision", "init", "--data", data)
	command(t, exitGood, "provision", "add", "--data", data, "--action", "disable_user", "--user", "a@x")
	files, err := os.ReadDir(data)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}
