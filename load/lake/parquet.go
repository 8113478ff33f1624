package lake

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"m365lake/schemas"
)

const (
	RowGroupRows = 122_880 // as many as a row group of DuckDB, so that one thread can take one
	chunkRows    = 1024    // values in flight per column; pages are cut only between chunks
	// Beyond it a column goes on without its dictionary: names and ids would only fill memory.
	dictionaryBytes = 1 << 20
	SchemaHashKey   = "m365lake.schema"
)

var zstdFastest = &zstd.Codec{Level: zstd.SpeedFastest}

// A tableWriter writes the record batches of one table as one Parquet file.
//
// It writes values with explicit levels, column by column: parquet-go v0.32.0 gets NULLs of
// optional value fields of structs wrong, and its rows cost twice the time.
type tableWriter struct {
	table  *schemas.Table
	file   *parquet.GenericWriter[any]
	values []parquet.Value
	rows   int64 // in the file
	group  int   // in the current row group
}

func newTableWriter(out io.Writer, table *schemas.Table) *tableWriter {
	return &tableWriter{
		table: table,
		file: parquet.NewGenericWriter[any](out, table.ParquetSchema(),
			parquet.Compression(zstdFastest),
			parquet.DictionaryMaxBytes(dictionaryBytes),
			parquet.DataPageStatistics(false), // row groups have them, which is what readers use
			parquet.KeyValueMetadata(SchemaHashKey, table.Hash()),
		),
		values: make([]parquet.Value, 0, chunkRows),
	}
}

func (w *tableWriter) write(batch arrow.RecordBatch) error {
	for from := 0; from < int(batch.NumRows()); {
		to := min(int(batch.NumRows()), from+RowGroupRows-w.group)
		for i, column := range w.file.ColumnWriters() {
			if err := w.writeColumn(column, batch.Column(i), from, to, i); err != nil {
				return fmt.Errorf("column %s: %w", w.table.Columns[i].Name, err)
			}
		}
		w.rows += int64(to - from)
		w.group += to - from
		from = to
		if w.group == RowGroupRows {
			if err := w.file.Flush(); err != nil {
				return err
			}
			w.group = 0
		}
	}
	return nil
}

func (w *tableWriter) writeColumn(column *parquet.ColumnWriter, values arrow.Array, from, to, index int) (err error) {
	for ; from < to; from += chunkRows {
		w.values, err = appendValues(w.values[:0], values, from, min(to, from+chunkRows), index)
		if err != nil {
			return err
		}
		if _, err = column.WriteRowValues(w.values); err != nil {
			return err
		}
	}
	return nil
}

func (w *tableWriter) close() error { return w.file.Close() }
