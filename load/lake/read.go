package lake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/sourcegraph/conc/panics"

	"m365lake/schemas"
)

// readRows is how many rows Lake.Read gives at a time.
const readRows = 32_768

// Read streams one table of one tenant back, as it was last published: only the named columns, in
// their order, or all of them. A table without files has no batches; a column that came into the
// table after a file was written is NULL. A batch is good until the next one is asked for.
func (l Lake) Read(
	ctx context.Context,
	table *schemas.Table,
	tenantID string,
	columns ...string,
) iter.Seq2[arrow.RecordBatch, error] {
	if len(columns) == 0 {
		for _, c := range table.Columns {
			columns = append(columns, c.Name)
		}
	}
	fields := make([]arrow.Field, len(columns))
	for i, name := range columns {
		fields[i] = table.ArrowSchema().Field(table.Column(name))
	}
	schema := arrow.NewSchema(fields, nil)
	return func(yield func(arrow.RecordBatch, error) bool) {
		found, err := l.scanTenant(ctx, table, tenantID)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, stamp := range found {
			path := filepath.Join(l.Dir, stamp.Path)
			more, err := readFile(ctx, path, schema, func(batch arrow.RecordBatch) bool { return yield(batch, nil) })
			if err != nil {
				if ctx.Err() == nil {
					err = Damaged(path, err)
				}
				yield(nil, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

// readFile hands the batches of one file to use until that says no.
func readFile(
	ctx context.Context,
	path string,
	schema *arrow.Schema,
	use func(arrow.RecordBatch) bool,
) (more bool, err error) {
	raw, err := openParquet(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, raw.Close()) }()
	if raw.NumRows() == 0 {
		return true, nil
	}
	records, err := openRecords(ctx, raw, schema)
	if err != nil {
		return false, err
	}
	defer records.Release()
	for {
		record, err := orPanic(records.Read)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		batch, err := arrange(record, schema)
		if err != nil {
			return false, err
		}
		more := use(batch)
		batch.Release()
		if !more {
			return false, nil
		}
	}
}

// openParquet opens a file and reads its footer.
func openParquet(path string) (*file.Reader, error) {
	return orPanic(func() (*file.Reader, error) { return file.OpenParquetFile(path, false) })
}

// openRecords reads the wanted columns of a file.
func openRecords(ctx context.Context, raw *file.Reader, schema *arrow.Schema) (pqarrow.RecordReader, error) {
	reader, err := orPanic(func() (*pqarrow.FileReader, error) {
		return pqarrow.NewFileReader(raw, pqarrow.ArrowReadProperties{BatchSize: readRows}, memory.DefaultAllocator)
	})
	if err != nil {
		return nil, err
	}
	// The leaves of the wanted columns. Every type here has exactly one.
	var leaves []int
	for i := range raw.MetaData().Schema.NumColumns() {
		top, _, _ := strings.Cut(raw.MetaData().Schema.Column(i).Path(), ".")
		if schema.HasField(top) {
			leaves = append(leaves, i)
		}
	}
	return orPanic(func() (pqarrow.RecordReader, error) { return reader.GetRecordReader(ctx, leaves, nil) })
}

// orPanic makes an error of a panic: the library panics on some damaged files.
func orPanic[T any](read func() (T, error)) (value T, err error) {
	if caught := panics.Try(func() { value, err = read() }); caught != nil {
		err = fmt.Errorf("%v", caught.Value)
	}
	return value, err
}

// arrange brings a record of a file into the wanted columns and types.
func arrange(record arrow.RecordBatch, schema *arrow.Schema) (arrow.RecordBatch, error) {
	columns := make([]arrow.Array, schema.NumFields())
	defer func() {
		for _, c := range columns {
			if c != nil {
				c.Release()
			}
		}
	}()
	for i, field := range schema.Fields() {
		found := record.Schema().FieldIndices(field.Name)
		if len(found) == 0 {
			columns[i] = array.MakeArrayOfNull(memory.DefaultAllocator, field.Type, int(record.NumRows()))
			continue
		}
		column := record.Column(found[0])
		if got := column.DataType(); got.ID() != field.Type.ID() {
			return nil, fmt.Errorf("column %s is %s instead of %s", field.Name, got, field.Type)
		}
		// The same bytes under the table's type: files name the items of a list differently.
		data := column.Data()
		typed := array.NewData(field.Type, data.Len(), data.Buffers(), data.Children(), data.NullN(), data.Offset())
		columns[i] = array.MakeFromData(typed)
		typed.Release()
	}
	return array.NewRecordBatch(schema, columns, record.NumRows()), nil
}
