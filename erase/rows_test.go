package erase

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	gocmp "github.com/google/go-cmp/cmp"

	"m365lake/load/lake/laketest"
	"m365lake/pipeline/datafolder"
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
			day, _ := given.(string)
			f.Append(arrow.Date32FromTime(laketest.Date(cmp.Or(day, "2026-11-18"))))
		case *array.Int64Builder:
			number, _ := given.(int)
			f.Append(int64(cmp.Or(number, 7)))
		default:
			f.AppendNull()
		}
	}
	return b.NewRecordBatch()
}

// A testData is a data folder in which tests write.
type testData struct {
	*testing.T
	Eraser
}

func newTestData(t *testing.T) testData {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	return testData{t, Eraser{Folder: datafolder.Folder{Root: t.TempDir()}, Day: day}}
}

// writeLake writes a lake file of tenant A.
func (d testData) writeLake(table *schemas.Table, partition []string, rows ...map[string]any) {
	d.Helper()
	var batches []arrow.RecordBatch
	for _, cells := range rows {
		cells["tenant_id"] = laketest.TenantA
		batches = append(batches, oneRow(d.T, table, cells))
	}
	stream := laketest.Stream(table, partition, batches...)
	if _, err := d.lake().Write(d.Context(), laketest.TenantA, stream); err != nil {
		d.Fatal(err)
	}
}

// forgotten is a list with one person of tenant A.
func forgotten(key int32, names ...string) List {
	list := List{Salt: "salt", People: []Person{{TenantID: laketest.TenantA, UserKey: key, ForgottenOn: "2026-11-23"}}}
	list.addNames(&list.People[0], names)
	return list
}

// Rows of the person go, rows of things stay without the owner, a name that has another's key stays.
func TestForgetRows(t *testing.T) {
	const anna = "anna@x.example"
	d := newTestData(t)
	write := d.writeLake
	write(&schemas.Users, nil,
		map[string]any{"user_key": int32(1), "user_id": "id-anna", "user_principal_name": anna, "surname": "Moreau"},
		map[string]any{"user_key": int32(2), "user_id": "id-ben", "user_principal_name": "ben@x.example",
			"manager_id": "id-anna", "surname": "Ito"})
	write(&schemas.UserHistory, nil,
		map[string]any{"user_key": int32(1), "user_principal_name": anna},
		// Ben had the name before.
		map[string]any{"user_key": int32(2), "user_principal_name": anna, "manager_user_key": int32(1)})
	sites := &reports.SharePointSiteUsageDetail.Table
	write(sites, []string{"2026-11-18", "7"},
		map[string]any{"site_id": "s1", "owner_principal_name": anna, "owner_display_name": "Anna", "user_key": int32(1)},
		map[string]any{"site_id": "s2", "owner_principal_name": "ben@x.example"})
	mail := &reports.EmailActivityUserDetail.Table
	write(mail, []string{"2026-11-18", "7"}, map[string]any{"user_principal_name": strings.ToUpper(anna)})
	list := forgotten(1, anna, "id-anna")
	want := []TableErased{{"user_history", 1, 1}, {"report_email_activity_user_detail", 1, 0},
		{"report_sharepoint_site_usage_detail", 0, 1}, {"users", 0, 2}}
	for _, want := range [][]TableErased{want, nil} {
		done, err := d.eraseLake(t.Context(), laketest.TenantA, list.Matcher(list.People...), mark{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, done); diff != "" {
			t.Error(diff)
		}
	}
	for _, c := range []struct {
		table   *schemas.Table
		columns string
		want    []string
	}{
		{&schemas.Users, "user_key user_id user_principal_name surname manager_id deleted_at", []string{
			"1 00000000-0000-0000-0000-000000000001 forgotten-1 (null) (null) 2026-11-23",
			"2 id-ben ben@x.example Ito (null) 2026-11-18"}},
		{&schemas.UserHistory, "user_key user_principal_name manager_user_key", []string{"2 anna@x.example (null)"}},
		{sites, "site_id owner_principal_name owner_display_name user_key", []string{
			"s1 (null) (null) (null)", "s2 ben@x.example (null) (null)"}},
		{mail, "user_principal_name", nil},
	} {
		var got []string
		for rows, err := range d.lake().Read(t.Context(), c.table, laketest.TenantA, strings.Fields(c.columns)...) {
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
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.table.Name, diff)
		}
	}
}

// judged is what becomes of a row: "goes", "stays", or the cells that change.
func judged(t *testing.T, table *schemas.Table, list List, cells map[string]any) string {
	t.Helper()
	cells["tenant_id"] = laketest.TenantA
	rows := oneRow(t, table, cells)
	defer rows.Release()
	j := rowJudge{table, list.Matcher(list.People...), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	edit := j.judge(rows)
	after, err := edit.Apply(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	defer after.Release()
	switch {
	case after.NumRows() == 0 && edit.Dropped() == 1 && edit.Changed() == 0:
		return "goes"
	case edit.Changed() == 0:
		return "stays"
	}
	var changed []string
	for i, c := range table.Columns {
		if before, now := rows.Column(i).ValueStr(0), after.Column(i).ValueStr(0); before != now {
			changed = append(changed, c.Name+"="+now)
		}
	}
	return strings.Join(changed, " ")
}

// What becomes of a row follows from the row and from who is forgotten alone.
func TestJudgeRows(t *testing.T) {
	const anna, ben = "anna.ek@contoso.com", "ben@contoso.com"
	const withheld = "(withheld: named a person who was forgotten)"
	const oneDrive = "https://contoso-my.sharepoint.com/personal/anna_ek_contoso_com"
	list := forgotten(7, anna, "id-anna")
	mail := &reports.EmailActivityUserDetail.Table
	drives, sites := &reports.OneDriveUsageAccountDetail.Table, &reports.SharePointSiteUsageDetail.Table
	type row map[string]any
	for name, c := range map[string]struct {
		table *schemas.Table
		cells row
		want  string
	}{
		"by key":              {&schemas.AppActivity, row{"user_key": int32(7)}, "goes"},
		"another's key":       {&schemas.AppActivity, row{"user_key": int32(8)}, "stays"},
		"by name":             {mail, row{"user_principal_name": "Anna.Ek@contoso.com"}, "goes"},
		"a name that went on": {&schemas.UserHistory, row{"user_key": int32(8), "user_principal_name": anna}, "stays"},
		"a manager by key": {&schemas.UserHistory, row{"user_key": int32(8), "manager_user_key": int32(7)},
			"manager_user_key=(null)"},
		"a manager by id":     {&schemas.Users, row{"user_key": int32(8), "manager_id": "ID-ANNA"}, "manager_id=(null)"},
		"a message":           {&schemas.RunSteps, row{"error": "row of (anna.ek@contoso.com)."}, "error=" + withheld},
		"a message of others": {&schemas.RunSteps, row{"error": "row of anna.ek@contoso.company"}, "stays"},
		"unknown columns": {drives, row{"extra": `{"Manager":"` + anna + `"}`, "user_key": int32(8)},
			"extra=(null)"},
		"a site's owner": {sites, row{"site_id": "s", "owner_principal_name": anna,
			"site_url": "https://contoso/sites/x"}, "owner_principal_name=(null)"},
		"a personal site": {sites, row{"site_id": "s", "site_url": oneDrive}, "site_url=(null)"},
		"a site of others": {sites, row{"site_id": "s",
			"site_url": "https://contoso/sites/anna_ek_contoso_com"}, "stays"},
		"a OneDrive, no owner":   {drives, row{"account": "s", "site_url": oneDrive}, "goes"},
		"a page of the OneDrive": {drives, row{"account": "s", "site_url": oneDrive + "1/Documents?x"}, "goes"},
		"a OneDrive of another owner": {drives, row{"account": "s", "site_url": oneDrive, "user_key": int32(8),
			"owner_principal_name": ben}, "site_url=(null)"},
		"a OneDrive known by its address": {drives, row{"account": oneDrive,
			"site_url": oneDrive, "user_key": int32(8)}, "goes"},
		"somebody else's OneDrive": {drives, row{"account": "s",
			"site_url": "https://contoso-my.sharepoint.com/personal/anna_eklund_contoso_com"}, "stays"},
		"a request about the person": {&schemas.ProvisioningActions, row{"target_user": anna, "requested_by": ben}, "goes"},
		"a request by the person": {&schemas.ProvisioningActions, row{"target_user": ben, "requested_by": anna},
			"requested_by=(null)"},
		"a reason": {&schemas.ProvisioningActions, row{"target_user": ben, "reason": "asked by " + anna},
			"reason=" + withheld},
		"a plan by the person": {&schemas.ProvisioningPlans, row{"created_by": anna}, "created_by=" + withheld},
		"an entry by the person": {&schemas.ProvisioningLedger, row{"user_principal_name": ben, "actor": anna},
			"actor=(null)"},
		"a personnel file": {&schemas.HRISRoster, row{"email": anna}, "goes"},
	} {
		if got := judged(t, c.table, list, c.cells); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
