package laketest

import (
	"fmt"
	"math/rand/v2"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// Tenant is the id of the tenant whose rows the fixtures hold.
const Tenant = "11111111-2222-4333-8444-555555555555"

// ActivityBatches are rows of app_activity for the users of one period in (app, user) order.
func ActivityBatches(rows int) []arrow.RecordBatch {
	const size = 122_880
	apps := reports.Apps()
	rng := rand.New(rand.NewPCG(1, 2))
	users := (rows + len(apps) - 1) / len(apps)
	var batches []arrow.RecordBatch
	b := array.NewRecordBuilder(memory.DefaultAllocator, schemas.AppActivity.ArrowSchema())
	for i := range rows {
		b.Field(0).(*array.StringBuilder).Append(Tenant)
		b.Field(1).(*array.Date32Builder).Append(20600)
		b.Field(2).(*array.Int64Builder).Append(30)
		b.Field(3).(*array.StringBuilder).Append("office365_active_user_detail")
		b.Field(4).(*array.StringBuilder).Append(apps[i/users].Name)
		b.Field(5).(*array.Int32Builder).Append(int32(i % users))
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
		}
	}
	return batches
}

// TeamsBatches are rows of the Teams report as Microsoft sends them: most counters small, names unique.
func TeamsBatches(rows int) []arrow.RecordBatch {
	const size = 122_880
	table := &reports.TeamsUserActivityDetail.Table
	rng := rand.New(rand.NewPCG(1, 2))
	var batches []arrow.RecordBatch
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.ArrowSchema())
	for i := range rows {
		for c, column := range table.Columns {
			switch f := b.Field(c).(type) {
			case *array.StringBuilder:
				switch column.Name {
				case "tenant_id":
					f.Append(Tenant)
				case "user_id":
					f.Append(fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x",
						rng.Uint32(), i&0xffff, i&0xfff, i&0xfff, rng.Uint64()&0xffffffffffff))
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
				if column.Name == "report_period" {
					f.Append(30)
				} else {
					f.Append(int64(rng.IntN(200)))
				}
			case *array.BooleanBuilder:
				f.Append(rng.IntN(2) == 0)
			case *array.ListBuilder:
				f.Append(true)
				// Not AppendValues: in arrow-go 18.8 it grows the buffer by what it is given, which
				// takes quadratic time.
				for _, product := range []string{"OFFICE 365 E3", "POWER BI PRO"} {
					f.ValueBuilder().(*array.StringBuilder).Append(product)
				}
			}
		}
		if (i+1)%size == 0 || i+1 == rows {
			batches = append(batches, b.NewRecordBatch())
		}
	}
	return batches
}

// UserBatches are the users of ActivityBatches and TeamsBatches.
func UserBatches(users int) []arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schemas.Users.ArrowSchema())
	for i := range users {
		for c, column := range schemas.Users.Columns {
			switch f := b.Field(c).(type) {
			case *array.StringBuilder:
				switch column.Name {
				case "tenant_id":
					f.Append(Tenant)
				case "department", "city", "country":
					f.Append(fmt.Sprintf("%s %d", column.Name, i%40))
				default:
					f.Append(fmt.Sprintf("%s-%08d", column.Name, i))
				}
			case *array.Int32Builder:
				f.Append(int32(i))
			case *array.Date32Builder:
				f.Append(20600)
			case *array.BooleanBuilder:
				f.Append(true)
			case *array.TimestampBuilder:
				f.Append(1_700_000_000_000_000)
			}
		}
	}
	return []arrow.RecordBatch{b.NewRecordBatch()}
}
