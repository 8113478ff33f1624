package warehouse

import (
	"testing"
	"testing/fstest"

	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
)

// monthSums is a roll-up of testFacts that also tells how often each month was made.
var monthSums = &schemas.Table{
	Name: "month_sums", Doc: "Sums.", Key: []string{"tenant_id", "month"}, RollupOf: laketest.Facts,
	Columns: []schemas.Column{
		{Name: "tenant_id", Type: schemas.Text, Required: true, Doc: "Tenant."},
		{Name: "month", Type: schemas.Date, Required: true, Doc: "Month."},
		{Name: "actions", Type: schemas.Integer, Doc: "Actions."},
		{Name: "made", Type: schemas.Integer, Doc: "The random number of this making."},
	},
}

const monthSumsSQL = `-- Actions of a month.
DELETE FROM month_sums WHERE tenant_id = getvariable('tenant_id') AND month = getvariable('month');
INSERT INTO month_sums
SELECT tenant_id, getvariable('month'), sum(actions), (random() * 1e15)::BIGINT FROM facts
WHERE tenant_id = getvariable('tenant_id') AND date_trunc('month', day) = getvariable('month') GROUP BY tenant_id`

// A build makes the roll-ups of those months anew whose days were loaded, replaced or removed, and
// of no others.
func TestRollups(t *testing.T) {
	h := newHouse(t)
	h.tables = []*schemas.Table{laketest.Users, laketest.Facts, monthSums}
	h.SQL = fstest.MapFS{"rollups/month_sums.sql": {Data: []byte(monthSumsSQL)}}
	h.writeUsers(laketest.TenantA, "Ann", "Bob")
	h.writeUsers(laketest.TenantB, "Zoë")
	h.writeFacts(laketest.TenantA, "2026-10-31", "teams", 1, 2)
	h.writeFacts(laketest.TenantA, "2026-11-01", "teams", 10, 20)
	h.writeFacts(laketest.TenantA, "2026-11-02", "teams", 100)
	h.writeFacts(laketest.TenantB, "2026-11-01", "teams", 7)
	h.run()
	const sums = "SELECT left(tenant_id, 1), strftime(month, '%Y-%m-%d'), actions FROM month_sums ORDER BY ALL"
	h.expect(
		sums,
		[]any{"a", "2026-10-01", int64(3)},
		[]any{"a", "2026-11-01", int64(130)},
		[]any{"b", "2026-11-01", int64(7)},
	)

	const made = "SELECT list(made ORDER BY tenant_id, month) FROM month_sums"
	makings := func() []any { return h.query(made)[0][0].([]any) }
	before := makings()
	h.run()
	h.expect(made, []any{before}) // nothing changed

	h.writeFacts(laketest.TenantA, "2026-11-02", "teams", 400) // comes again
	h.run()
	h.expect(
		sums,
		[]any{"a", "2026-10-01", int64(3)},
		[]any{"a", "2026-11-01", int64(430)},
		[]any{"b", "2026-11-01", int64(7)},
	)
	if after := makings(); after[0] != before[0] || after[1] == before[1] || after[2] != before[2] {
		t.Errorf("made %v after %v: only the second should be new", after, before)
	}

	h.remove(laketest.Facts, laketest.TenantA, "2026-10-31")
	h.run()
	h.expect(sums, []any{"a", "2026-11-01", int64(430)}, []any{"b", "2026-11-01", int64(7)})

	// Another way of making them makes all of them anew.
	h.SQL = fstest.MapFS{
		"rollups/month_sums.sql": {
			Data: []byte(monthSumsSQL + ";\nUPDATE month_sums SET actions = -actions WHERE actions > 0"),
		},
	}
	if r := h.run(); r.Reason != "the roll-ups are made in another way" {
		t.Errorf("%+v", r)
	}
	h.expect(sums, []any{"a", "2026-11-01", int64(-430)}, []any{"b", "2026-11-01", int64(-7)})

	h.SQL = fstest.MapFS{
		"rollups/month_sums.sql": {Data: []byte("-- Broken.\nINSERT INTO month_sums SELECT nothing FROM facts")},
	}
	h.fails("sql/rollups/month_sums.sql for 2026-11-01", "nothing")
	h.SQL = fstest.MapFS{"rollups/others.sql": {Data: []byte("-- No such table.")}}
	h.fails("sql/rollups/others.sql", "no roll-up named others")
}

// The months come from the names of folders.
func TestFolderThatIsNoDay(t *testing.T) {
	h := newHouse(t)
	h.tables = []*schemas.Table{laketest.Users, laketest.Facts, monthSums}
	s := session{Build: h.Build}
	err := s.touch(laketest.Facts, []lake.Stamp{{Path: "facts/tenant_id=a/day=soon/report=x/part.parquet"}})
	if err == nil ||
		err.Error() != `the folder of facts/tenant_id=a/day=soon/report=x/part.parquet names no day: `+
			`parsing time "soon" as "2006-01-02": cannot parse "soon" as "2006"` {
		t.Error(err)
	}
	if err := s.touch(laketest.Users, []lake.Stamp{{Path: "users/tenant_id=a/part.parquet"}}); err != nil {
		t.Error(err)
	}
}
