package view

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// One answer in every format: text to the left, numbers to the right, NULL as each format has it.
func TestTableFormats(t *testing.T) {
	const question = `SELECT * FROM (VALUES
		('Zephyr', 1, DATE '2026-11-23', NULL::INTEGER, TIMESTAMPTZ '2026-11-23 04:05:06Z', 1.50::DECIMAL(4,2)),
		('a,"b', 1000, NULL, 7, NULL, NULL)) rows (name, n, day, nothing, moment, money)`
	for format, want := range map[string]string{
		"table": "name       n  day         nothing  moment                money\n" +
			"------  ----  ----------  -------  --------------------  -----\n" +
			"Zephyr     1  2026-11-23     NULL  2026-11-23 04:05:06Z    1.5\n" +
			"a,\"b    1000  NULL              7  NULL                   NULL\n",
		"csv": "name,n,day,nothing,moment,money\n" +
			"Zephyr,1,2026-11-23,,2026-11-23 04:05:06Z,1.5\n" +
			"\"a,\"\"b\",1000,,7,,\n",
		"json": `[
  {"name": "Zephyr", "n": 1, "day": "2026-11-23", "nothing": null, "moment": "2026-11-23T04:05:06Z", "money": 1.5},
  {"name": "a,\"b", "n": 1000, "day": null, "nothing": 7, "moment": null, "money": null}
]
`,
	} {
		if got := answerIn(t, format, 0, question); got != want {
			t.Errorf("%s:\n%s\ninstead of\n%s", format, got, want)
		}
	}
	if got := answerIn(t, "table", 1, question); !strings.HasSuffix(got, "\n(1 more rows; --max-rows 0 shows all)\n") {
		t.Error(got)
	}
	if got := answerIn(t, "json", 0, "SELECT 1 AS one WHERE false"); got != "[]\n" {
		t.Error(got)
	}
	if _, err := NewTable("yaml", 0, nil); err == nil {
		t.Error("an unknown format is taken")
	}
}

func answerIn(t *testing.T, format string, maxRows int, question string) string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	table, err := NewTable(format, maxRows, &b)
	if err != nil {
		t.Fatal(err)
	}
	if err := Rows(rows, table); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
