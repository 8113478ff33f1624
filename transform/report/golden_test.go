package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"m365lake/schemas/reports"
	"m365lake/transform/csv"
	"m365lake/transform/transformtest"
)

var updateGolden = flag.Bool("update", false, "rewrite the expected results in testdata/reports")

// goldenUsers are the people whom the reports in testdata may find, with the keys 1, 2, 3.
var goldenUsers = transformtest.UserIndexOf(
	"Megan.Bowen@contoso.com",
	"jürgen.müller@contoso.com",
	"alex.wilber@contoso.com",
)

// TestReportsGolden reads every testdata/reports/<report>/<case>/input.csv, which must give either
// expected.json or the error in error.txt, however the bytes arrive.
func TestReportsGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/reports/*/*/input.csv")
	if err != nil || len(inputs) == 0 {
		t.Fatal("no cases", err)
	}
	for _, input := range inputs {
		folder := filepath.Dir(input)
		name := filepath.Base(filepath.Dir(folder))
		t.Run(name+"/"+filepath.Base(folder), func(t *testing.T) {
			report, ok := reports.ByName(name)
			if !ok {
				t.Fatalf("unknown report %s", name)
			}
			file, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			got, err := goldenResult(t, bytes.NewReader(file), report, csv.BufferSize)
			if *updateGolden {
				writeGolden(t, folder, got, err)
			}
			checkGolden(t, folder, got, err)

			slow := map[string]struct {
				r      io.Reader
				buffer int
			}{
				"one byte at a time":       {iotest.OneByteReader(bytes.NewReader(file)), csv.BufferSize},
				"half, with a tiny buffer": {iotest.HalfReader(bytes.NewReader(file)), 1},
				"data with EOF":            {iotest.DataErrReader(bytes.NewReader(file)), 64},
			}
			for how, s := range slow {
				again, againErr := goldenResult(t, s.r, report, s.buffer)
				if diff := cmp.Diff(got, again); diff != "" ||
					transformtest.ErrorText(err) != transformtest.ErrorText(againErr) {
					t.Errorf("%s: another result\n%s%v", how, diff, againErr)
				}
			}
		})
	}
}

func checkGolden(t *testing.T, folder, got string, err error) {
	t.Helper()
	if err != nil {
		want, readErr := os.ReadFile(filepath.Join(folder, "error.txt"))
		if readErr != nil {
			t.Fatalf("error %v; %v", err, readErr)
		}
		if diff := cmp.Diff(string(want), err.Error()+"\n"); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
		if strings.Contains(err.Error(), "\n") {
			t.Error("the error has more than one line")
		}
		return
	}
	want, readErr := os.ReadFile(filepath.Join(folder, "expected.json"))
	if readErr != nil {
		t.Fatal(readErr)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

func writeGolden(t *testing.T, folder, got string, err error) {
	t.Helper()
	write, remove, text := "expected.json", "error.txt", got
	if err != nil {
		write, remove, text = remove, write, err.Error()+"\n"
	}
	if err := os.WriteFile(filepath.Join(folder, write), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, remove)); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

// goldenResult reads a report and returns its summary and rows as JSON.
func goldenResult(t *testing.T, r io.Reader, report *reports.Report, bufferSize int) (string, error) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	reader := NewReader(r, Request{
		TenantID: "tenant-1", Report: report, Period: report.Asked(7), File: report.Name + report.Asked(7).Suffix() +
			".csv.zst",
	}, goldenUsers, mem)
	reader.scanner = csv.NewScanner(r, bufferSize)

	var rows []json.RawMessage
	for batch, err := range reader.Batches() {
		if err != nil {
			return "", err
		}
		if !batch.Schema().Equal(report.Table.ArrowSchema()) {
			t.Fatalf("schema %v, want %v", batch.Schema(), report.Table.ArrowSchema())
		}
		for i, column := range batch.Columns() {
			if err := array.ValidateFull(column); err != nil {
				t.Fatalf("column %s: %v", batch.ColumnName(i), err)
			}
		}
		for row := range int(batch.NumRows()) {
			rows = append(rows, rowJSON(t, batch, row))
		}
	}
	s := reader.Summary()
	summary := struct {
		Rows, Unmatched int64
		ReportDate      string `json:",omitempty"`
		Concealed       bool
		UnknownColumns  []string
		MissingColumns  []string
		Repeated        int64
	}{s.Rows, s.Unmatched, "", s.Concealed, s.UnknownColumns, s.MissingColumns, s.Repeated}
	if s.Rows > 0 {
		summary.ReportDate = s.ReportDate.FormattedString()
	}
	text, err := json.MarshalIndent(map[string]any{"summary": summary, "rows": rows}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n", nil
}

// rowJSON is a row as a JSON object, NULLs included, in the order of the table.
func rowJSON(t *testing.T, batch arrow.RecordBatch, row int) json.RawMessage {
	t.Helper()
	b := []byte{'{'}
	for i, field := range batch.Schema().Fields() {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(field.Name)
		if err != nil {
			t.Fatal(err)
		}
		value, err := json.Marshal(batch.Column(i).GetOneForMarshal(row))
		if err != nil {
			t.Fatal(err)
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}')
}
