package transform

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/zeebo/xxh3"

	"m365lake/schemas"
)

// A history keeps the versions of a snapshot table: what held from which day to which.
//
// What a run day adds depends only on the versions from before that day and on the day's snapshot:
// versions opened on the day are thrown away, those closed on it are opened again, and then the
// snapshot is applied. So a day can be run any number of times.
type history struct {
	table *schemas.Table
	// now gives the version columns of row i of the snapshot, without the span; false means that
	// the directory no longer lists it.
	now func(rows arrow.RecordBatch, i int) (values []any, ok bool, err error)
}

// UserHistory brings the table user_history to the day of t. Current is the table users of that day.
func UserHistory(t Tenant, index *UserIndex, current, previous Previous) iter.Seq2[schemas.Batch, error] {
	deleted := schemas.Users.Column("deleted_at")
	var columns []int // of users, by column of user_history
	for _, c := range versionColumns(&schemas.UserHistory) {
		if c.Name == "manager_user_key" {
			c.Name = "manager_id"
		}
		columns = append(columns, schemas.Users.Column(c.Name))
	}
	manager := schemas.UserHistory.Column("manager_user_key")
	h := history{table: &schemas.UserHistory}
	h.now = func(rows arrow.RecordBatch, i int) ([]any, bool, error) {
		if rows.Column(deleted).IsValid(i) {
			return nil, false, nil
		}
		values, err := cells(rows, i, columns)
		if id, set := values[manager].(string); set {
			values[manager] = nil // a manager who is no user, such as a contact
			if key, known := index.keyByID(id); known {
				values[manager] = key
			}
		}
		return values, true, err
	}
	return h.bring(t, current, previous)
}

// LicenseHistory brings the table license_history to the day of t. Current is the table
// license_assignments of that day.
func LicenseHistory(t Tenant, current, previous Previous) iter.Seq2[schemas.Batch, error] {
	var columns []int
	for _, c := range versionColumns(&schemas.LicenseHistory) {
		columns = append(columns, schemas.LicenseAssignments.Column(c.Name))
	}
	h := history{table: &schemas.LicenseHistory}
	h.now = func(rows arrow.RecordBatch, i int) ([]any, bool, error) {
		values, err := cells(rows, i, columns)
		return values, true, err
	}
	return h.bring(t, current, previous)
}

// versionColumns are the columns of a history before its span, valid_from and valid_to.
func versionColumns(table *schemas.Table) []schemas.Column {
	return table.Columns[:table.Column("valid_from")]
}

// cells are the values of the given columns of a row.
func cells(rows arrow.RecordBatch, i int, columns []int) ([]any, error) {
	values := make([]any, len(columns))
	for n, c := range columns {
		var err error
		if values[n], err = cell(rows.Column(c), i); err != nil {
			return values, err
		}
	}
	return values, nil
}

// bring streams the previous versions and the snapshot of the day into the versions of the day. In
// memory it keeps a hash of each version that was open before the day, and whether it still holds.
func (h history) bring(t Tenant, current, previous Previous) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		out := newRowBuilder(h.table, t.Mem)
		defer out.release()
		err := h.write(arrow.Date32FromTime(t.Day), current, previous, out, yield)
		switch {
		case errors.Is(err, errStopped):
		case err != nil:
			yield(schemas.Batch{}, fmt.Errorf("%s: %w", h.table.Name, err))
		default:
			yieldRest(yield, out)
		}
	}
}

func (h history) write(today arrow.Date32, current, previous Previous, out *rowBuilder, yield func(schemas.Batch, error) bool) error {
	open := map[xxh3.Uint128]bool{} // versions open before today, and whether they hold today
	var buffer []byte
	if err := h.before(previous, today, func(_ arrow.RecordBatch, _ int, values []any, isOpen bool) error {
		if isOpen {
			buffer = appendVersion(buffer[:0], values)
			open[xxh3.Hash128(buffer)] = false
		}
		return nil
	}); err != nil {
		return err
	}
	for rows, err := range current() {
		if err != nil {
			return err
		}
		for i := range int(rows.NumRows()) {
			values, ok, err := h.now(rows, i)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			buffer = appendVersion(buffer[:0], values)
			version := xxh3.Hash128(buffer)
			if _, was := open[version]; was {
				open[version] = true
				continue
			}
			out.add(append(values, today, nil)...)
			if !yieldFull(yield, out) {
				return errStopped
			}
		}
	}
	validTo := h.table.Column("valid_to")
	return h.before(previous, today, func(rows arrow.RecordBatch, i int, values []any, isOpen bool) error {
		end, err := cell(rows.Column(validTo), i)
		if err != nil {
			return err
		}
		if isOpen {
			buffer = appendVersion(buffer[:0], values)
			if end = any(today); open[xxh3.Hash128(buffer)] {
				end = nil
			}
		}
		if err := out.copyRow(rows, i, validTo, end); err != nil {
			return err
		}
		if !yieldFull(yield, out) {
			return errStopped
		}
		return nil
	})
}

// before hands out the versions that began before today, and whether they were open then.
func (h history) before(previous Previous, today arrow.Date32, each func(rows arrow.RecordBatch, i int, values []any, isOpen bool) error) error {
	from, to := h.table.Column("valid_from"), h.table.Column("valid_to")
	columns := make([]int, from)
	for i := range columns {
		columns[i] = i
	}
	for rows, err := range previous() {
		if err != nil {
			return err
		}
		begins, ends := rows.Column(from).(*array.Date32), rows.Column(to).(*array.Date32)
		for i := range int(rows.NumRows()) {
			if begins.Value(i) >= today {
				continue
			}
			isOpen := ends.IsNull(i) || ends.Value(i) >= today
			var values []any
			if isOpen {
				if values, err = cells(rows, i, columns); err != nil {
					return err
				}
			}
			if err := each(rows, i, values, isOpen); err != nil {
				return err
			}
		}
	}
	return nil
}

// appendVersion writes the values of a version so that different ones are different bytes.
func appendVersion(b []byte, values []any) []byte {
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			b = append(b, 0)
		case string:
			b = append(b, 1)
			text(v)
		case bool:
			b = append(b, 2)
			if v {
				b[len(b)-1] = 3
			}
		case int32:
			b = binary.AppendVarint(append(b, 4), int64(v))
		case []string:
			b = binary.AppendUvarint(append(b, 5), uint64(len(v)))
			for _, s := range v {
				text(s)
			}
		default:
			panic(fmt.Sprintf("transform: a version cannot have a %T", value))
		}
	}
	return b
}
