package catalog

import (
	"strings"
	"testing"

	"m365lake/schemas/reports"
)

// These rules hold for every table.
func TestTablesAreSound(t *testing.T) {
	names := map[string]bool{}
	for _, table := range Tables() {
		if names[table.Name] {
			t.Errorf("two tables are called %s", table.Name)
		}
		names[table.Name] = true
		if table.Doc == "" || table.Columns[0].Name != "tenant_id" || table.Key[0] != "tenant_id" {
			t.Errorf("%s needs a Doc, and tenant_id as its first column and key", table.Name)
		}
		columns := map[string]bool{}
		for _, c := range table.Columns {
			if columns[c.Name] || c.Doc == "" || c.Name != strings.ToLower(c.Name) {
				t.Errorf("%s.%s: a second time, without Doc, or not in lower case", table.Name, c.Name)
			}
			columns[c.Name] = true
		}
		for _, c := range append(table.Key, table.Partition...) {
			table.Column(c) // panics when there is none
		}
	}
	for _, r := range reports.All() {
		for _, c := range append(r.Identity, r.Account...) {
			r.Table.Column(c)
		}
		if user := r.UserColumn(); r.Table.HasColumn("user_key") != (user != "") || user != "" && !r.Table.HasColumn(user) {
			t.Errorf("report %s names users in %q", r.Name, user)
		}
		if r.DecidesApps() && r.Subject != reports.User {
			t.Errorf("report %s decides an app and is about a %s", r.Name, r.Subject)
		}
		if r.Table.Name != "report_"+r.Name {
			t.Errorf("report %s has table %s", r.Name, r.Table.Name)
		}
	}
	for _, app := range reports.Apps() {
		for _, c := range append([]string{app.Flag, app.LastActivity}, app.Actions...) {
			if c != "" {
				app.Report.Table.Column(c)
			}
		}
		if app.Flag == "" && app.LastActivity == "" {
			t.Errorf("%s needs a flag or a last activity date", app.Name)
		}
	}
}
