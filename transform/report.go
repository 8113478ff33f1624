package transform

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/go-json-experiment/json/jsontext"

	"m365lake/schemas"
)

// ReportRequest says what was asked for.
type ReportRequest struct {
	TenantID string
	Report   *schemas.Report
	Period   schemas.Period
	File     string // name of the raw file, for error messages
}

// ReportSummary tells what was in a usage report.
type ReportSummary struct {
	Rows           int64        // rows in the batches
	Unmatched      int64        // rows without user_key
	ReportDate     arrow.Date32 // valid if Rows > 0
	Concealed      bool         // every user principal name is 32 hexadecimal digits (and Rows > 0)
	UnknownColumns []string     // headers that went into the column "extra"
	MissingColumns []string     // headers that the file lacks; their columns are NULL
	Repeated       int64        // rows dropped because the same row came before
}

// ReportReader reads one usage report as typed Arrow batches, bounded in memory by the batch, apart
// from what reportUsers keeps.
type ReportReader struct {
	req     ReportRequest
	users   *UserIndex
	mem     memory.Allocator
	scanner *csvScanner
	begun   bool

	header     reportHeader
	dateField  int
	userField  int
	periodText []byte
	dateText   []byte // of the first row
	dateLine   int64
	seen       *reportUsers
	row        int64 // records so far, the header not counted
	summary    ReportSummary

	builder *array.RecordBuilder
	cells   []boundCell
	keys    *array.Int32Builder
	extras  *array.StringBuilder
	object  []byte // JSON for extras
}

// A boundCell is a column that takes a field of every record.
type boundCell struct {
	field  int
	column cellColumn
}

const (
	// reportBatchRows was the best of 4,096 to 65,536: see BenchmarkReport.
	reportBatchRows = 8192
	// reportBatchBytes ends a batch early when its records are very long, which keeps every text
	// column far from Arrow's limit of 2 GiB.
	reportBatchBytes = 32 << 20
)

// NewReportReader returns a reader of one usage report. Without users, user_key stays NULL.
func NewReportReader(r io.Reader, req ReportRequest, users *UserIndex, mem memory.Allocator) *ReportReader {
	table := &req.Report.Table
	return &ReportReader{
		req: req, users: users, mem: mem,
		scanner:    newCSVScanner(r, csvBufferSize),
		dateField:  table.Column("report_date"),
		userField:  table.Column(req.Report.User),
		periodText: strconv.AppendInt(nil, int64(req.Period), 10),
		seen:       newReportUsers(),
	}
}

// Summary tells about the report; it is valid after Batches has ended without error.
func (r *ReportReader) Summary() ReportSummary { return r.summary }

// Batches yields record batches of the report's table, none when the report has no rows. A batch
// is valid until the next one is asked for; the reader releases it. Batches can be called once.
func (r *ReportReader) Batches() iter.Seq2[arrow.RecordBatch, error] {
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
		defer r.builder.Release()
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
		r.summary.Concealed = r.summary.Concealed && r.summary.Rows > 0
	}
}

// bindColumns makes the builders and connects them to the fields of the file.
func (r *ReportReader) bindColumns() {
	table := &r.req.Report.Table
	r.builder = array.NewRecordBuilder(r.mem, table.ArrowSchema())
	r.keys = r.builder.Field(table.Column("user_key")).(*array.Int32Builder)
	r.extras = r.builder.Field(table.Column("extra")).(*array.StringBuilder)
	for i, column := range table.Columns {
		if field := r.header.columns[i]; field >= 0 && i != r.dateField {
			r.cells = append(r.cells, boundCell{field, newCellColumn(column, r.builder.Field(i))})
		}
	}
	r.dateField, r.userField = r.header.columns[r.dateField], r.header.columns[r.userField]
	r.summary.Concealed = true
}

// readRows fills the builders with the rows of one batch. It returns false at the end of the file.
func (r *ReportReader) readRows() (more bool, err error) {
	r.builder.Reserve(reportBatchRows)
	for size := 0; r.keys.Len() < reportBatchRows && size < reportBatchBytes; size += len(r.scanner.raw) {
		if err := r.scanner.scan(); err == io.EOF {
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

// checkRow holds a record to what must be the same in all of them, and to the users before. It
// reports whether the record is to be dropped.
func (r *ReportReader) checkRow() (repeated bool, err error) {
	s := r.scanner
	if s.fields() != len(r.header.names) {
		return false, r.fail(s.line, remedyFormat, "%d fields under a header of %d", s.fields(), len(r.header.names))
	}
	if date := s.field(r.dateField); !bytes.Equal(date, r.dateText) {
		if err := r.checkDate(date); err != nil {
			return false, err
		}
	}
	if r.header.period >= 0 {
		if period := s.field(r.header.period); !bytes.Equal(period, r.periodText) && len(period) > 0 {
			days, ok := parseInteger(period)
			if !ok {
				return false, r.cellError(r.header.period, "a number of days")
			}
			if days != int64(r.req.Period) {
				return false, r.fail(s.line, remedyFresh, "%s is %d, but %d was asked for: the file belongs to another request", periodHeader, days, int(r.req.Period))
			}
		}
	}
	user := s.field(r.userField)
	if len(user) == 0 {
		return false, r.cellError(r.userField, "the name of a user")
	}
	if before, same := r.seen.add(user, s.raw, s.line); before > 0 && !same {
		return false, r.fail(s.line, remedyFormat, "user %s has another row in line %d, with other values", quotedShort(string(user)), before)
	} else if before > 0 {
		return true, nil
	}
	return false, nil
}

// checkDate is for a Report Refresh Date that is not spelled as in the row before.
func (r *ReportReader) checkDate(text []byte) error {
	date, ok := parseDate(text)
	if !ok {
		return r.cellError(r.dateField, wantDate)
	}
	if r.dateText != nil && date != r.summary.ReportDate {
		return r.fail(r.scanner.line, remedyFresh, "%s is %s, but %s in line %d: the file mixes reports of two days",
			r.header.names[r.dateField], date.FormattedString(), r.summary.ReportDate.FormattedString(), r.dateLine)
	}
	r.dateText, r.dateLine, r.summary.ReportDate = bytes.Clone(text), r.scanner.line, date
	return nil
}

// addRow appends the record to the builders, but for the columns that fillConstants fills.
func (r *ReportReader) addRow() error {
	for i := range r.cells {
		cell := &r.cells[i]
		if !cell.column.add(r.scanner.field(cell.field)) {
			return r.cellError(cell.field, cell.column.want())
		}
	}
	user := r.scanner.field(r.userField)
	r.summary.Concealed = r.summary.Concealed && isConcealed(user)
	var key int32
	var known bool
	if r.users != nil {
		key, known = r.users.KeyByName(user)
	}
	if known {
		r.keys.UnsafeAppend(key)
	} else {
		r.summary.Unmatched++
		r.keys.UnsafeAppendBoolToBitmap(false)
	}
	if len(r.header.extra) > 0 {
		r.addExtra()
	}
	r.summary.Rows++
	return nil
}

// addExtra puts the fields of unknown columns into a JSON object, in the order of the file.
func (r *ReportReader) addExtra() {
	r.object = append(r.object[:0], '{')
	for i := range r.header.extra {
		extra := &r.header.extra[i]
		cell := r.scanner.field(extra.field)
		if len(cell) == 0 {
			continue
		}
		if len(r.object) > 1 {
			r.object = append(r.object, ',')
		}
		r.object = append(r.object, extra.key...)
		r.object, _ = jsontext.AppendQuote(r.object, validText(cell)) // fails on invalid UTF-8 only
	}
	if len(r.object) == 1 {
		r.extras.AppendNull()
	} else {
		r.extras.BinaryBuilder.Append(append(r.object, '}'))
	}
}

// yieldBatch hands out the rows in the builders, if any.
func (r *ReportReader) yieldBatch(yield func(arrow.RecordBatch, error) bool) bool {
	rows := r.keys.Len()
	if rows == 0 {
		return true
	}
	r.fillConstants(rows)
	batch := r.builder.NewRecordBatch()
	defer batch.Release()
	return yield(batch, nil)
}

// fillConstants fills the columns that are the same in all rows, and those the file lacks.
func (r *ReportReader) fillConstants(rows int) {
	for i, column := range r.req.Report.Table.Columns {
		switch column.Name {
		case "tenant_id":
			tenants := r.builder.Field(i).(*array.StringBuilder)
			tenants.ReserveData(rows * len(r.req.TenantID))
			for range rows {
				tenants.Append(r.req.TenantID)
			}
		case "report_date":
			dates := r.builder.Field(i).(*array.Date32Builder)
			for range rows {
				dates.UnsafeAppend(r.summary.ReportDate)
			}
		case "report_period":
			periods := r.builder.Field(i).(*array.Int64Builder)
			for range rows {
				periods.UnsafeAppend(int64(r.req.Period))
			}
		default:
			r.builder.Field(i).AppendNulls(rows - r.builder.Field(i).Len())
		}
	}
}

// isConcealed tells whether a name is what Microsoft puts in its place when the tenant conceals
// names: 32 hexadecimal digits (reference: graph-reports, 3).
func isConcealed(name []byte) bool {
	if len(name) != 32 {
		return false
	}
	for _, c := range name {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
