package schemas

import "github.com/parquet-go/parquet-go"

// ParquetSchema is the table's schema in lake files: every column optional, in the table's order.
func (t *Table) ParquetSchema() *parquet.Schema {
	group := parquet.Group{}
	for _, c := range t.Columns {
		group[c.Name] = parquet.Optional(c.Type.Parquet())
	}
	sorted := map[string]parquet.Field{}
	for _, f := range group.Fields() {
		sorted[f.Name()] = f
	}
	fields := make([]parquet.Field, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = sorted[c.Name]
	}
	return parquet.NewSchema(t.Name, orderedGroup{group, fields})
}

// orderedGroup is a parquet.Group that keeps the order of its fields; Group alone sorts them by
// name, and people open these files by hand.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func (g orderedGroup) Fields() []parquet.Field { return g.fields }
