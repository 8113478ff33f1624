package schemas

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/parquet-go/parquet-go"
)

// A Type is one row of the type table: what a value is called in Arrow, Parquet and DuckDB.
// Nothing about a type is written anywhere else; the contract test holds the three to each other.
type Type struct {
	Name    string         // as the data dictionary shows it
	Arrow   arrow.DataType // in record batches
	DuckDB  string         // in the warehouse
	Parquet func() parquet.Node
}

// The types of all columns. Counts and byte sizes are Integer; Key is only for user_key, which is
// small on purpose (a 36-character id would be four fifths of a fact table's size).
var (
	Text = Type{"text", arrow.BinaryTypes.String, "VARCHAR", func() parquet.Node {
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}}
	TextList = Type{"text list", arrow.ListOf(arrow.BinaryTypes.String), "VARCHAR[]", func() parquet.Node {
		return parquet.List(parquet.Optional(parquet.String()))
	}}
	Boolean = Type{"boolean", arrow.FixedWidthTypes.Boolean, "BOOLEAN", func() parquet.Node {
		return parquet.Leaf(parquet.BooleanType)
	}}
	Date = Type{"date", arrow.FixedWidthTypes.Date32, "DATE", func() parquet.Node {
		return parquet.Encoded(parquet.Date(), &parquet.RLEDictionary)
	}}
	Timestamp = Type{"timestamp (UTC)", &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, "TIMESTAMPTZ", func() parquet.Node {
		return parquet.Timestamp(parquet.Microsecond)
	}}
	Key = Type{"key", arrow.PrimitiveTypes.Int32, "INTEGER", func() parquet.Node {
		return parquet.Encoded(parquet.Int(32), &parquet.DeltaBinaryPacked)
	}}
	Integer = Type{"integer", arrow.PrimitiveTypes.Int64, "BIGINT", func() parquet.Node {
		return parquet.Encoded(parquet.Int(64), &parquet.DeltaBinaryPacked)
	}}
	Number = Type{"number", arrow.PrimitiveTypes.Float64, "DOUBLE", func() parquet.Node {
		return parquet.Leaf(parquet.DoubleType)
	}}
)
