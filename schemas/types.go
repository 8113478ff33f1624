package schemas

import "github.com/apache/arrow-go/v18/arrow"

// A Type is one row of the type table: what a value is called in Arrow and DuckDB. In Parquet it is what
// the Arrow type becomes there. Nothing about a type is written anywhere else; the contract test of the
// warehouse holds the three to each other.
type Type struct {
	Name   string         // as the data dictionary shows it
	Arrow  arrow.DataType // in record batches
	DuckDB string         // in the warehouse
}

// The types of all columns. Counts and byte sizes are Integer; Key is only for user_key, which is
// small on purpose (a 36-character id would be four fifths of a fact table's size).
var (
	Text      = Type{"text", arrow.BinaryTypes.String, "VARCHAR"}
	TextList  = Type{"text list", arrow.ListOf(arrow.BinaryTypes.String), "VARCHAR[]"}
	Boolean   = Type{"boolean", arrow.FixedWidthTypes.Boolean, "BOOLEAN"}
	Date      = Type{"date", arrow.FixedWidthTypes.Date32, "DATE"}
	Timestamp = Type{"timestamp (UTC)", &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, "TIMESTAMPTZ"}
	Key       = Type{"key", arrow.PrimitiveTypes.Int32, "INTEGER"}
	Integer   = Type{"integer", arrow.PrimitiveTypes.Int64, "BIGINT"}
	Number    = Type{"number", arrow.PrimitiveTypes.Float64, "DOUBLE"}
)
