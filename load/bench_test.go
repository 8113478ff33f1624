package load

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

const benchTenant = "11111111-2222-4333-8444-555555555555"

// activityBatches are rows of app_activity for the users of one period in (app, user) order.
func activityBatches(rows int) []arrow.RecordBatch {
	const size = 122_880
	apps := schemas.Apps()
	rng := rand.New(rand.NewPCG(1, 2))
	users := rows / len(apps)
	var batches []arrow.RecordBatch
	b := array.NewRecordBuilder(memory.DefaultAllocator, schemas.AppActivity.ArrowSchema())
	reserveText(b, size)
	for i := range rows {
		b.Field(0).(*array.StringBuilder).Append(benchTenant)
		b.Field(1).(*array.Date32Builder).Append(20600)
		b.Field(2).(*array.Int64Builder).Append(30)
		b.Field(3).(*array.StringBuilder).Append("office365_active_user_detail")
		b.Field(4).(*array.StringBuilder).Append(apps[min(i/max(users, 1), len(apps)-1)].Name)
		b.Field(5).(*array.Int32Builder).Append(int32(i % max(users, 1)))
		b.Field(6).(*array.BooleanBuilder).Append(rng.IntN(10) > 0)
		active := rng.IntN(10) > 3
		b.Field(7).(*array.BooleanBuilder).Append(active)
		if active {
			b.Field(8).(*array.Date32Builder).Append(arrow.Date32(20600 - rng.IntN(30)))
			b.Field(9).(*array.Int64Builder).Append(int64(rng.IntN(500)))
		} else {
			b.Field(8).AppendNull()
			b.Field(9).AppendNull()
		}
		if (i+1)%size == 0 || i+1 == rows {
			batches = append(batches, b.NewRecordBatch())
			reserveText(b, size)
		}
	}
	return batches
}

// teamsBatches are rows of the Teams report as Microsoft sends them: most counters small, names unique.
func teamsBatches(rows int) []arrow.RecordBatch {
	const size = 122_880
	table := &schemas.TeamsUserActivityDetail.Table
	rng := rand.New(rand.NewPCG(1, 2))
	var batches []arrow.RecordBatch
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.ArrowSchema())
	reserveText(b, size)
	for i := range rows {
		for c, column := range table.Columns {
			switch f := b.Field(c).(type) {
			case *array.StringBuilder:
				switch column.Name {
				case "tenant_id":
					f.Append(benchTenant)
				case "user_id":
					f.Append(fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", rng.Uint32(), i&0xffff, i&0xfff, i&0xfff, rng.Uint64()&0xffffffffffff))
				case "user_principal_name":
					f.Append(fmt.Sprintf("first.last%07d@contoso.example", i))
				case "assigned_products":
					f.Append("OFFICE 365 E3+POWER BI PRO")
				case "extra":
					f.AppendNull()
				default:
					f.Append(fmt.Sprintf("PT%dM", rng.IntN(60)))
				}
			case *array.Date32Builder:
				if rng.IntN(4) == 0 && !column.Required {
					f.AppendNull()
				} else {
					f.Append(20600)
				}
			case *array.Int32Builder:
				f.Append(int32(i))
			case *array.Int64Builder:
				f.Append(int64(rng.IntN(200)))
			case *array.BooleanBuilder:
				f.Append(rng.IntN(2) == 0)
			case *array.ListBuilder:
				f.Append(true)
				f.ValueBuilder().(*array.StringBuilder).AppendValues([]string{"OFFICE 365 E3", "POWER BI PRO"}, nil)
			}
		}
		if (i+1)%size == 0 || i+1 == rows {
			batches = append(batches, b.NewRecordBatch())
			reserveText(b, size)
		}
	}
	return batches
}

// reserveText keeps the builders of arrow-go 18.8 from growing by one value at a time.
func reserveText(b *array.RecordBuilder, rows int) {
	for _, f := range b.Fields() {
		if f, ok := f.(*array.StringBuilder); ok {
			f.ReserveData(40 * rows)
		}
	}
}

type countingWriter struct{ n int64 }

func (w *countingWriter) Write(p []byte) (int, error) { w.n += int64(len(p)); return len(p), nil }

func benchmarkWrite(b *testing.B, table *schemas.Table, batches []arrow.RecordBatch) {
	b.ReportAllocs()
	for b.Loop() {
		out := &countingWriter{}
		w := newTableWriter(out, table)
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

var _ io.Writer = &countingWriter{}

// BenchmarkParquetActivity writes 5,000,000 rows of app_activity.
func BenchmarkParquetActivity(b *testing.B) {
	benchmarkWrite(b, &schemas.AppActivity, activityBatches(5_000_000))
}

// BenchmarkParquetTeams writes 400,000 rows of the Teams report.
func BenchmarkParquetTeams(b *testing.B) {
	benchmarkWrite(b, &schemas.TeamsUserActivityDetail.Table, teamsBatches(400_000))
}
