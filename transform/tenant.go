// Package transform turns raw files into Arrow batches of tables. Its packages each do one kind of file;
// this one says for whom and for which day.
package transform

import (
	"iter"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
	"m365lake/schemas/column"
)

// A Tenant says whose files are being transformed, and for which day.
type Tenant struct {
	ID   string // Entra tenant id
	Name string // as in pipelines.yaml
	Day  time.Time
	Mem  memory.Allocator
}

// DayText is the day as it stands in folder names: 2026-11-25.
func (t Tenant) DayText() string { return t.Day.Format(time.DateOnly) }

// NewWriter returns a writer of batches of a table, in which tenant_id is the tenant in every row and
// snapshot_date, where the table has it, the day.
func (t Tenant) NewWriter(table *schemas.Table, partition ...string) *column.Writer {
	w := column.NewWriter(table, t.Mem, partition...)
	w.Text("tenant_id").Fill(t.ID)
	if table.HasColumn("snapshot_date") {
		w.Date("snapshot_date").Fill(arrow.Date32FromTime(t.Day))
	}
	return w
}

// Previous streams a table as the lake has it. It is read twice, so that what is kept of it in
// memory stays small.
type Previous func() iter.Seq2[arrow.RecordBatch, error]
