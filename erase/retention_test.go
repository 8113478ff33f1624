package erase

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"m365lake/extract"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// Of raw files the days before the first one go, but for the newest and the newest that was published.
func TestPruneRaw(t *testing.T) {
	d := newTestData(t)
	for day, published := range map[string]bool{
		"2026-11-01": true, "2026-11-02": true, "2026-11-03": false, "2026-11-04": false,
	} {
		d.writeRaw(laketest.Date(day), "users.jsonl.zst", "{}")
		m := extract.Manifest{RunID: "r", Published: published}
		if err := m.Write(d.Folder.Raw(laketest.TenantA, laketest.Date(day))); err != nil {
			t.Fatal(err)
		}
	}
	old, err := d.pruneRaw(laketest.TenantA, laketest.Date("2026-11-20"), true)
	if err != nil || strings.Join(old.Days, " ") != "2026-11-01 2026-11-03" || old.Files != 4 || old.Bytes == 0 ||
		old.First != "2026-11-01" || old.Last != "2026-11-03" {
		t.Errorf("%+v, %v", old, err)
	}
	var left []string
	days, err := d.Folder.RawDays(laketest.TenantA)
	for _, day := range days {
		left = append(left, day.Format(time.DateOnly))
	}
	if err != nil || strings.Join(left, " ") != "2026-11-02 2026-11-04" {
		t.Errorf("%q, %v", left, err)
	}
}

// Of the lake the files of old days go, but for the newest of each series, versions that ended, and what
// users says of people who were deleted. Nothing goes unless that is wanted.
func TestPruneLake(t *testing.T) {
	d := newTestData(t)
	mail := &reports.EmailActivityUserDetail.Table
	for _, f := range []struct {
		day    string
		period int
	}{{"2026-11-16", 7}, {"2026-11-17", 30}, {"2026-11-18", 7}, {"2026-11-21", 180}} {
		d.writeLake(mail, []string{f.day, strconv.Itoa(f.period)},
			map[string]any{"report_date": f.day, "report_period": f.period, "user_principal_name": benName})
	}
	d.writeLake(&schemas.Users, nil, map[string]any{"user_key": int32(1), "user_id": "id-anna",
		"user_principal_name": annaName, "deleted_at": "2026-11-18"})
	d.writeLake(&schemas.UserHistory, nil, map[string]any{"user_key": int32(1), "user_principal_name": annaName})
	r := Retention{Lake: laketest.Date("2026-11-20"), History: laketest.Date("2026-11-20")}
	want := []OldTable{
		{Layer: "history", Table: "users", Rows: 1}, {Layer: "history", Table: "user_history", Rows: 1},
		{Layer: "lake", Table: mail.Name, Files: 1, First: "2026-11-16", Last: "2026-11-16"},
	}
	for _, remove := range []bool{false, true} {
		pruned, err := d.Prune(t.Context(), r, remove)
		if err != nil || len(pruned) != 1 {
			t.Fatal(pruned, err)
		}
		if diff := cmp.Diff(want, pruned[0].Tables, cmpopts.IgnoreFields(OldTable{}, "Bytes")); diff != "" {
			t.Error(diff)
		}
	}
	if pruned, err := d.Prune(t.Context(), r, true); err != nil || !pruned[0].Empty() {
		t.Errorf("%+v, %v", pruned, err)
	}
	if pruned, err := d.Prune(t.Context(), Retention{}, true); err != nil || !pruned[0].Empty() {
		t.Errorf("%+v, %v", pruned, err)
	}
}
