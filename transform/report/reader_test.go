package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/schemas/reports"
	"m365lake/transform/csv"
	"m365lake/transform/transformtest"
)

var teamsRequest = Request{TenantID: "tenant-1", Report: reports.TeamsUserActivityDetail, Period: 7, File: "teams.csv"}

// dirtyAllocator gives memory that was used before, as allocators other than Go's do.
type dirtyAllocator struct{ memory.Allocator }

func (a dirtyAllocator) Allocate(size int) []byte {
	b := a.Allocator.Allocate(size)
	for i := range b {
		b[i] = 0xA5
	}
	return b
}

// smallReport has only the columns that a report cannot do without, and the given lines.
func smallReport(lines ...string) string {
	return "Report Refresh Date,User Principal Name,Call Count,Assigned Products,Is Licensed\n" + strings.Join(
		lines,
		"\n",
	) + "\n"
}

func numberedRows(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("2026-08-29,person%d@contoso.com,%d,A+B %d,Yes", i, i, i)
	}
	return lines
}

func TestReportInSeveralBatches(t *testing.T) {
	const rows = 3*column.BatchRows + 5
	mem := memory.NewCheckedAllocator(dirtyAllocator{memory.NewGoAllocator()})
	defer mem.AssertSize(t, 0)
	users := transformtest.UserIndexOf("PERSON2@contoso.com", "person40000@contoso.com")
	reader := NewReader(strings.NewReader(smallReport(numberedRows(rows)...)), teamsRequest, users, mem)
	table := &reports.TeamsUserActivityDetail.Table

	var row int64
	var sizes []int64
	var kept arrow.RecordBatch
	for batch, err := range reader.Batches() {
		if err != nil {
			t.Fatal(err)
		}
		if err := array.ValidateRecordFull(batch); err != nil {
			t.Fatal(err)
		}
		if kept == nil {
			kept = batch
			kept.Retain()
		}
		names := batch.Column(table.Column("user_principal_name")).(*array.String)
		calls := batch.Column(table.Column("call_count")).(*array.Int64)
		keys := batch.Column(table.Column("user_key")).(*array.Int32)
		lists := batch.Column(table.Column("assigned_product_list")).(*array.List)
		items := lists.ListValues().(*array.String)
		for i := range int(batch.NumRows()) {
			from, _ := lists.ValueOffsets(i)
			if names.Value(i) != fmt.Sprintf("person%d@contoso.com", row) || calls.Value(i) != row ||
				items.Value(int(from)+1) != fmt.Sprintf("B %d", row) {
				t.Fatalf("row %d: %s, %d, %s", row, names.Value(i), calls.Value(i), items.Value(int(from)+1))
			}
			if known := row == 2 || row == 40000; keys.IsValid(i) != known {
				t.Errorf("row %d: key %t", row, keys.IsValid(i))
			}
			row++
		}
		for _, missing := range []string{"user_id", "is_deleted", "last_activity_date", "meeting_count", "extra"} {
			if column := batch.Column(table.Column(missing)); column.NullN() != int(batch.NumRows()) {
				t.Errorf("%s: %d NULLs in %d rows", missing, column.NullN(), batch.NumRows())
			}
		}
		sizes = append(sizes, batch.NumRows())
	}
	if diff := cmp.Diff([]int64{column.BatchRows, column.BatchRows, column.BatchRows, 5}, sizes); diff != "" {
		t.Error(diff)
	}
	if got := reader.Summary(); got.Rows != rows || got.Unmatched != rows-2 || got.Concealed ||
		len(got.MissingColumns) != 27 {
		t.Errorf("summary %+v", got)
	}
	// A batch somebody retains stays what it was.
	if got := kept.Column(table.Column("call_count")).(*array.Int64).Value(7); got != 7 {
		t.Errorf("retained batch now says %d", got)
	}
	kept.Release()
}

func TestReportStopsEarly(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	text := smallReport(numberedRows(3 * column.BatchRows)...)
	reader := NewReader(strings.NewReader(text), teamsRequest, nil, mem)
	for range reader.Batches() {
		break
	}
	for _, err := range reader.Batches() {
		if err == nil || !strings.Contains(err.Error(), "once") {
			t.Errorf("the second reading gave %v", err)
		}
	}

	broken := errors.New("connection reset")
	source := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
	var batches int
	var last error
	for batch, err := range NewReader(source, teamsRequest, nil, mem).Batches() {
		if last = err; err == nil {
			batches += int(batch.NumRows() / column.BatchRows)
		}
	}
	if want := fmt.Sprintf("teams.csv: line %d: connection reset; run sync --fresh to fetch it again", 3*column.BatchRows+
		2); batches != 3 ||
		transformtest.ErrorText(last) != want ||
		!errors.Is(last, broken) {
		t.Errorf("%d batches, then %v", batches, last)
	}
}

func TestReportLongRecords(t *testing.T) {
	const rows = 150
	lines := numberedRows(rows)
	for i := range lines {
		lines[i] = strings.Replace(lines[i], "A+B", strings.Repeat("x", csv.MaxRecord/2)+"+B", 1)
	}
	var batches, got int64
	small := strings.NewReader(smallReport(lines...))
	for batch, err := range NewReader(small, teamsRequest, nil, memory.NewGoAllocator()).Batches() {
		if err != nil {
			t.Fatal(err)
		}
		batches, got = batches+1, got+batch.NumRows()
	}
	if got != rows || batches != 3 {
		t.Errorf("%d rows in %d batches", got, batches)
	}

	// More than a batch of nothing but repeated rows.
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	for i := range lines {
		lines[i] = lines[0]
	}
	reader := NewReader(strings.NewReader(smallReport(lines...)), teamsRequest, nil, mem)
	for _, err := range reader.Batches() {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := reader.Summary(); got.Rows != 1 || got.Repeated != rows-1 {
		t.Errorf("summary %+v", got)
	}
}

// A report can be from the day after the run's, whose zone may be behind, and from no later one.
func TestReportsOfTheFuture(t *testing.T) {
	request := teamsRequest
	request.RunDay = time.Date(2026, 8, 29, 0, 0, 0, 0, time.UTC)
	for date, believed := range map[string]bool{
		"2026-08-28": true, "2026-08-29": true, "2026-08-30": true, "2026-08-31": false, "2126-08-29": false,
	} {
		var err error
		small := strings.NewReader(smallReport(date + ",a@contoso.com,1,,"))
		for _, e := range NewReader(small, request, nil, memory.NewGoAllocator()).Batches() {
			err = e
		}
		if believed != (err == nil) {
			t.Errorf("%s: %v", date, err)
		}
		want := "line 2: Report Refresh Date is " + date + ", after the day of the run, 2026-08-29: such a report is not " +
			"believed"
		if !believed && !strings.Contains(err.Error(), want) {
			t.Error(err)
		}
	}
}

func TestReportErrorsAreTyped(t *testing.T) {
	read := func(lines ...string) error {
		small := strings.NewReader(smallReport(lines...))
		for _, err := range NewReader(small, teamsRequest, nil, memory.NewGoAllocator()).Batches() {
			return err
		}
		return nil
	}
	var cell *CellError
	value := strings.Repeat("ä", 100)
	if err := read("2026-08-29,a@contoso.com," + value + ",,"); !errors.As(err, &cell) || cell.Column != "Call Count" ||
		cell.Line != 2 ||
		cell.Row != 1 ||
		cell.Value != value ||
		!strings.Contains(err.Error(), `"`+strings.Repeat("ä", 80)+`"...`) ||
		strings.Contains(err.Error(), strings.Repeat("ä", 81)) {
		t.Errorf("got %v", err)
	}
	var report *Error
	if err := read("2026-08-29,a@contoso.com,1,,", "2026-08-29,a@contoso.com,2,,"); !errors.As(err, &report) ||
		report.Line != 3 {
		t.Errorf("got %v", err)
	}
}

// TestReportColumnTypes reads the types that today's reports have no column of.
func TestReportColumnTypes(t *testing.T) {
	report := *reports.TeamsUserActivityDetail
	report.Table.Columns = append([]schemas.Column{
		{Name: "share", Type: schemas.Number, Header: "Share"},
		{Name: "at", Type: schemas.Timestamp, Header: "At"},
	}, report.Table.Columns...)
	req := teamsRequest
	req.Report = &report
	mem := memory.NewCheckedAllocator(dirtyAllocator{memory.NewGoAllocator()})
	defer mem.AssertSize(t, 0)
	text := "Report Refresh Date,User Principal Name,Share,At\n2026-08-29,a,12.5,2026-08-29T10:00:00.5Z\n2026-08-29,b,," +
		"\n2026-08-29,c,-1e3,1970-01-01T00:00:00+01:00\n"
	for batch, err := range NewReader(strings.NewReader(text), req, nil, mem).Batches() {
		if err != nil {
			t.Fatal(err)
		}
		share, at := batch.Column(0).(*array.Float64), batch.Column(1).(*array.Timestamp)
		if share.Value(0) != 12.5 || share.IsValid(1) || share.Value(2) != -1000 {
			t.Errorf("numbers %v", share)
		}
		if at.Value(0) != 1787997600500000 || at.IsValid(1) || at.Value(2) != -3600000000 {
			t.Errorf("times %v", at)
		}
	}
}

func TestReportsBindEveryColumn(t *testing.T) {
	for _, report := range reports.All() {
		rows := column.NewWriter(&report.Table, memory.DefaultAllocator)
		for _, c := range report.Table.Columns {
			if c.Header != "" {
				newCellColumn(rows, c)
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a key was taken for a cell")
		}
	}()
	newCellColumn(
		column.NewWriter(&schemas.Users, memory.DefaultAllocator),
		schemas.Column{Name: "user_key", Type: schemas.Key},
	)
}

func TestSeenRows(t *testing.T) {
	seen := newSeenRows()
	record := func(i, j int) []byte { return fmt.Appendf(nil, "person%d,%d", i, j) }
	const people = 10_000
	for i := range people {
		if before, _ := seen.Remember(fmt.Appendf(nil, "person%d", i), record(i, 0), int64(i)+2); before != 0 {
			t.Fatalf("person %d was seen in line %d", i, before)
		}
	}
	for i := range people {
		before, same := seen.Remember(fmt.Appendf(nil, "person%d", i), record(i, i%2), math.MaxInt32)
		if before != int64(i)+2 || same != (i%2 == 0) {
			t.Fatalf("person %d: line %d, same %t", i, before, same)
		}
	}
}

// TestReportAllocates makes sure that rows cost no allocations but those of the batches.
func TestReportAllocates(t *testing.T) {
	text := []byte(strings.Replace(smallReport(numberedRows(2*column.BatchRows)...), "Call Count", "Unknown", 1))
	users := transformtest.UserIndexOf("person2@contoso.com")
	allocations := testing.AllocsPerRun(2, func() {
		for _, err := range NewReader(bytes.NewReader(text), teamsRequest, users, memory.DefaultAllocator).Batches() {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocations > 2000 {
		t.Errorf("%v allocations for %d rows", allocations, 2*column.BatchRows)
	}
}
