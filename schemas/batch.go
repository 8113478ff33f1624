package schemas

import "github.com/apache/arrow-go/v18/arrow"

// A Batch is a piece of one lake file on its way from transform to load. All rows of a Batch
// belong to the partition; a Batch without rows makes an empty file, which says that the
// partition has no rows now. The receiver of a Batch may read Rows until it asks for the next one.
type Batch struct {
	Table     *Table
	Partition []string // the values of Table.Partition, as they stand in folder names
	Rows      arrow.RecordBatch
}
