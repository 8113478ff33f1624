package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"m365lake/erase"
	"m365lake/extract"
	"m365lake/internal/quote"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas/catalog"
)

// traces are the files of a data folder in which any of the texts stands, raw files unpacked.
func traces(t *testing.T, data string, texts ...string) (found []string) {
	t.Helper()
	names := func(content []byte) bool {
		for _, text := range texts {
			if bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text))) {
				return true
			}
		}
		return false
	}
	folders := map[string]bool{} // of Parquet files
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		var content []byte
		within, _ := filepath.Rel(data, path)
		switch filepath.Ext(path) {
		case ".zst":
			raw, err := extract.Open(path)
			if err != nil {
				return err
			}
			defer raw.Close()
			if content, err = io.ReadAll(raw); err != nil {
				return err
			}
		case ".parquet":
			if parts := strings.Split(within, string(filepath.Separator)); parts[0] == "lake" {
				folders[filepath.Join(data, "lake", parts[1], "**", "*.parquet")] = true
			} else {
				folders[path] = true
			}
		default: // the warehouse: texts stand in it as they are unless they are compressed
			if content, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		if names(content) {
			found = append(found, within)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Open(datafolder.Folder{Root: data}.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	search := func(from string) {
		var conditions []string
		for _, text := range texts {
			conditions = append(conditions, "contains(lower(t::VARCHAR), "+quote.Literal(strings.ToLower(text))+")")
		}
		var n int
		question := "SELECT count(*) FROM " + from + " AS t WHERE " + strings.Join(conditions, " OR ")
		if err := db.QueryRowContext(t.Context(), question).Scan(&n); err != nil {
			t.Fatalf("%s: %v", from, err)
		}
		if n > 0 {
			found = append(found, from)
		}
	}
	for files := range folders {
		search("read_parquet(" + quote.Literal(files) + ", hive_partitioning = false)")
	}
	for _, table := range catalog.Tables() {
		search(quote.Identifier(table.Name))
	}
	return found
}

// Nothing names a person who was forgotten, and only that person is gone. Reports that go on naming
// the deleted account do not bring it back.
func TestForgetLeavesNoTrace(t *testing.T) {
	t.Parallel()
	before := serveSandbox(t, sandboxOptions{users: 90, seed: 4, day: "2026-10-20", reports: allReports})
	options := sandboxOptions{users: 90, seed: 4, day: "2026-11-20", reports: allReports,
		faults: []string{"deleted_users"}}
	s := serveSandbox(t, options)
	options.day = "2026-11-21"
	next := serveSandbox(t, options)
	data := filepath.Join(t.TempDir(), "data")
	before.sync(t, data, exitGood)
	s.sync(t, data, exitGood)
	// Somebody who is gone, was somebody's manager or not, and whom the reports still name.
	const gone = `SELECT u.user_key, u.user_id, u.user_principal_name FROM users AS u
		JOIN report_office365_active_user_detail AS r USING (tenant_id, user_key)
		WHERE deleted_at IS NOT NULL
			AND r.report_date = (SELECT max(report_date) FROM report_office365_active_user_detail)
		ORDER BY 1 LIMIT 1`
	rows := answer(t, data, gone)
	if len(rows) < 2 {
		t.Fatal("nobody is gone")
	}
	cells := strings.Split(rows[1], ",")
	key, id, name := cells[0], cells[1], cells[2]
	metrics := answer(t, data, "SELECT * FROM activity_metrics ORDER BY ALL")
	others := "SELECT count(*) FROM app_activity WHERE user_key <> " + key
	activity := answer(t, data, others)
	if found := traces(t, data, id, name); len(found) < 20 {
		t.Fatalf("only %q name %s before", found, name)
	}

	apart := filepath.Join(t.TempDir(), "apart")
	next.sync(t, apart, exitGood)
	if found := traces(t, apart, id, name); len(found) < 5 {
		t.Fatalf("only %q of the next day name %s", found, name)
	}

	out := command(t, exitGood, "forget", name, "--data", data)
	for _, want := range []string{
		"raw: ", "lake: users: 1 rows emptied of the person", "published ", "forgotten-" + key, "What stays:",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	for round, check := range []func(){
		func() {},
		func() { command(t, exitGood, "forget", strings.ToUpper(id), "--data", data) }, // again, by another name
		func() { next.sync(t, data, exitGood) },
	} {
		check()
		if found := traces(t, data, id, name); len(found) > 0 {
			t.Errorf("round %d: %s is named by %q", round, name, found)
		}
		left := `SELECT user_principal_name, count(mail) + count(display_name) + count(department) + count(manager_id)
			FROM users WHERE user_key = ` + key + ` GROUP BY 1`
		if got := answer(t, data, left); got[1] != "forgotten-"+key+",0" {
			t.Errorf("round %d: users has %q", round, got)
		}
		if round < 2 {
			if got := answer(t, data, others); got[1] != activity[1] {
				t.Errorf("%s rows of others instead of %s", got[1], activity[1])
			}
			if got := answer(t, data, "SELECT * FROM activity_metrics ORDER BY ALL"); !slices.Equal(got, metrics) {
				t.Errorf("round %d: the numbers changed", round)
			}
		}
	}
	var list erase.List
	text, err := os.ReadFile(datafolder.Folder{Root: data}.Forgotten())
	if err != nil || json.Unmarshal(text, &list) != nil || len(list.People) != 1 || len(list.People[0].Names) < 2 {
		t.Errorf("%v: %s", err, text)
	}
	if info, err := os.Stat(datafolder.Folder{Root: data}.Forgotten()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

// A forgetting that was interrupted after any step is ended by running it again.
func TestForgetGoesOn(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 60, seed: 4, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, exitGood)
	const active = `SELECT user_id, user_principal_name FROM users JOIN app_activity USING (tenant_id, user_key)
		ORDER BY user_key DESC LIMIT 1`
	row := strings.Split(answer(t, data, active)[1], ",")
	// A file that cannot be read ends the work in the middle of the lake.
	broken := filepath.Join(data, "lake", "user_roles", "tenant_id="+s.tenant.ID(), "part.parquet")
	whole, err := os.ReadFile(broken)
	if err != nil {
		t.Fatal(err)
	}
	write(t, broken, "broken")
	if out := command(t, exitNothing, "forget", row[1], "--data", data); !strings.Contains(out, "raw: ") {
		t.Errorf("%s", out)
	}
	if err := os.WriteFile(broken, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	out := command(t, exitGood, "forget", row[1], "--data", data)
	if !strings.Contains(out, "lake: users: 1 rows emptied") || !strings.Contains(out, "the next one brings it back") {
		t.Errorf("%s", out)
	}
	if found := traces(t, data, row...); len(found) > 0 {
		t.Errorf("%q name %q", found, row)
	}
	// The directory lists the account still: it comes back, but not under the old key.
	s.sync(t, data, exitGood)
	newer := `SELECT user_key > (SELECT user_key FROM users WHERE user_principal_name LIKE 'forgotten-%') AS newer,
		count(*)
		FROM users WHERE user_id = ` + quote.Literal(row[0]) + ` GROUP BY 1`
	if got := answer(t, data, newer); len(got) != 2 || got[1] != "true,1" {
		t.Errorf("%q", got)
	}
}
