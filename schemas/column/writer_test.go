package column

import (
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
)

// allTypes is a table with a column of each type.
var allTypes = schemas.Table{Name: "all_types", Columns: []schemas.Column{
	{Name: "text", Type: schemas.Text}, {Name: "list", Type: schemas.TextList}, {Name: "flag", Type: schemas.Boolean},
	{Name: "key", Type: schemas.Key}, {Name: "integer", Type: schemas.Integer}, {Name: "number", Type: schemas.Number},
	{Name: "day", Type: schemas.Date}, {Name: "at", Type: schemas.Timestamp},
}}

// dirtyAllocator gives memory that was used before, as allocators other than Go's do.
type dirtyAllocator struct{ memory.Allocator }

func (a dirtyAllocator) Allocate(size int) []byte {
	b := a.Allocator.Allocate(size)
	for i := range b {
		b[i] = 0xA5
	}
	return b
}

func testMemory(t *testing.T) memory.Allocator {
	t.Helper()
	mem := memory.NewCheckedAllocator(dirtyAllocator{memory.NewGoAllocator()})
	t.Cleanup(func() { mem.AssertSize(t, 0) })
	return mem
}

// rowsOf checks a batch as Arrow would and returns its rows as JSON; the batch is released.
func rowsOf(t *testing.T, batch schemas.Batch) string {
	t.Helper()
	defer batch.Rows.Release()
	if err := array.ValidateRecordFull(batch.Rows); err != nil {
		t.Fatal(err)
	}
	if !batch.Rows.Schema().Equal(batch.Table.ArrowSchema()) {
		t.Fatalf("schema %v", batch.Rows.Schema())
	}
	text, err := batch.Rows.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryType(t *testing.T) {
	w := NewWriter(&allTypes, testMemory(t), "p")
	text, list, flag, key := w.Text("text"), w.Texts("list"), w.Boolean("flag"), w.Key("key")
	integer, number, day, at := w.Integer("integer"), w.Number("number"), w.Date("day"), w.Timestamp("at")
	moment := time.Date(2026, 11, 25, 8, 0, 0, 5000, time.UTC)

	for range 2 { // a second batch owes nothing to the first
		list.Append([]string{"a", "b"})
		text.Append("x")
		flag.Append(true)
		key.Append(7)
		integer.Append(-1)
		number.Append(0.5)
		day.AppendDay(moment)
		at.AppendTime(moment)
		w.EndRow()
		w.EndRow() // all NULL
		text.AppendBytes(nil)
		list.Append(nil)
		flag.Append(false)
		at.AppendTime(time.Time{})
		day.AppendDay(time.Time{})
		w.EndRow()
		text.AppendFilled("")
		text.AppendPointer(nil)
		list.Begin()
		list.AppendItem([]byte("c"))
		at.AppendTimePointer(&moment)
		w.EndRow()
		w.EndRow()
		batch := w.Batch()
		if diff := cmp.Diff([]string{"p"}, batch.Partition); diff != "" || batch.Table != &allTypes {
			t.Error(diff)
		}
		want := `[{"at":"2026-11-25T08:00:00.000005Z","day":"2026-11-25","flag":true,"integer":-1,"key":7,"list":["a","b"],` +
			`"number":0.5,"text":"x"}
,{"at":null,"day":null,"flag":null,"integer":null,"key":null,"list":null,"number":null,"text":null}
,{"at":null,"day":null,"flag":false,"integer":null,"key":null,"list":[],"number":null,"text":""}
,{"at":"2026-11-25T08:00:00.000005Z","day":null,"flag":null,"integer":null,"key":null,"list":["c"],"number":null,` +
			`"text":null}
,{"at":null,"day":null,"flag":null,"integer":null,"key":null,"list":null,"number":null,"text":null}
]`
		if diff := cmp.Diff(want, rowsOf(t, batch)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff("[]", rowsOf(t, w.Batch())); diff != "" {
		t.Error(diff)
	}
}

func TestFill(t *testing.T) {
	w := NewWriter(&allTypes, testMemory(t))
	w.Text("text").Fill("tenant")
	w.Integer("integer").Fill(30)
	integer := w.Key("key")
	for n := range 3 {
		for range n {
			w.EndRow()
		}
		integer.Append(1)
		w.EndRow()
		batch := w.Batch()
		texts, numbers := batch.Rows.Column(0).(*array.String), batch.Rows.Column(4).(*array.Int64)
		if texts.Len() != n+1 || texts.NullN()+numbers.NullN() != 0 || texts.Value(n) != "tenant" ||
			numbers.Value(n) != 30 {
			t.Errorf("%v", batch.Rows)
		}
		batch.Rows.Release()
	}
}

// More rows than there was room for, and a batch that somebody keeps while the next one is made.
func TestManyRows(t *testing.T) {
	w := NewWriter(&allTypes, testMemory(t))
	w.Expect(10)
	text, integer, flag := w.Text("text"), w.Integer("integer"), w.Boolean("flag")
	var kept []arrow.RecordBatch
	for range 2 {
		for i := range 1000 {
			if i%3 == 0 {
				text.Append(strings.Repeat("x", i%7))
				integer.Append(int64(i))
				flag.Append(i%2 == 0)
			}
			w.EndRow()
		}
		kept = append(kept, w.Batch().Rows)
	}
	for _, rows := range kept {
		if err := array.ValidateRecordFull(rows); err != nil {
			t.Fatal(err)
		}
		for i := range 1000 {
			texts, flags := rows.Column(0).(*array.String), rows.Column(2).(*array.Boolean)
			numbers := rows.Column(4).(*array.Int64)
			if texts.IsValid(i) != (i%3 == 0) || numbers.IsValid(i) != (i%3 == 0) || flags.IsValid(i) != (i%3 == 0) {
				t.Fatalf("row %d: NULL or not", i)
			}
			if i%3 == 0 &&
				(len(texts.Value(i)) != i%7 || numbers.Value(i) != int64(i) || flags.Value(i) != (i%2 == 0)) {
				t.Fatalf("row %d: %q, %d, %t", i, texts.Value(i), numbers.Value(i), flags.Value(i))
			}
		}
		rows.Release()
	}
}

// A copied row is the same in every type, but for the column that is left out.
func TestCopyRow(t *testing.T) {
	mem := testMemory(t)
	from := NewWriter(&allTypes, mem)
	from.Text("text").Append("x")
	from.Texts("list").Append([]string{"a", "b"})
	from.Boolean("flag").Append(true)
	from.Key("key").Append(7)
	from.Integer("integer").Append(8)
	from.Number("number").Append(9.5)
	from.Date("day").Append(20000)
	from.Timestamp("at").Append(1)
	from.EndRow()
	from.EndRow()
	batch := from.Batch()

	to := NewWriter(&allTypes, mem)
	for i := range 2 {
		if err := to.CopyRow(batch.Rows, i, allTypes.Column("key")); err != nil {
			t.Fatal(err)
		}
		to.Key("key").Append(int32(i))
		to.EndRow()
	}
	want := strings.Replace(rowsOf(t, batch), `"key":7`, `"key":0`, 1)
	want = want[:strings.LastIndex(want, `"key":null`)] + strings.Replace(
		want[strings.LastIndex(want, `"key":null`):],
		"null",
		"1",
		1,
	)
	if diff := cmp.Diff(want, rowsOf(t, to.Batch())); diff != "" {
		t.Error(diff)
	}

	wrong := NewWriter(&schemas.Table{Name: "wrong", Columns: allTypes.Columns[1:]}, mem)
	texts := NewWriter(&allTypes, mem)
	texts.Text("text").Append("x")
	texts.EndRow()
	other := texts.Batch()
	defer other.Rows.Release()
	for c := range wrong.columns {
		if err := wrong.CopyValue(c, other.Rows.Column(0), 0); err == nil ||
			!strings.Contains(err.Error(), "cannot carry over a utf8") {
			t.Errorf("column %d: %v", c, err)
		}
	}
}

// What is wrong with the program is found when the writer is set up, or with the first row.
func TestMistakesPanic(t *testing.T) {
	w := NewWriter(&allTypes, memory.DefaultAllocator)
	for want, mistake := range map[string]func(){
		"no column txt":                      func() { w.Text("txt") },
		"all_types.key is a key":             func() { w.Integer("key") },
		"all_types.list is a text list":      func() { w.Text("list") },
		"all_types.text is a text":           func() { w.Texts("text") },
		"all_types.day is a date":            func() { w.Timestamp("day") },
		"all_types.flag gets a second value": func() { w.Boolean("flag").Append(true); w.Boolean("flag").Append(true) },
		"all_types.text gets a second value": func() { w.Text("text").Append("a"); w.Text("text").Append("b") },
		"no appender makes a blob": func() {
			blob := schemas.Type{Name: "blob", Arrow: arrow.BinaryTypes.Binary}
			NewWriter(&schemas.Table{Columns: []schemas.Column{{Type: blob}}}, memory.DefaultAllocator)
		},
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("panics with %q, want %q", got, want)
				}
			}()
			mistake()
		}()
	}
}
