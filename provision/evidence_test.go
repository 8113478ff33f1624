package provision

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"m365lake/schemas/catalog"
	queries "m365lake/sql"
)

// contosoWarehouse is what a sync of contoso would have published: ana was last active on 1 August,
// hal's account is disabled, cy has a licence twice. change are statements that make it otherwise.
func contosoWarehouse(t *testing.T, change ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	exec := func(statement string) {
		t.Helper()
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s\n%v", statement, err)
		}
	}
	for _, table := range catalog.Tables() {
		exec(table.CreateTable())
	}
	views, err := fs.Glob(queries.Files, "views/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range views {
		text, err := queries.Files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		exec(string(text))
	}
	const tenant = "'11111111-2222-3333-4444-555555555555'"
	insert := func(table, columns string, rows ...string) {
		t.Helper()
		for _, row := range rows {
			exec(fmt.Sprintf("INSERT INTO %s (tenant_id, %s) VALUES (%s, %s)", table, columns, tenant, row))
		}
	}
	insert("organizations", "tenant_name, concealed_names, snapshot_date", "'contoso', false, '2026-11-23'")
	for _, u := range []struct {
		key     int
		name    string
		enabled bool
	}{{1, "ana", true}, {3, "cy", true}, {8, "hal", false}} {
		insert("users", "user_key, user_id, user_principal_name, account_enabled, created_at, first_seen, last_seen",
			fmt.Sprintf("%d, '%s', '%s@contoso.com', %v, '2024-01-01', '2024-01-01', '2026-11-23'", u.key, strings.ToUpper(userID(u.key)), u.name, u.enabled))
		insert("app_activity", "report_date, report_period, user_key, app, report, licensed, active, last_activity_date",
			fmt.Sprintf("'2026-11-21', 30, %d, 'cumulative', 'all', true, %v, '2026-08-01'", u.key, u.key == 3))
	}
	insert("skus", "snapshot_date, subscribed_sku_id, sku_id, sku_part_number, product_name, kind, enabled_units, warning_units, suspended_units, consumed_units",
		"'2026-11-23', 'a', '"+e3ID+"', 'SPE_E3', 'Microsoft 365 E3', 'paid', 10, 0, 0, 8", "'2026-11-23', 'b', '"+e1ID+"', 'STANDARDPACK', 'Office 365 E1', 'paid', 3, 0, 0, 3")
	insert("license_assignments", "user_key, sku_id, source, assigned_by_group_id, state, snapshot_date",
		"1, '"+e3ID+"', 'direct', NULL, 'Active', '2026-11-23'", "8, '"+e3ID+"', 'direct', NULL, 'Active', '2026-11-23'",
		"3, '"+e1ID+"', 'direct', NULL, 'Active', '2026-11-23'", "3, '"+e1ID+"', 'group', '"+salesID+"', 'Active', '2026-11-23'")
	insert("report_status", "run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'2026-11-23', 'teams_user_activity_detail', 30, 'good', '2026-11-21', 9, 0, 'r1'",
		"'2026-11-23', 'copilot_usage_user_detail', 28, 'empty', NULL, 0, 0, 'r1'")
	insert("report_mailbox_usage_detail", "report_date, report_period, user_key, user_principal_name, storage_used_byte",
		"'2026-11-14', 7, 1, 'ana@contoso.com', 99", "'2026-11-21', 7, 1, 'ana@contoso.com', 12400000000")
	insert("report_onedrive_usage_account_detail", "report_date, report_period, user_key, account, storage_used_byte",
		"'2026-11-21', 7, 1, 's1', 3100000", "'2026-11-21', 7, 1, 's2', 5")
	for _, statement := range change {
		exec(statement)
	}
	return db
}

// A verdict of the warehouse is acted on only while it stands, and can be believed.
func TestEvidence(t *testing.T) {
	inactive := Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "inactive"}
	disabled := Action{Kind: RemoveLicense, User: "hal", SKU: "SPE_E3", Basis: "disabled account"}
	duplicate := Action{Kind: RemoveLicense, User: "cy", SKU: "STANDARDPACK", Basis: "duplicate"}
	account := Action{Kind: DisableUser, User: "ana", Basis: "inactive"}
	db := contosoWarehouse(t)
	for name, c := range map[string]struct {
		action Action
		change string
		rule   func(*Settings)
		code   string // empty: the step is a change
	}{
		"inactive":              {action: inactive},
		"account":               {action: account},
		"disabled":              {action: disabled},
		"duplicate":             {action: duplicate},
		"stale":                 {action: inactive, rule: func(s *Settings) { s.MaxEvidenceAgeDays = 1 }, code: "evidence_stale"},
		"just fresh":            {action: inactive, rule: func(s *Settings) { s.MaxEvidenceAgeDays = 2 }},
		"concealed":             {action: inactive, change: "UPDATE organizations SET concealed_names = true", code: "evidence_concealed"},
		"concealed report":      {action: account, change: "UPDATE report_status SET status = 'concealed'", code: "evidence_concealed"},
		"concealed, disabled":   {action: disabled, change: "UPDATE organizations SET concealed_names = true"},
		"partial":               {action: inactive, change: "UPDATE report_status SET status = 'partial' WHERE report_period = 30", code: "evidence_partial"},
		"failed":                {action: inactive, change: "UPDATE report_status SET status = 'failed' WHERE report_period = 30", code: "evidence_partial"},
		"other report failed":   {action: inactive, change: "UPDATE report_status SET report = 'mailbox_usage_detail', status = 'failed' WHERE report_period = 30"},
		"young":                 {action: inactive, change: "UPDATE users SET created_at = '2026-11-10'", rule: func(s *Settings) { s.MinConfidence = LowConfidence }, code: "evidence_young"},
		"active again":          {action: inactive, change: "UPDATE app_activity SET active = true", code: "evidence_gone"},
		"another reason":        {action: inactive, change: "UPDATE users SET account_enabled = false", code: "evidence_gone"},
		"licence gone":          {action: inactive, change: "DELETE FROM license_assignments WHERE user_key = 1", code: "evidence_gone"},
		"nothing measured":      {action: inactive, change: "DELETE FROM app_activity", code: "evidence_gone"},
		"not sure":              {action: inactive, rule: func(s *Settings) { s.MinConfidence = HighConfidence }, code: "evidence_low_confidence"},
		"enabled by now":        {action: Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "disabled account"}, change: "UPDATE users SET account_enabled = false", code: "evidence_gone"},
		"group gone by now":     {action: Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "duplicate"}, change: "INSERT INTO license_assignments SELECT * REPLACE ('group' AS source, '" + salesID + "' AS assigned_by_group_id) FROM license_assignments WHERE user_key = 1; UPDATE app_activity SET active = true", code: "evidence_gone"},
		"somebody else decided": {action: Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3"}, change: "UPDATE organizations SET concealed_names = true"},
	} {
		t.Run(name, func(t *testing.T) {
			planned := planOf(t, PlanInput{Warehouse: db}, c.action).Steps[0]
			in := PlanInput{Warehouse: db, Settings: DefaultSettings()}
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
			s := planOf(t, in, c.action).Steps[0]
			if s.Code != c.code || (c.code == "") != (s.Verdict == Change) {
				t.Fatalf("%s %s", s.Verdict, s.Sentence)
			}
			if (s.Evidence == nil) != (c.action.Basis == "") {
				t.Errorf("%+v", s.Evidence)
			}
			if c.action.Basis == "" || strings.HasSuffix(name, "by now") {
				return // what only the live tenant tells is not asked of the warehouse again
			}
			// the same when it is applied
			err := evidenceOf(t.Context(), db, planned, in.Settings, planTime)
			var no *Refusal
			if errors.As(err, &no); (err == nil) != (c.code == "") || no != nil && no.Code != c.code {
				t.Errorf("when applied: %v, want %q", err, c.code)
			}
		})
	}
}

func TestEvidenceWithoutWarehouse(t *testing.T) {
	s := Step{User: User{ID: userID(1)}, After: Facet{Licenses: map[string]Grant{e3ID: {}}}}
	if err := evidenceOf(t.Context(), nil, s, DefaultSettings(), planTime); err != nil {
		t.Error(err)
	}
	s.Evidence = &Evidence{Basis: "inactive"}
	var no *Refusal
	if err := evidenceOf(t.Context(), nil, s, DefaultSettings(), planTime); !errors.As(err, &no) || no.Code != "evidence_none" {
		t.Error(err)
	}
	s.Evidence.Basis = "inactive"
	if err := evidenceOf(t.Context(), contosoWarehouse(t), s, DefaultSettings(), planTime.Add(72*time.Hour)); !errors.As(err, &no) || no.Code != "evidence_stale" {
		t.Error(err)
	}
}

// What the warehouse knows is said; the verdict's ground is part of the state before.
func TestSentencesFromTheWarehouse(t *testing.T) {
	db := contosoWarehouse(t)
	plan := planOf(t, PlanInput{Warehouse: db},
		Action{Kind: RemoveLicense, User: "ana", SKU: "Microsoft 365 E3", Basis: "inactive"},
		Action{Kind: RemoveLicense, User: "hal", SKU: "SPE_E3", Basis: "disabled account"},
		Action{Kind: RemoveLicense, User: "cy", SKU: "STANDARDPACK", Basis: "duplicate"},
		Action{Kind: DisableUser, User: "ida"})
	want := []string{
		"Removes Microsoft 365 E3 (SPE_E3) from ana@contoso.com; keeps RARE; mailbox 12.4 GB and OneDrive 3.1 MB become unreachable after the grace period; last active 2026-08-01 (inactive, confidence medium).",
		"Removes Microsoft 365 E3 (SPE_E3) from hal@contoso.com; no licence is left; mailbox (size not reported) and OneDrive (size not reported) become unreachable after the grace period; last active 2026-08-01 (disabled account, confidence high).",
		`Removes Office 365 E1 (STANDARDPACK) from cy@contoso.com; keeps Office 365 E1 (STANDARDPACK) through the group "Sales"; last active 2026-08-01 (duplicate, confidence high).`,
		"Disables ida@contoso.com: no sign-in any more, while licences, mail and files stay; the warehouse does not know the user.",
	}
	var got []string
	for _, s := range plan.Steps {
		got = append(got, s.Sentence)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&Evidence{Basis: "inactive", Confidence: "medium", ReportDate: "2026-11-21", LastActivityDate: "2026-08-01"}, plan.Steps[0].Evidence); diff != "" {
		t.Error(diff)
	}
	if before := plan.Steps[1].Before; before.Enabled == nil || *before.Enabled {
		t.Errorf("a disabled account may be enabled before it is done: %+v", before)
	}
	if before := plan.Steps[2].Before; !before.Groups[salesID] {
		t.Errorf("the group may be left before it is done: %+v", before)
	}
}

// evidenceOf is checkEvidence for one step; its refusal is an error.
func evidenceOf(ctx context.Context, warehouse *sql.DB, step Step, settings Settings, now time.Time) error {
	refused, err := checkEvidence(ctx, warehouse, []Step{step}, settings, now)
	if err != nil {
		return err
	}
	if no, is := refused[step.Number]; is {
		return &no
	}
	return nil
}
