package pipeline_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/pipeline"
	"m365lake/schemas/reports"
)

// Nights with a short listing, or one that lacks what its permission does not show, change nothing: nobody is deleted,
// no version is closed, and the run has a gap that names the source, the sizes and the witnesses.
func TestListingsThatAreNotBelieved(t *testing.T) {
	t.Parallel()
	state := []string{
		`SELECT count(*) AS users, count(deleted_at) AS deleted, count(account_enabled) AS enabled FROM users`,
		`SELECT count(*) AS held FROM license_assignments`,
		`SELECT count(*) AS versions, count(valid_to) AS closed FROM user_history`,
		`SELECT count(*) AS versions, count(valid_to) AS closed FROM license_history`,
		`SELECT count(*) AS n FROM skus_current`,
		`SELECT count(*) AS n FROM license_groups`,
		`SELECT count(*) AS n FROM user_roles`,
		`SELECT count(*) AS n FROM renewals`,
	}
	data := filepath.Join(t.TempDir(), "data")
	sync := func(day string, faults ...string) pipeline.Result {
		t.Helper()
		s := serveSandbox(t, sandboxOptions{users: 60, seed: 9, day: day, faults: faults, reports: []*reports.Report{}})
		defer func() { _ = s.server.Close() }()
		s.config.SignInActivity = false
		result, err := s.run(data).Sync(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	ask := func() (answers []string) {
		t.Helper()
		for _, question := range state {
			answers = append(answers, answer(t, data, question)...)
		}
		return answers
	}
	if first := sync("2026-11-20"); !first.Complete() {
		t.Fatalf("%+v", first.Tenants[0].Failures)
	}
	want := ask()
	for _, c := range []struct {
		faults  []string
		sources []string
		texts   []string
	}{
		{[]string{"short_users"}, []string{"users"}, []string{
			"users: the listing is not believed: it has 6 users, the one before had 60; 54 are missing, 0 of them are " +
				"among the deleted users; Graph counts 60 users ($count); it has", "consumedUnits are"}},
		{[]string{"short_users", "no_user_count"}, []string{"users"}, []string{"54 are missing"}},
		{[]string{"basic_users"}, []string{"users"}, []string{
			"none of the 60 values that Graph sent has assignedLicenses, licenseAssignmentStates, accountEnabled",
			"User.Read.All (User.ReadBasic.All does not show it)"}},
		{[]string{"no_licenses"}, []string{"users"}, []string{"it has 0 licences, the one before had", "User.Read.All"}},
		{[]string{"no_products"}, []string{"subscribed_skus"}, []string{
			"subscribed_skus: the listing is not believed: it has 0 products, the one before had", "the licences of users"}},
		{[]string{"short_products"}, []string{"subscribed_skus"}, []string{"it has 1 products, the one before had"}},
		{[]string{"short_listings"}, []string{"subscriptions", "license_groups", "role_assignments"}, []string{
			"it has 0 subscriptions, the one before had", "it has 0 groups, the one before had",
			"it has 0 roles held by users"}},
	} {
		t.Run(strings.Join(c.faults, "_"), func(t *testing.T) {
			result := sync("2026-11-20", c.faults...)
			failed := map[string]string{}
			var told strings.Builder
			for _, f := range result.Tenants[0].Failures {
				failed[f.Source] = f.Detail
				told.WriteString(f.Detail + "\n")
			}
			for _, source := range c.sources {
				if failed[source] == "" {
					t.Errorf("%s is no gap: %v", source, failed)
				}
			}
			for _, text := range c.texts {
				if !strings.Contains(told.String(), text) {
					t.Errorf("nobody says %q:\n%s", text, &told)
				}
			}
			if diff := cmp.Diff(want, ask()); diff != "" {
				t.Errorf("before (-) and after (+) differ:\n%s", diff)
			}
		})
	}
	// Told to, a run believes even that.
	s := serveSandbox(t, sandboxOptions{users: 60, seed: 9, day: "2026-11-20", faults: []string{"short_users"},
		reports: []*reports.Report{}})
	s.config.SignInActivity, s.config.MaxListingShrinkPercent = false, 100
	s.sync(t, data, true)
	if got := answer(t, data, `SELECT count(deleted_at) AS deleted FROM users`); got[1] != "54" {
		t.Errorf("%s deleted", got[1])
	}
}

// One odd user costs only what is odd: the value is set aside and told with its owner; who has no name stays as known.
func TestOddUsersCostOnlyThemselves(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	questions := []string{
		`SELECT count(*) AS users, count(deleted_at) AS deleted FROM users`,
		`SELECT count(*) AS held FROM license_assignments`,
		`SELECT user_key, user_principal_name FROM users ORDER BY 1`,
	}
	var answers [][]string
	for _, faults := range [][]string{nil, {"odd_users"}} {
		s := serveSandbox(t, sandboxOptions{users: 60, seed: 9, day: "2026-11-20", faults: faults})
		s.sync(t, data, true)
		_ = s.server.Close()
		var got []string
		for _, q := range questions {
			got = append(got, answer(t, data, q)...)
		}
		answers = append(answers, got)
	}
	if diff := cmp.Diff(answers[0], answers[1]); diff != "" {
		t.Errorf("even (-) and odd (+) users differ:\n%s", diff)
	}
	remark := strings.Join(answer(t, data, `SELECT error FROM run_steps WHERE source = 'users' AND stage = 'transform'
		AND error IS NOT NULL`), "\n")
	remark = strings.ReplaceAll(remark, `""`, `"`)
	for _, text := range []string{
		"set aside in 8 of 60 users: ", `createdDateTime "" is no time such as`,
		`createdDateTime "2020-05-04T10:00:00" is no time`,
		`createdDateTime "12020-05-04T10:00:00Z" is no time`, `employeeHireDate "2020-01-01" is no time`,
		"department is a number, which does not belong there", "employeeId is a number", "there is no userPrincipalName",
		"manager is a text, which does not belong there", "(", "@",
	} {
		if !strings.Contains(remark, text) {
			t.Errorf("nobody says %s:\n%s", text, remark)
		}
	}
}

// A report from the future is refused: if it were believed, every later one would be behind it.
func TestReportsFromTheFutureAreRefused(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	newest := `SELECT report, max(report_date) AS newest FROM report_status WHERE status = 'good' GROUP BY 1 ORDER BY 1`
	s := serveSandbox(t, sandboxOptions{users: 60, seed: 9, day: "2026-11-20"})
	s.sync(t, data, true)
	want := answer(t, data, newest)
	s = serveSandbox(t, sandboxOptions{users: 60, seed: 9, day: "2026-11-20",
		faults: []string{"future_date:getTeamsUserActivityUserDetail"}})
	run := s.run(data)
	run.Fresh = true // or the reports of a minute ago serve again
	result, err := run.Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failures := result.Tenants[0].Failures
	if len(failures) == 0 {
		t.Fatal("no gap")
	}
	for _, f := range failures {
		if f.Status != "failed" || !strings.Contains(f.Detail, "after the day of the run, 2026-11-20: such a report is "+
			"not believed") {
			t.Errorf("%+v", f)
		}
	}
	if !strings.Contains(fmt.Sprint(failures), "Report Refresh Date is 2126-11-18, after") {
		t.Errorf("%+v", failures)
	}
	if diff := cmp.Diff(want, answer(t, data, newest)); diff != "" {
		t.Error(diff)
	}
	if got := answer(t, data,
		`SELECT count(*) AS n FROM app_activity WHERE report_date > DATE '2026-11-20'`); got[1] != "0" {
		t.Errorf("%s rows of the future", got[1])
	}
}
