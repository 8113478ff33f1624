// Package transformtest has what the tests of several packages of transform need: a tenant, batches read
// back as rows, stored rows of an earlier run, streams that fail, and an index of users.
package transformtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/uuid"

	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/userindex"
)

// TenantID is the tenant of the tests.
const TenantID = "11111111-1111-4111-8111-111111111111"

// Tables are rows by table name, each row as JSON would have it.
type Tables map[string][]map[string]any

// Tenant is a tenant whose Arrow memory is counted.
func Tenant(t *testing.T, day string) transform.Tenant {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	t.Cleanup(func() { mem.AssertSize(t, 0) })
	parsed, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return transform.Tenant{ID: TenantID, Name: "test", Day: parsed, Mem: mem}
}

// Collect reads a stream of batches to its end.
func Collect(batches iter.Seq2[schemas.Batch, error]) (Tables, error) {
	all := Tables{}
	for b, err := range batches {
		if err != nil {
			return all, err
		}
		rows, err := jsonRows(b.Rows)
		if err != nil {
			return all, err
		}
		all[b.Table.Name] = append(all[b.Table.Name], rows...)
	}
	return all, nil
}

// MustCollect is Collect for batches that must not fail: an error ends the test.
func MustCollect(t *testing.T, batches iter.Seq2[schemas.Batch, error]) Tables {
	t.Helper()
	all, err := Collect(batches)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func jsonRows(rows arrow.RecordBatch) ([]map[string]any, error) {
	text, err := rows.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var list []map[string]any
	return list, json.Unmarshal(text, &list)
}

// Pick keeps the named columns, so that a test says only what it is about.
func Pick(rows []map[string]any, columns ...string) [][]any {
	var picked [][]any
	for _, row := range rows {
		var values []any
		for _, c := range columns {
			values = append(values, row[c])
		}
		picked = append(picked, values)
	}
	return picked
}

// AsPrevious makes the table users of one run the previous table of the next.
func AsPrevious(t *testing.T, rows []map[string]any) transform.Previous {
	t.Helper()
	return AsStored(t, &schemas.Users, rows)
}

// AsStored streams rows as the lake would: nothing when the table has no file yet.
func AsStored(t *testing.T, table *schemas.Table, rows []map[string]any) transform.Previous {
	t.Helper()
	if rows == nil {
		return NobodyBefore
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	record, _, err := array.RecordFromJSON(memory.DefaultAllocator, table.ArrowSchema(), bytesReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return func() iter.Seq2[arrow.RecordBatch, error] {
		return func(yield func(arrow.RecordBatch, error) bool) { yield(record, nil) }
	}
}

// NobodyBefore are the users of earlier runs when there was none.
func NobodyBefore() iter.Seq2[arrow.RecordBatch, error] {
	return func(func(arrow.RecordBatch, error) bool) {}
}

// Unreadable are users of earlier runs that cannot be read.
func Unreadable() iter.Seq2[arrow.RecordBatch, error] {
	return func(yield func(arrow.RecordBatch, error) bool) { yield(nil, errors.New("unreadable")) }
}

// UserIndexOf is an index in which the names have the keys 1, 2 and so on.
func UserIndexOf(names ...string) *userindex.Index {
	x := userindex.New()
	for i, name := range names {
		id := uuid.UUID{byte(i), byte(i >> 8), byte(i >> 16), 1}
		if _, _, err := x.See(id.String(), name, nil, time.Time{}); err != nil {
			panic(err)
		}
	}
	return x
}

// ErrorText is the error's text, empty for nil.
func ErrorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func bytesReader(text []byte) io.Reader { return bytes.NewReader(text) }

// Page is one page of a listing as Graph sends it, with these objects in JSON.
func Page(values ...string) string {
	return `{"@odata.context":"x","value":[` + strings.Join(values, ",") + `]}` + "\n"
}

// Some products and people.
const (
	Anna  = `"id":"aaaaaaaa-0000-4000-8000-000000000001"`
	Bert  = `"id":"bbbbbbbb-0000-4000-8000-000000000002"`
	Chloe = `"id":"cccccccc-0000-4000-8000-000000000003"`

	SkuE3      = "05e9a617-0261-4cee-bb44-138d3ef5d965"
	PlanTeams  = "57ff2da0-773e-42df-b2af-ffb7a2317929"
	PlanOffice = "43de0ff5-c92c-492b-9116-175376d08c38"
)
