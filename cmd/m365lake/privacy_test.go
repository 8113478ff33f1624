package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/internal/quote"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

const testKey = "0123456789abcdef0123456789abcdef"

// withPrivacy is the configuration of a sandbox with privacy.
func (s *servedSandbox) withPrivacy(t *testing.T, minGroupSize int) string {
	t.Helper()
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "private.yaml")
	write(t, config, string(text)+
		fmt.Sprintf("privacy: {key: {file: pseudonyms.key}, min_group_size: %d}\n", minGroupSize))
	write(t, filepath.Join(filepath.Dir(config), "pseudonyms.key"), testKey+"\n")
	return config
}

// No export tells who anybody of the sandbox is, whatever views there are.
func TestPrivateExportsNameNobody(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 150, seed: 3, day: "2026-11-20", reports: allReports})
	config := s.withPrivacy(t, 5)
	data := filepath.Join(t.TempDir(), "data")
	command(t, exitGood, "sync", "--config", config, "--data", data, "--run-day", s.day)
	folder := t.TempDir()
	command(t, exitGood, "export", "--config", config, "--data", data, "--to", folder, "--format", "json")

	db, err := warehouse.Open(datafolder.Folder{Root: data}.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	views, err := warehouse.ViewNames(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	rows, err := db.QueryContext(t.Context(), `SELECT lower(unnest([user_principal_name, mail, display_name, user_id,
			surname || '@', given_name || '.' || surname, employee_id])) AS secret
		FROM users UNION SELECT lower(user_principal_name) FROM unmatched_rows`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var secret *string
		if err := rows.Scan(&secret); err != nil {
			t.Fatal(err)
		}
		if secret != nil && *secret != "" {
			secrets = append(secrets, *secret)
		}
	}
	if err := rows.Err(); err != nil || len(secrets) < 600 {
		t.Fatalf("%d secrets, %v", len(secrets), err)
	}
	people := 0
	for _, view := range views {
		asJSON, err := os.ReadFile(filepath.Join(folder, view+".json"))
		if err != nil {
			t.Fatal(err)
		}
		parquet := fmt.Sprintf("SELECT string_agg(t::VARCHAR, chr(10)) FROM read_parquet(%s) AS t",
			quote.Literal(filepath.Join(datafolder.Folder{Root: data}.Exports(), view+".parquet")))
		var asParquet *string
		if err := db.QueryRowContext(t.Context(), parquet).Scan(&asParquet); err != nil {
			t.Fatal(err)
		}
		content := strings.ToLower(string(asJSON))
		if asParquet != nil {
			content += strings.ToLower(*asParquet)
		}
		for _, secret := range secrets {
			if strings.Contains(content, secret) {
				t.Errorf("%s contains %s", view, secret)
				break
			}
		}
		if strings.Contains(content, `"p_`) {
			people++
		}
	}
	if people < 6 {
		t.Errorf("only %d views have pseudonyms", people)
	}

	// One pseudonym per person, the same in every view and format; no row is lost.
	directory := quote.Literal(filepath.Join(datafolder.Folder{Root: data}.Exports(), "users_directory.parquet"))
	question := "SELECT count(DISTINCT user_key), count(DISTINCT user_principal_name), count(department), " +
		"count(job_title) FROM " + directory
	if got := answer(t, data, question); got[1] != "150,150,0,0" {
		t.Errorf("users_directory: %s", got[1])
	}
	// What a column tells is decided by its name; one that is not comes out empty.
	for _, column := range answer(t, data, `SELECT DISTINCT column_name FROM information_schema.columns
		WHERE data_type LIKE 'VARCHAR%' AND table_name IN (SELECT view_name FROM duckdb_views() WHERE NOT internal)`)[1:] {
		if schemas.DisclosureOf(column) == schemas.Undecided {
			t.Errorf("column %s of a view is missing in schemas/disclosure.go", column)
		}
	}
	for _, table := range catalog.Tables() {
		for _, c := range table.Columns {
			d := c.Disclosure()
			if d.PointsAtOne() || d == schemas.Quotes || c.Type.Name != schemas.Text.Name {
				continue
			}
			var rows int
			question := "SELECT count(*) FROM " + quote.Identifier(table.Name) + " WHERE lower(" + quote.Identifier(c.Name) +
				") IN (SELECT lower(unnest([user_id, user_principal_name, mail])) FROM users)"
			if err := db.QueryRowContext(t.Context(), question).Scan(&rows); err != nil || rows != 0 {
				t.Errorf("%s.%s names people in %d rows, but schemas/disclosure.go does not say so (%v)",
					table.Name, c.Name, rows, err)
			}
		}
	}
	one := answer(t, data, "SELECT user_principal_name FROM users ORDER BY user_key LIMIT 1")[1]
	pseudonym := (&warehouse.Privacy{Key: []byte(testKey)}).Pseudonym(one)
	licenses := quote.Literal(filepath.Join(datafolder.Folder{Root: data}.Exports(), "license_management.parquet"))
	want := answer(t, data, "SELECT count(*) FROM license_management WHERE user_principal_name = "+quote.Literal(one))
	got := answer(t, data, "SELECT count(*) FROM "+licenses+" WHERE user_principal_name = "+quote.Literal(pseudonym))
	if got[1] != want[1] || got[1] == "0" {
		t.Errorf("%s has %s licences under the pseudonym %s and %s in truth", one, got[1], pseudonym, want[1])
	}
}

// Nothing can be worked out about small departments from what is shown of the large ones.
func TestSmallDepartmentsAreWithheld(t *testing.T) {
	t.Parallel()
	const least = 8
	s := serveSandbox(t, sandboxOptions{users: 150, seed: 3, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	command(t, exitGood, "sync", "--config", s.withPrivacy(t, least), "--data", data, "--run-day", s.day)
	for _, view := range []string{"department_usage", "activity_frequency"} {
		file := quote.Literal(filepath.Join(datafolder.Folder{Root: data}.Exports(), view+".parquet"))
		condition, key := "true", "tenant_id, app, report_period, department"
		if view == "activity_frequency" {
			condition, key = "NOT all_departments", "tenant_id, app, all_departments, department"
			got := answer(t, data, "SELECT count(*) FROM "+file+
				" WHERE all_departments AND (withheld OR licensed_users IS NULL)")
			if got[1] != "0" {
				t.Errorf("%s: everybody is withheld", view)
			}
		}
		columns := strings.ReplaceAll(key, "tenant_id, ", "")
		for what, question := range map[string]string{
			"small ones shown": "SELECT count(*) FROM %[1]s AS e WHERE %[2]s AND NOT withheld AND licensed_users < %[3]d",
			"numbers of withheld": "SELECT count(*) FROM %[1]s AS e WHERE withheld AND (licensed_users IS NOT NULL OR " +
				"COLUMNS('active_users|none_users') IS NOT NULL)",
			"one alone": "SELECT count(*) FROM (SELECT app FROM %[1]s WHERE %[2]s GROUP BY ALL HAVING count(*) FILTER (WHERE " +
				"withheld) = 1)",
			"remainder too small": "SELECT count(*) FROM (SELECT app, " + strings.TrimSuffix(
				strings.TrimPrefix(columns, "app, "),
				", department") + ", sum(v.licensed_users) AS remainder, bool_and(e.withheld) AS everything FROM (FROM %[1]s " +
				"WHERE withheld) AS e JOIN " + view + " AS v USING (" + columns + ") GROUP BY ALL HAVING remainder < %[3]d)",
			"departments that are": "SELECT (SELECT count(*) FROM %[1]s) - (SELECT count(*) FROM " + view + ")",
		} {
			question = fmt.Sprintf(question, file, condition, least)
			if strings.Contains(what, "numbers") {
				measure := "active_users"
				if view == "activity_frequency" {
					measure = "none_users"
				}
				question = strings.ReplaceAll(question, "COLUMNS('active_users|none_users')", measure)
			}
			if got := answer(t, data, question); got[1] != "0" {
				t.Errorf("%s: %s: %s", view, what, got[1])
			}
		}
		got := answer(t, data, "SELECT count(*) FILTER (WHERE withheld) > 5 AND count(*) FILTER (WHERE NOT withheld) > 5 "+
			"FROM "+file)
		if got[1] != "true" {
			t.Errorf("%s withholds nothing or everything", view)
		}
	}
}
