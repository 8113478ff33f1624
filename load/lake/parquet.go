package lake

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"m365lake/schemas"
)

const (
	// RowGroupRows is as many rows as a row group of DuckDB has, so that one thread can take one.
	RowGroupRows = 122_880
	// Beyond it a column goes on without its dictionary: names and ids would only fill memory.
	dictionaryBytes = 1 << 20
	fastestZstd     = 1
	// SchemaHashKey is under which a file's metadata tell the hash of its table.
	SchemaHashKey = "m365lake.schema"
)

// A tableWriter writes the record batches of one table as one Parquet file.
type tableWriter struct {
	table *schemas.Table
	file  *pqarrow.FileWriter
	rows  int64 // in the file
}

// newTableWriter begins a file. It does not close out, which pqarrow would do if it knew how.
func newTableWriter(out io.Writer, table *schemas.Table) (*tableWriter, error) {
	file, err := pqarrow.NewFileWriter(
		table.ArrowSchema(),
		struct{ io.Writer }{out},
		fileProperties(table),
		pqarrow.DefaultWriterProps(),
	)
	if err != nil {
		return nil, err
	}
	return &tableWriter{table: table, file: file}, file.AppendKeyValueMetadata(SchemaHashKey, table.Hash())
}

// fileProperties are how the columns of a table are stored. Numbers are small or follow each other, so
// that their differences take least; texts and days repeat.
func fileProperties(table *schemas.Table) *parquet.WriterProperties {
	properties := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(fastestZstd),
		parquet.WithMaxRowGroupLength(RowGroupRows),
		parquet.WithDictionaryPageSizeLimit(dictionaryBytes),
	}
	for _, c := range table.Columns {
		switch c.Type.Arrow.ID() {
		case arrow.INT32, arrow.INT64:
			properties = append(properties, parquet.WithDictionaryFor(c.Name, false),
				parquet.WithEncodingFor(c.Name, parquet.Encodings.DeltaBinaryPacked))
		case arrow.FLOAT64, arrow.TIMESTAMP:
			properties = append(properties, parquet.WithDictionaryFor(c.Name, false))
		}
	}
	return parquet.NewWriterProperties(properties...)
}

func (w *tableWriter) write(batch arrow.RecordBatch) error {
	for i, column := range batch.Columns() {
		if err := checkTexts(column); err != nil {
			return fmt.Errorf("column %s: %w", w.table.Columns[i].Name, err)
		}
	}
	w.rows += batch.NumRows()
	return w.file.WriteBuffered(batch)
}

func (w *tableWriter) close() error { return w.file.Close() }

// checkTexts refuses invalid UTF-8: readers reject a whole Parquet file because of it, long after the
// data came. Most columns repeat their values for many rows, so each is compared with the one before.
func checkTexts(column arrow.Array) error {
	if list, ok := column.(*array.List); ok {
		column = list.ListValues()
	}
	texts, ok := column.(*array.String)
	if !ok {
		return nil
	}
	last := ""
	for i := range texts.Len() {
		if text := texts.Value(i); text != last {
			if !utf8.ValidString(text) {
				return fmt.Errorf("row %d: %q is not valid UTF-8", i+1, text)
			}
			last = text
		}
	}
	return nil
}
