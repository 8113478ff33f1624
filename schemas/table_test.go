package schemas

import (
	"strings"
	"testing"
)

// What every table must keep to, whoever adds it.
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
	for _, r := range Reports() {
		for _, c := range append(append([]string{r.User}, r.Identity...), r.Account...) {
			r.Table.Column(c)
		}
		if r.Table.Name != "report_"+r.Name {
			t.Errorf("report %s has table %s", r.Name, r.Table.Name)
		}
	}
	for _, app := range Apps() {
		for _, c := range append([]string{app.Flag, app.LastActivity}, app.Actions...) {
			if c != "" {
				app.Report.Table.Column(c)
			}
		}
		if (app.Flag == "") == (app.LastActivity == "") {
			t.Errorf("%s needs either a flag or a last activity date", app.Name)
		}
	}
}

func TestHashFollowsTheShape(t *testing.T) {
	a := Table{Name: "t", Key: []string{"x"}, Columns: []Column{{Name: "x", Type: Text}}}
	b := a
	b.Columns = []Column{{Name: "x", Type: Text, Doc: "a better sentence"}}
	if a.Hash() != b.Hash() {
		t.Error("documentation changes the hash")
	}
	for name, columns := range map[string][]Column{
		"type":     {{Name: "x", Type: Date}},
		"name":     {{Name: "y", Type: Text}},
		"required": {{Name: "x", Type: Text, Required: true}},
		"more":     {{Name: "x", Type: Text}, {Name: "y", Type: Text}},
	} {
		b.Columns = columns
		if a.Hash() == b.Hash() {
			t.Errorf("another %s does not change the hash", name)
		}
	}
}

func TestIdentifierAndLiteral(t *testing.T) {
	if got := Identifier(`a"b`); got != `"a""b"` {
		t.Error(got)
	}
	if got := Literal(`it's`); got != `'it''s'` {
		t.Error(got)
	}
}

func TestParsePeriod(t *testing.T) {
	for _, p := range Periods {
		if got, err := ParsePeriod(p.String()); err != nil || got != p {
			t.Errorf("%s: %v, %v", p, got, err)
		}
	}
	for _, bad := range []string{"", "7", "d7", "D8", "D28"} {
		if _, err := ParsePeriod(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
