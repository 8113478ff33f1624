package report

import (
	"bytes"
	stdcsv "encoding/csv"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas/column"
	"m365lake/schemas/reports"
	"m365lake/transform/csv"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// deliveredTeamsHeader is the header of the Teams report as delivered, not as documented
// (reference: graph-reports, 1.5).
const deliveredTeamsHeader = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted " +
	"Date,Assigned " +
	"Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Meetings " +
	"Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended " +
	"Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended " +
	"Count,Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended " +
	"Count,Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration " +
	"In Seconds,Screen Share Duration In Seconds,Has Other Action,Urgent Messages,Post Messages,Tenant " +
	"Display Name,Shared Channel Tenant Display Names,Reply Messages,Is Licensed,Report Period\r\n"

const benchRows = 200_000

// teamsReport is a Teams report of benchRows users, three out of ten of whom were never active.
func teamsReport() []byte {
	var b bytes.Buffer
	b.WriteString("\xEF\xBB\xBF" + deliveredTeamsHeader)
	for i := range benchRows {
		day, n := fmt.Sprintf("2026-08-%02d", 1+i%28), i%97
		if i%10 < 3 {
			day, n = "", 0
		}
		fmt.Fprintf(
			&b,
			"2026-08-29,%08x-5a5a-4b4b-8c8c-%012x,person%d@contoso.onmicrosoft.com,%s,False,,MICROSOFT 365 E5+ENTERPRISE "+
				"MOBILITY + SECURITY E5+POWER BI (FREE),"+
				"%d,%d,%d,%d,%d,%d,0,%d,0,%d,%d,0,PT%dM,PT0S,PT%dM,%d,0,%d,No,0,%d,CONTOSO,,%d,Yes,7\r\n",
			i,
			i*7,
			i,
			day,
			n,
			n*3,
			n/7,
			n/5,
			n/9,
			n/5,
			n/11,
			n/13,
			n/8,
			n,
			n/2,
			n*60,
			n*30,
			n/3,
			n-n/3,
		)
	}
	return b.Bytes()
}

func benchUsers() *userindex.Index {
	names := make([]string, benchRows)
	for i := range names {
		names[i] = fmt.Sprintf("person%d@contoso.onmicrosoft.com", i)
	}
	return transformtest.UserIndexOf(names...)
}

func BenchmarkReport(b *testing.B) { benchmarkReport(b, benchUsers()) }

// BenchmarkReportNoUsers leaves out the look-up of user_key, most of which is waiting for memory.
func BenchmarkReportNoUsers(b *testing.B) { benchmarkReport(b, nil) }

func benchmarkReport(b *testing.B, users *userindex.Index) {
	file := teamsReport()
	req := Request{
		TenantID: "11111111-2222-3333-4444-555555555555",
		Report:   reports.TeamsUserActivityDetail,
		Period:   7,
		File:     "bench.csv",
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		var rows int64
		for batch, err := range NewReader(bytes.NewReader(file), req, users, memory.DefaultAllocator).Batches() {
			if err != nil {
				b.Fatal(err)
			}
			rows += batch.NumRows()
		}
		if rows != benchRows {
			b.Fatal(rows)
		}
	}
	reportRows(b)
}

// BenchmarkReportScan is the splitting alone.
func BenchmarkReportScan(b *testing.B) {
	file := teamsReport()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		for s := csv.NewScanner(bytes.NewReader(file), csv.BufferSize); ; {
			if err := s.Scan(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	reportRows(b)
}

// BenchmarkReportEncodingCSV does the least that a reader on encoding/csv would have to do: the
// same columns, but neither users nor checks of the rows.
func BenchmarkReportEncodingCSV(b *testing.B) {
	file := teamsReport()
	table := &reports.TeamsUserActivityDetail.Table
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		reader := stdcsv.NewReader(bytes.NewReader(file[3:]))
		reader.ReuseRecord = true
		names, err := reader.Read()
		if err != nil {
			b.Fatal(err)
		}
		header := bindHeader(table, append([]string(nil), names...))
		out := column.NewWriter(table, memory.DefaultAllocator)
		out.Expect(column.BatchRows)
		columns := make([]cellColumn, len(table.Columns))
		for i, c := range table.Columns {
			if header.columns[i] >= 0 {
				columns[i] = newCellColumn(out, c)
			}
		}
		for more := true; more; {
			for more && !out.Full() {
				record, err := reader.Read()
				if errors.Is(err, io.EOF) {
					more = false
					break
				} else if err != nil {
					b.Fatal(err)
				}
				for i, c := range columns {
					if c == nil || record[header.columns[i]] == "" {
						continue
					}
					if c.addCell([]byte(record[header.columns[i]])) != "" {
						b.Fatal(record)
					}
				}
				out.EndRow()
			}
			out.Batch().Rows.Release()
		}
	}
	reportRows(b)
}

func reportRows(b *testing.B) {
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
