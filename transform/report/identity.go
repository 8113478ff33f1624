package report

import (
	"errors"
	"strings"

	"m365lake/schemas"
)

// accountColumn is the column that is filled from the first of Report.Account that says something.
const accountColumn = "account"

// zeroGUID is what Microsoft puts in place of an id when the tenant conceals names.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// ErrConcealed says that a report is of no use because it conceals names: even what tells its rows
// apart, or what the lake has of the same day with names.
var ErrConcealed = errors.New("names are concealed")

// An identityField is one of the fields that tell the records apart.
type identityField struct {
	field    int // -1: the file lacks the column
	required bool
	account  bool // the first of the account's fields that says something
	want     string
}

// bindIdentity finds the fields that say whose a record is.
func (r *Reader) bindIdentity() {
	report := r.req.Report
	table := &report.Table
	r.userField = -1
	if named := report.UserColumn(); named != "" {
		user := table.Column(named)
		r.userField, r.aboutUsers = r.header.columns[user], table.Columns[user].Required
	}
	for _, name := range report.Identity {
		i := table.Column(name)
		id := identityField{
			field:    r.header.columns[i],
			required: table.Columns[i].Required,
			account:  name == accountColumn,
			want:     "a value that tells rows apart",
		}
		if name == report.UserColumn() {
			id.want = "the name of a user"
		}
		r.identity = append(r.identity, id)
	}
	for _, name := range report.Account {
		if field := r.header.columns[table.Column(name)]; field >= 0 {
			r.account = append(r.account, field)
		}
	}
}

// accountCell is the first cell of the account that says something, or is empty.
func (r *Reader) accountCell() []byte {
	for _, field := range r.account {
		if cell := r.scanner.Field(field); len(cell) > 0 && string(cell) != zeroGUID {
			return cell
		}
	}
	return nil
}

// identify returns what tells the record from all others; good until the next call.
func (r *Reader) identify() ([]byte, error) {
	r.joined = r.joined[:0]
	for i, id := range r.identity {
		cell, err := r.identityCell(id)
		if err != nil || len(r.identity) == 1 {
			return cell, err
		}
		if i > 0 {
			r.joined = append(r.joined, 0) // which stands in no name
		}
		r.joined = append(r.joined, cell...)
	}
	return r.joined, nil
}

func (r *Reader) identityCell(id identityField) ([]byte, error) {
	var cell []byte
	switch {
	case id.account:
		if cell = r.accountCell(); len(cell) == 0 {
			return nil, r.fail(
				r.scanner.Line,
				RemedyFormat,
				"the record has none of %s, so that nobody can tell whose it is",
				QuotedNames(headers(&r.req.Report.Table, r.req.Report.Account)),
			)
		}
	case id.field >= 0:
		cell = r.scanner.Field(id.field)
	}
	if len(cell) == 0 && id.required {
		return nil, r.cellError(id.field, id.want)
	}
	return cell, nil
}

// who names the record for people.
func (r *Reader) who() string {
	var parts []string
	for _, id := range r.identity {
		if cell, err := r.identityCell(id); err == nil {
			parts = append(parts, quotedShort(string(cell)))
		}
	}
	what := "row "
	if r.req.Report.Identity[0] == r.req.Report.UserColumn() {
		what = "user "
	}
	return what + strings.Join(parts, ", ")
}

// headers are what Microsoft calls columns of a table.
func headers(table *schemas.Table, columns []string) []string {
	var names []string
	for _, name := range columns {
		names = append(names, table.Columns[table.Column(name)].Header)
	}
	return names
}
