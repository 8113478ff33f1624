package draft

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/facts"
	"m365lake/provision/internal/graphfake"
	"m365lake/provision/internal/livetest"
	"m365lake/provision/plan"
)

// A verdict of the warehouse is acted on only while it stands, and can be believed.
func TestEvidence(t *testing.T) {
	inactive := provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "inactive"}
	disabled := provision.Action{Kind: provision.RemoveLicense, User: "hal", SKU: "SPE_E3", Basis: "disabled account"}
	duplicate := provision.Action{Kind: provision.RemoveLicense, User: "cy", SKU: "STANDARDPACK", Basis: "duplicate"}
	account := provision.Action{Kind: provision.DisableUser, User: "ana", Basis: "inactive"}
	db := livetest.ContosoWarehouse(t)
	for name, c := range map[string]struct {
		action provision.Action
		change string
		rule   func(*provision.Settings)
		code   string // empty: the step is a change
	}{
		"inactive":  {action: inactive},
		"account":   {action: account},
		"disabled":  {action: disabled},
		"duplicate": {action: duplicate},
		"stale": {action: inactive, rule: func(s *provision.Settings) { s.MaxEvidenceAgeDays = 1 },
			code: "evidence_stale"},
		"just fresh": {action: inactive, rule: func(s *provision.Settings) { s.MaxEvidenceAgeDays = 2 }},
		"concealed": {action: inactive, change: "UPDATE organizations SET concealed_names = true",
			code: "evidence_concealed"},
		"concealed report": {action: account, change: "UPDATE report_status SET status = 'concealed'",
			code: "evidence_concealed"},
		"concealed, disabled": {action: disabled, change: "UPDATE organizations SET concealed_names = true"},
		"partial": {action: inactive, change: "UPDATE report_status SET status = 'partial' WHERE " +
			"report_period = 30", code: "evidence_partial"},
		"failed": {action: inactive, change: "UPDATE report_status SET status = 'failed' WHERE report_period " +
			"= 30", code: "evidence_partial"},
		"other report failed": {action: inactive, change: "UPDATE report_status SET report = 'mailbox_usage_detail', " +
			"status = 'failed' WHERE report_period = 30"},
		"young": {action: inactive, change: "UPDATE users SET created_at = '2026-11-10'",
			rule: func(s *provision.Settings) { s.MinConfidence = provision.LowConfidence }, code: "evidence_young"},
		"active again":   {action: inactive, change: "UPDATE app_activity SET active = true", code: "evidence_gone"},
		"another reason": {action: inactive, change: "UPDATE users SET account_enabled = false", code: "evidence_gone"},
		"licence gone": {action: inactive, change: "DELETE FROM license_assignments WHERE user_key = 1",
			code: "evidence_gone"},
		"nothing measured": {action: inactive, change: "DELETE FROM app_activity", code: "evidence_gone"},
		"not sure": {action: inactive,
			rule: func(s *provision.Settings) { s.MinConfidence = provision.HighConfidence }, code: "evidence_low_confidence"},
		"enabled by now": {action: provision.Action{
			Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "disabled account"},
			change: "UPDATE users SET account_enabled = false", code: "evidence_gone"},
		"group gone by now": {action: provision.Action{
			Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "duplicate"},
			change: "INSERT INTO license_assignments SELECT * REPLACE ('group' AS source, '" + graphfake.SalesID +
				"' AS assigned_by_group_id) FROM license_assignments WHERE user_key = 1; UPDATE app_activity SET active = true",
			code: "evidence_gone"},
		"somebody else decided": {action: provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3"},
			change: "UPDATE organizations SET concealed_names = true"},
	} {
		t.Run(name, func(t *testing.T) {
			planned := planWith(t, db, nil, plan.Input{}, c.action).Steps[0]
			in := plan.Input{Settings: provision.DefaultSettings()}
			if c.rule != nil {
				c.rule(&in.Settings)
			}
			if _, err := db.Exec("BEGIN; " + c.change); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if _, err := db.Exec("ROLLBACK"); err != nil {
					t.Fatal(err)
				}
			}()
			s := planWith(t, db, nil, in, c.action).Steps[0]
			if s.Code != c.code || (c.code == "") != (s.Verdict == provision.Change) {
				t.Fatalf("%s %s", s.Verdict, s.Sentence)
			}
			if (s.Evidence == nil) != (c.action.Basis == "") {
				t.Errorf("%+v", s.Evidence)
			}
			if c.action.Basis == "" || strings.HasSuffix(name, "by now") {
				return // what only the live tenant tells is not asked of the warehouse again
			}
			// the same when it is applied
			err := evidenceOf(t.Context(), db, planned, in.Settings, livetest.PlanTime)
			var no *provision.Refusal
			if errors.As(err, &no); (err == nil) != (c.code == "") || no != nil && no.Code != c.code {
				t.Errorf("when applied: %v, want %q", err, c.code)
			}
		})
	}
}

func TestEvidenceWithoutWarehouse(t *testing.T) {
	s := provision.Step{User: provision.User{ID: livetest.UserID(1)},
		After: provision.Facet{Licenses: map[string]provision.Grant{graphfake.E3ID: {}}}}
	if err := evidenceOf(t.Context(), nil, s, provision.DefaultSettings(), livetest.PlanTime); err != nil {
		t.Error(err)
	}
	s.Evidence = &provision.Evidence{Basis: "inactive"}
	var no *provision.Refusal
	if err := evidenceOf(t.Context(), nil, s, provision.DefaultSettings(), livetest.PlanTime); !errors.As(err, &no) ||
		no.Code != "evidence_none" {
		t.Error(err)
	}
	s.Evidence.Basis = "inactive"
	if err := evidenceOf(t.Context(), livetest.ContosoWarehouse(t), s, provision.DefaultSettings(),
		livetest.PlanTime.Add(72*time.Hour)); !errors.As(err, &no) || no.Code != "evidence_stale" {
		t.Error(err)
	}
}

// What the warehouse knows is said; the verdict's ground is part of the state before.
func TestSentencesFromTheWarehouse(t *testing.T) {
	db := livetest.ContosoWarehouse(t)
	plan := planWith(t, db, nil, plan.Input{},
		provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "Microsoft 365 E3", Basis: "inactive"},
		provision.Action{Kind: provision.RemoveLicense, User: "hal", SKU: "SPE_E3", Basis: "disabled account"},
		provision.Action{Kind: provision.RemoveLicense, User: "cy", SKU: "STANDARDPACK", Basis: "duplicate"},
		provision.Action{Kind: provision.DisableUser, User: "ida"})
	want := []string{
		"Removes Microsoft 365 E3 (SPE_E3) from ana@contoso.com; keeps RARE; mailbox 12.4 GB and OneDrive 3.1 MB become " +
			"unreachable after the grace period; last active 2026-08-01 (inactive, confidence medium).",
		"Removes Microsoft 365 E3 (SPE_E3) from hal@contoso.com; no licence is left; mailbox (size not reported) and " +
			"OneDrive (size not reported) become unreachable after the grace period; last active 2026-08-01 (disabled " +
			"account, confidence high).",
		`Removes Office 365 E1 (STANDARDPACK) from cy@contoso.com; keeps Office 365 E1 (STANDARDPACK) through the group ` +
			`"Sales"; last active 2026-08-01 (duplicate, confidence high).`,
		"Disables ida@contoso.com: no sign-in any more, while licences, mail and files stay; the warehouse does not know " +
			"the user.",
	}
	var got []string
	for _, s := range plan.Steps {
		got = append(got, s.Sentence)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&provision.Evidence{Basis: "inactive", Confidence: "medium", ReportDate: "2026-11-21",
		LastActivityDate: "2026-08-01"}, plan.Steps[0].Evidence); diff != "" {
		t.Error(diff)
	}
	if before := plan.Steps[1].Before; before.Enabled == nil || *before.Enabled {
		t.Errorf("a disabled account may be enabled before it is done: %+v", before)
	}
	if before := plan.Steps[2].Before; !before.Groups[graphfake.SalesID] {
		t.Errorf("the group may be left before it is done: %+v", before)
	}
}

// evidenceOf is checkEvidence for one step; its refusal is an error.
func evidenceOf(
	ctx context.Context, warehouse *sql.DB, step provision.Step, settings provision.Settings, now time.Time,
) error {
	refused, err := facts.CheckSteps(ctx, warehouse, []provision.Step{step}, settings, now)
	if err != nil {
		return err
	}
	if no, is := refused[step.Number]; is {
		return &no
	}
	return nil
}
