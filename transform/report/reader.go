// Package report reads one usage report of Microsoft's into batches of its table, checks its rows, and refuses
// a report that must not replace what is stored (believe.go). Package pipeline/verdict then judges the report
// as a whole: that becomes its row of report_status.
package report

import (
	"errors"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/go-json-experiment/json/jsontext"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/schemas/reports"
	"m365lake/transform/csv"
	"m365lake/transform/userindex"
)

// Request says what was asked for.
type Request struct {
	TenantID string
	Report   *reports.Report
	Period   schemas.Period
	Day      time.Time // the single day asked for; zero for a period
	RunDay   time.Time // the day of the run, which a report cannot be from after; zero is any
	File     string    // name of the raw file, for error messages
	// LeastRows is how many rows the report must have to be believed, going by the last good load;
	// 0 for any number.
	LeastRows int64
	// Named says whether the lake has the report of that day with names: then a concealed one is
	// worth less and does not replace it. nil is no.
	Named func(day arrow.Date32) bool
}

// HasNamed reports whether the lake has the report of that day with names.
func (r *Request) HasNamed(day arrow.Date32) bool { return r.Named != nil && r.Named(day) }

// Summary tells what was in a usage report.
type Summary struct {
	Rows           int64        // rows in the batches
	Unmatched      int64        // rows about a user whom the directory does not list
	ReportDate     arrow.Date32 // valid if Rows > 0
	Concealed      bool         // every name of a user is 32 hexadecimal digits, and there is one
	UnknownColumns []string     // headers that went into the column "extra"
	MissingColumns []string     // headers that the file lacks; their columns are NULL
	Repeated       int64        // rows dropped because the same row came before
}

// Reader reads one usage report as typed Arrow batches, bounded in memory by the batch, apart
// from what seenRows keeps.
type Reader struct {
	req     Request
	users   *userindex.Index
	mem     memory.Allocator
	scanner *csv.Scanner
	begun   bool

	header     reportHeader
	dateField  int  // Report Refresh Date in a record
	userField  int  // the user's name in a record, or -1
	aboutUsers bool // every row names a user
	named      bool // some row does
	identity   []identityField
	account    []int // fields the first of which that says something is the account; nil: none
	periodText []byte
	dateText   []byte // of the first row
	dateLine   int64
	seen       *seenRows
	row        int64 // records so far, the header not counted
	summary    Summary

	rows     *column.Writer
	cells    []boundCell  // the columns that take a field of every record
	keys     *column.Key  // nil: the report names no user
	accounts *column.Text // nil: the table has none
	dates    *column.Date
	extras   *column.Text
	object   []byte // JSON for extras
	joined   []byte // for rows that several fields tell apart
}

// A boundCell is a column and the field it takes.
type boundCell struct {
	field  int
	column cellColumn
}

// reportBatchBytes ends a batch before it has batchRows when its records are very long, which keeps
// every text column far from Arrow's limit of 2 GiB.
const reportBatchBytes = 32 << 20

// NewReader returns a reader of one usage report. Without users, user_key stays NULL.
func NewReader(r io.Reader, req Request, users *userindex.Index, mem memory.Allocator) *Reader {
	return &Reader{
		req: req, users: users, mem: mem,
		scanner:    csv.NewScanner(r, csv.BufferSize),
		periodText: strconv.AppendInt(nil, int64(req.Period), 10),
		seen:       newSeenRows(),
	}
}

// Request is what was asked for.
func (r *Reader) Request() Request { return r.req }

// Summary tells about the report; it is valid after Batches has ended without error.
func (r *Reader) Summary() Summary { return r.summary }

// Batches yields record batches of the report's table, none when the report has no rows. A batch
// is valid until the next one is asked for; the reader releases it. Batches can be called once.
func (r *Reader) Batches() iter.Seq2[arrow.RecordBatch, error] {
	return func(yield func(arrow.RecordBatch, error) bool) {
		if r.begun {
			yield(nil, errors.New("transform: the batches of a report can be read once"))
			return
		}
		r.begun = true
		if err := r.readHeader(); err != nil {
			yield(nil, err)
			return
		}
		r.bindColumns()
		for more := true; more; {
			var err error
			if more, err = r.readRows(); err != nil {
				yield(nil, err)
				return
			}
			if !r.yieldBatch(yield) {
				return
			}
		}
		r.summary.Concealed = r.summary.Concealed && r.named
	}
}

// bindColumns makes the columns and connects them to the fields of the file.
func (r *Reader) bindColumns() {
	table := &r.req.Report.Table
	r.dateField = r.header.columns[table.Column("report_date")]
	r.bindIdentity()
	r.rows = column.NewWriter(table, r.mem)
	r.rows.Expect(column.BatchRows)
	r.rows.Text("tenant_id").Fill(r.req.TenantID)
	r.rows.Integer("report_period").Fill(int64(r.req.Period))
	r.dates, r.extras = r.rows.Date("report_date"), r.rows.Text("extra")
	if r.req.Report.UserColumn() != "" {
		r.keys = r.rows.Key("user_key")
	}
	if r.account != nil {
		r.accounts = r.rows.Text(accountColumn)
	}
	for i, c := range table.Columns {
		switch field := r.header.columns[i]; {
		case c.Name == "report_date", field < 0:
		default:
			r.cells = append(r.cells, boundCell{field, newCellColumn(r.rows, c)})
		}
	}
	r.summary.Concealed = true
}

// readRows fills the columns with the rows of one batch. It returns false at the end of the file.
func (r *Reader) readRows() (more bool, err error) {
	for size := 0; !r.rows.Full() && size < reportBatchBytes; size += len(r.scanner.Raw) {
		if err := r.scanner.Scan(); err == io.EOF {
			return false, nil
		} else if err != nil {
			return false, r.scanError(err)
		}
		r.row++
		repeated, err := r.checkRow()
		if err != nil {
			return false, err
		}
		if repeated {
			r.summary.Repeated++
		} else if err := r.addRow(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// addRow appends the record to the columns.
func (r *Reader) addRow() error {
	for i := range r.cells {
		cell := &r.cells[i]
		text := r.scanner.Field(cell.field)
		if len(text) == 0 {
			continue
		}
		if want := cell.column.addCell(text); want != "" {
			return r.cellError(cell.field, want)
		}
	}
	r.addKey()
	if r.account != nil {
		r.accounts.AppendBytes(r.accountCell())
	}
	if len(r.header.extra) > 0 {
		r.addExtra()
	}
	r.rows.EndRow()
	r.summary.Rows++
	return nil
}

// addKey appends the user_key of the user that the record names.
func (r *Reader) addKey() {
	if r.keys == nil {
		return
	}
	var user []byte
	if r.userField >= 0 {
		user = r.scanner.Field(r.userField)
	}
	var key int32
	var known bool
	if len(user) > 0 {
		r.named = true
		r.summary.Concealed = r.summary.Concealed && IsConcealed(user)
		if r.users != nil {
			key, known = r.users.KeyByName(user)
		}
	}
	if known {
		r.keys.Append(key)
		return
	}
	if r.aboutUsers {
		r.summary.Unmatched++
	}
}

// addExtra puts the fields of unknown columns into a JSON object, in the order of the file.
func (r *Reader) addExtra() {
	r.object = append(r.object[:0], '{')
	for i := range r.header.extra {
		extra := &r.header.extra[i]
		cell := r.scanner.Field(extra.field)
		if len(cell) == 0 {
			continue
		}
		if len(r.object) > 1 {
			r.object = append(r.object, ',')
		}
		r.object = append(r.object, extra.key...)
		r.object, _ = jsontext.AppendQuote(r.object, cell) // fails on invalid UTF-8 only, and there is none
	}
	if len(r.object) > 1 {
		r.object = append(r.object, '}')
		r.extras.AppendBytes(r.object)
	}
}

// yieldBatch hands out the rows in the columns, if any.
func (r *Reader) yieldBatch(yield func(arrow.RecordBatch, error) bool) bool {
	if r.rows.Rows() == 0 {
		return true
	}
	r.dates.Fill(r.summary.ReportDate)
	batch := r.rows.Batch()
	defer batch.Rows.Release()
	return yield(batch.Rows, nil)
}
