package lake

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

type countingWriter struct{ n int64 }

func (w *countingWriter) Write(p []byte) (int, error) { w.n += int64(len(p)); return len(p), nil }

func benchmarkWrite(b *testing.B, table *schemas.Table, batches []arrow.RecordBatch) {
	b.ReportAllocs()
	for b.Loop() {
		out := &countingWriter{}
		w, err := newTableWriter(out, table)
		if err != nil {
			b.Fatal(err)
		}
		for _, batch := range batches {
			if err := w.write(batch); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.n)/1e6, "MB/file")
	}
}

// BenchmarkParquetActivity writes 5,000,000 rows of app_activity.
func BenchmarkParquetActivity(b *testing.B) {
	benchmarkWrite(b, &schemas.AppActivity, laketest.ActivityBatches(5_000_000))
}

// BenchmarkParquetTeams writes 400,000 rows of the Teams report.
func BenchmarkParquetTeams(b *testing.B) {
	benchmarkWrite(b, &reports.TeamsUserActivityDetail.Table, laketest.TeamsBatches(400_000))
}
