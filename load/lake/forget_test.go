package lake

import (
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// oneRow is a row of a table with some cells given and everything that is required made up.
func oneRow(t *testing.T, table *schemas.Table, cells map[string]any) arrow.RecordBatch {
	t.Helper()
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.ArrowSchema())
	defer b.Release()
	for i, c := range table.Columns {
		given, ok := cells[c.Name]
		switch f := b.Field(i).(type) {
		case *array.StringBuilder:
			if ok {
				f.Append(given.(string))
			} else if c.Required {
				f.Append("x")
			} else {
				f.AppendNull()
			}
		case *array.Int32Builder:
			if ok {
				f.Append(given.(int32))
			} else {
				f.AppendNull()
			}
		case *array.Date32Builder:
			f.Append(arrow.Date32FromTime(laketest.Date("2026-11-18")))
		case *array.Int64Builder:
			f.Append(7)
		default:
			f.AppendNull()
		}
	}
	return b.NewRecordBatch()
}

// Rows of the person go, rows of things stay without the owner, a name that has another's key stays.
func TestForgetRows(t *testing.T) {
	const anna = "anna@x.example"
	lake := Lake{t.TempDir()}
	write := func(table *schemas.Table, partition []string, rows ...map[string]any) {
		var batches []arrow.RecordBatch
		for _, cells := range rows {
			cells["tenant_id"] = laketest.TenantA
			batches = append(batches, oneRow(t, table, cells))
		}
		if _, err := lake.Write(t.Context(), laketest.TenantA, laketest.Stream(table, partition, batches...)); err != nil {
			t.Fatal(err)
		}
	}
	write(&schemas.Users, nil,
		map[string]any{"user_key": int32(1), "user_id": "id-anna", "user_principal_name": anna, "surname": "Moreau"},
		map[string]any{"user_key": int32(2), "user_id": "id-ben", "user_principal_name": "ben@x.example", "manager_id": "id-anna", "surname": "Ito"})
	write(&schemas.UserHistory, nil,
		map[string]any{"user_key": int32(1), "user_principal_name": anna},
		map[string]any{"user_key": int32(2), "user_principal_name": anna, "manager_user_key": int32(1)}) // Ben had the name before
	sites := &reports.SharePointSiteUsageDetail.Table
	write(sites, []string{"2026-11-18", "7"},
		map[string]any{"site_id": "s1", "owner_principal_name": anna, "owner_display_name": "Anna", "user_key": int32(1)},
		map[string]any{"site_id": "s2", "owner_principal_name": "ben@x.example"})
	mail := &reports.EmailActivityUserDetail.Table
	write(mail, []string{"2026-11-18", "7"}, map[string]any{"user_principal_name": strings.ToUpper(anna)})
	people := Forgotten{
		Key:       1,
		Is:        func(v string) bool { return strings.EqualFold(v, anna) || v == "id-anna" },
		Mentioned: func(string) bool { return false },
		Day:       time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
	}
	want := []ForgottenRows{{"user_history", 1, 1}, {"report_email_activity_user_detail", 1, 0}, {"report_sharepoint_site_usage_detail", 0, 1}, {"users", 0, 2}}
	for _, want := range [][]ForgottenRows{want, nil} {
		done, err := lake.Forget(t.Context(), laketest.TenantA, people)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, done); diff != "" {
			t.Error(diff)
		}
	}
	for _, c := range []struct {
		table   *schemas.Table
		columns string
		want    []string
	}{
		{&schemas.Users, "user_key user_id user_principal_name surname manager_id deleted_at", []string{
			"1 00000000-0000-0000-0000-000000000001 forgotten-1 (null) (null) 2026-11-23", "2 id-ben ben@x.example Ito (null) 2026-11-18"}},
		{&schemas.UserHistory, "user_key user_principal_name manager_user_key", []string{"2 anna@x.example (null)"}},
		{sites, "site_id owner_principal_name owner_display_name user_key", []string{"s1 (null) (null) (null)", "s2 ben@x.example (null) (null)"}},
		{mail, "user_principal_name", nil},
	} {
		var got []string
		for rows, err := range lake.Read(t.Context(), c.table, laketest.TenantA, strings.Fields(c.columns)...) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range int(rows.NumRows()) {
				var cells []string
				for _, column := range rows.Columns() {
					cells = append(cells, column.ValueStr(i))
				}
				got = append(got, strings.Join(cells, " "))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.table.Name, diff)
		}
	}
}
