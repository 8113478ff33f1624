package warehouse

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// BenchmarkBuild measures a warehouse of 5,000,000 rows of app_activity, 400,000 rows of the Teams
// report and 420,000 users: from the lake alone, and replacing the activity and the users in it.
func BenchmarkBuild(b *testing.B) {
	dir := b.TempDir()
	typed := lake.Lake{Dir: filepath.Join(dir, "lake")}
	build := Build{Lake: typed, Path: filepath.Join(dir, "warehouse.duckdb")}
	write := func(table *schemas.Table, partition []string, batches []arrow.RecordBatch) {
		if _, err := typed.Write(b.Context(), laketest.Tenant, laketest.Stream(table, partition, batches...)); err != nil {
			b.Fatal(err)
		}
	}
	users, activity := laketest.UserBatches(420_000), laketest.ActivityBatches(5_000_000)
	write(&schemas.Users, nil, users)
	write(&schemas.AppActivity, []string{"2026-05-27", "30", "office365_active_user_detail"}, activity)
	write(&reports.TeamsUserActivityDetail.Table, []string{"2026-05-27", "30"}, laketest.TeamsBatches(400_000))
	run := func(b *testing.B, f func(context.Context) (BuildResult, error)) {
		result, err := f(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(build.Path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(result.Rows), "rows")
		b.ReportMetric(float64(info.Size())/1e6, "MB/warehouse")
	}
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			run(b, build.Rebuild)
		}
	})
	b.Run("replaced", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			write(&schemas.Users, nil, users)
			write(&schemas.AppActivity, []string{"2026-05-27", "30", "office365_active_user_detail"}, activity)
			b.StartTimer()
			run(b, build.Run)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			run(b, build.Run)
		}
	})
}
