package transform

import (
	"iter"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
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

// Previous streams a table as the lake has it. It is read twice, so that what is kept of it in
// memory stays small.
type Previous func() iter.Seq2[arrow.RecordBatch, error]
