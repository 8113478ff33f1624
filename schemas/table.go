// Package schemas says what a table is, and describes every table but those of the usage reports, which
// are in schemas/reports. One Go value gives the Arrow schema, the Parquet schema, the DDL and the data
// dictionary, so that none of them can drift from the others. Package schemas/catalog has all tables.
package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// A Column is one column of a Table.
type Column struct {
	Name      string
	Type      Type
	Header    string // the CSV header Microsoft uses, for columns of a usage report
	Doc       string // what an analyst must know, unit included
	Required  bool   // never NULL; checked by DuckDB, because Arrow reads a NULL in a non-nullable field as 0
	Sometimes bool   // Microsoft does not always send it, so that its absence is nothing to tell
	// Discloses is what the values tell about people, where that is not what DisclosureOf says of the name.
	Discloses Disclosure
}

// A Table is the one description of a table, in the lake and in the warehouse.
type Table struct {
	Name    string
	Doc     string
	Columns []Column
	// Key names the columns that identify a row. It is a check, not a DuckDB primary key: those
	// make a load five times slower.
	Key []string
	// Partition names the columns, after tenant_id, whose values make the folder of a lake file.
	// All rows of one file share them. Empty means that the tenant has one file, replaced whole.
	Partition []string
	// Lasting says that what a row is about outlives the people it names, as a site outlives its owner:
	// forgetting a person empties the columns about that person and leaves the row.
	Lasting bool
	// RollupOf is the table of days from which the warehouse makes this one. It has no lake files.
	RollupOf *Table
}

// Column returns the index of the named column. It panics when there is none: the names are
// constants of this program, and a misspelt one must not wait for a user to find it.
func (t *Table) Column(name string) int {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("schemas: table %s has no column %s", t.Name, name))
	}
	return i
}

// HasColumn reports whether the table has a column of that name.
func (t *Table) HasColumn(name string) bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// ArrowSchema is the table's schema in record batches. Every field is nullable.
func (t *Table) ArrowSchema() *arrow.Schema {
	fields := make([]arrow.Field, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow, Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

// Hash identifies the shape of the table. Documentation does not count: a better sentence must
// not make anybody rebuild a warehouse.
func (t *Table) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\n", t.Name, strings.Join(t.Key, ","), strings.Join(t.Partition, ","))
	for _, c := range t.Columns {
		fmt.Fprintf(h, "%s\x00%s\x00%t\n", c.Name, c.Type.DuckDB, c.Required)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TenantID stands first in every table.
var TenantID = Column{Name: "tenant_id", Type: Text, Required: true, Doc: "Entra tenant (directory) id."}

// userKey stands in every table about people.
var userKey = Column{Name: "user_key", Type: Key, Required: true,
	Doc: "Small number of the user within the tenant; join users on tenant_id and user_key. Never reused."}
