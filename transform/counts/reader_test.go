package counts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas/reports"
	"m365lake/transform/transformtest"
)

func countReader(t *testing.T, name string) *Reader {
	t.Helper()
	report, ok := reports.CountsByName(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return &Reader{Tenant: transformtest.Tenant(t, "2026-11-20"), Report: report, Period: 7, File: name + "_D7.csv.zst"}
}

// number is what a row counts, where it stands for what is counted.
func number(row map[string]any, report *reports.CountReport) any {
	if report.Counted == "" {
		return row["users"]
	}
	if row["users"] != nil || row["counted"] != report.Counted {
		return nil
	}
	return row["amount"]
}

// testdata has the header of each report as it is delivered; every column must be known.
func TestCountsBindEveryColumn(t *testing.T) {
	for _, report := range reports.Counts() {
		delivered, err := os.ReadFile(filepath.Join("testdata", report.Name+".csv"))
		if err != nil {
			t.Error(err)
			continue
		}
		header := strings.TrimSpace(string(delivered))
		cells := strings.Split(header, ",")
		for i, name := range cells {
			switch name {
			case "Report Refresh Date":
				cells[i] = "2026-11-18"
			case "Report Date":
				cells[i] = "2026-11-17"
			case "Report Period":
				cells[i] = "7"
			default:
				cells[i] = "3"
			}
		}
		reader := countReader(t, report.Name)
		got := transformtest.MustCollect(t,
			reader.Batches(strings.NewReader("\xEF\xBB\xBF"+header+"\r\n"+strings.Join(cells, ",")+"\r\n")))["tenant_counts"]
		columns := 3 // that are no measures
		day := "2026-11-17"
		if report.Whole {
			columns, day = 2, "2026-11-18"
		}
		if len(got) != len(cells)-columns || len(got) != len(report.Measures) ||
			len(reader.Summary.MissingColumns) > 0 {
			t.Errorf("%s: %d rows of %d columns", report.Name, len(got), len(cells))
		}
		for _, row := range got {
			if row["report_date"] != day || row["as_of"] != "2026-11-18" || number(row, report) != 3.0 ||
				row["report_period"] != 7.0 ||
				row["report"] != report.Name {
				t.Errorf("%s: %v", report.Name, row)
			}
		}
	}
}

// Blank is unknown and makes no row; 0 is a number. Order, case and blanks of headers do not matter.
func TestCountsOfDays(t *testing.T) {
	reader := countReader(t, "email_activity_user_counts")
	got := transformtest.MustCollect(t, reader.Batches(strings.NewReader(
		"report date,Meeting  Created,READ,Send,Something New,Report Refresh Date\n"+
			"2026-11-18,,2,0,9,2026-11-18\n"+
			"2026-11-17T00:00:00Z,1,,,9,2026-11-18\n")))
	want := [][]any{
		{"2026-11-18", "exchange", "send", 0.0},
		{"2026-11-18", "exchange", "read", 2.0},
		{"2026-11-17", "exchange", "meeting_created", 1.0},
	}
	if diff := cmp.Diff(want, transformtest.Pick(got["tenant_counts"], "report_date", "app", "measure",
		"users")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Receive", "Meeting Interacted"}, reader.Summary.MissingColumns); diff != "" ||
		reader.Summary.Rows != 2 {
		t.Errorf("%d rows; %s", reader.Summary.Rows, diff)
	}
}

func TestCountsWithoutDays(t *testing.T) {
	reader := countReader(t, "yammer_activity_user_counts")
	if got := transformtest.MustCollect(t, reader.Batches(strings.NewReader("Report Refresh Date,Liked,Posted,Read,"+
		"Report Date,Report Period\n"))); len(
		got,
	) != 0 ||
		reader.Summary.Rows != 0 {
		t.Errorf("%v, %+v", got, reader.Summary)
	}
}

// A file with any fault gives no rows at all, and says which line is at fault.
func TestFaultyCounts(t *testing.T) {
	const header = "Report Refresh Date,Liked,Posted,Read,Report Date,Report Period\n"
	for text, want := range map[string]string{
		"":              "the file is empty",
		"<html>\n<p>\n": "the first line is not a header of report yammer_activity_user_counts",
		header + "2026-11-18,1,2,3,2026-11-18,7\n2026-11-18,1,2,3,2026-11-18,7\n": "line 3: 2026-11-18 has another row in " +
			"line 2",
		header + "2026-11-18,1,2,3,2026-11-18,7\n2026-11-17,1,2,3,2026-11-17,7\n": "line 3: Report Refresh Date is " +
			"2026-11-17, but 2026-11-18 before",
		header + "2026-11-18,1,2,3,2026-11-18,30\n":  `column "Report Period": "30" is not the period that was asked for, 7`,
		header + "2026-11-18,1,two,3,2026-11-18,7\n": `line 2, row 1, column "Posted": "two" is not a whole number`,
		header + "2026-11-18,1,2,3,,7\n":             `column "Report Date": "" is not a date`,
		header + ",1,2,3,2026-11-18,7\n":             `column "Report Refresh Date": "" is not a date`,
		header + "2126-11-18,1,2,3,2026-11-18,7\n":   "line 2: Report Refresh Date is 2126-11-18, after the day of the run",
		header + "2026-11-18,1,2\n":                  "the record has 3 fields, but the header 6",
		header + "2026-11-18,1,2,3,2026-11-18,7":     "the download broke off",
	} {
		got, err := transformtest.Collect(
			countReader(t, "yammer_activity_user_counts").Batches(strings.NewReader(text)),
		)
		if len(got) != 0 || !strings.Contains(transformtest.ErrorText(err), want) {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
}
