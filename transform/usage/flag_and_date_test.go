package usage

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas/reports"
	"m365lake/transform/report"
)

// Where a report has both a flag and a date for an app, either one makes a user active, over a period and on
// a single day.
func TestFlagOrDate(t *testing.T) {
	app := reports.App{Name: "word", Report: reports.M365AppUserDetail, Flag: "word", LastActivity: "last_activity_date"}
	for line, want := range map[string]bool{
		"Yes,2026-11-18": true,
		"Yes,2026-01-02": true,
		"Yes,":           true,
		"No,2026-11-18":  true,
		",2026-11-18":    true,
		"No,2026-01-02":  false,
		",":              false,
	} {
		a := testActivity(t, "word")
		day, err := arrow.Date32FromTime(a.Tenant.Day), error(nil)
		day -= 2 // 2026-11-18
		period, single := a.trackOf(app, 1, 7, day), newDayTrack(app, len(a.Users.People))
		text := "Report Refresh Date,User Principal Name,Word,Last Activity Date\n2026-11-18,a@x.example," + line + "\n"
		request := report.Request{TenantID: "t", Report: app.Report, Period: 7, File: "f"}
		var rows arrow.RecordBatch
		for rows, err = range report.NewReader(strings.NewReader(text), request, a.Users, a.Tenant.Mem).Batches() {
			if err != nil {
				t.Fatal(err)
			}
			keys := rows.Column(app.Report.Table.Column("user_key")).(*array.Int32)
			period.addRows(rows, keys, make([]bool, 1))
			single.addRows(rows, keys, day)
		}
		if period.active[1] != want || single.active[1] != want {
			t.Errorf("%q: active %t in the period and %t on the day, want %t", line, period.active[1], single.active[1], want)
		}
	}
}
