package directory

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/zeebo/xxh3"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
	"m365lake/transform/userindex"
)

// A history keeps the versions of a snapshot table: what held from which day to which.
//
// What a run day adds depends only on the versions from before that day and on the day's snapshot:
// versions opened on the day are thrown away, those closed on it are opened again, and then the
// snapshot is applied. So a day can be run any number of times.
type history struct {
	table *schemas.Table
	// columns gives the version columns of a batch of the snapshot, as they stand in the table
	// before valid_from. The caller releases them.
	columns func(rows arrow.RecordBatch) []arrow.Array
	// gone says that the directory no longer lists row i of the snapshot.
	gone func(rows arrow.RecordBatch, i int) bool
}

// UserHistory brings the table user_history to the day of t. Current is the table users of that day.
func UserHistory(
	t transform.Tenant,
	index *userindex.Index,
	current, previous transform.Previous,
) iter.Seq2[schemas.Batch, error] {
	deleted, manager := schemas.Users.Column("deleted_at"), schemas.Users.Column("manager_id")
	h := history{
		table: &schemas.UserHistory,
		gone:  func(rows arrow.RecordBatch, i int) bool { return rows.Column(deleted).IsValid(i) },
	}
	h.columns = func(rows arrow.RecordBatch) []arrow.Array {
		return h.take(rows, &schemas.Users, func() arrow.Array {
			return keysOf(rows.Column(manager).(*array.String), index, t)
		})
	}
	return h.bring(t, current, previous)
}

// LicenseHistory brings the table license_history to the day of t. Current is the table
// license_assignments of that day.
func LicenseHistory(t transform.Tenant, current, previous transform.Previous) iter.Seq2[schemas.Batch, error] {
	h := history{table: &schemas.LicenseHistory, gone: func(arrow.RecordBatch, int) bool { return false }}
	h.columns = func(rows arrow.RecordBatch) []arrow.Array { return h.take(rows, &schemas.LicenseAssignments, nil) }
	return h.bring(t, current, previous)
}

// take returns the version columns of a batch of the snapshot table; one it lacks is made.
func (h history) take(rows arrow.RecordBatch, snapshot *schemas.Table, lacking func() arrow.Array) []arrow.Array {
	var columns []arrow.Array
	for _, c := range h.table.Columns[:h.table.Column("valid_from")] {
		if found := rows.Schema().FieldIndices(c.Name); len(found) == 0 && lacking != nil {
			columns = append(columns, lacking())
			continue
		}
		column := rows.Column(snapshot.Column(c.Name))
		column.Retain()
		columns = append(columns, column)
	}
	return columns
}

// keysOf are the user keys of users by their ids; NULL where no user
// has the id, as with a contact.
func keysOf(ids *array.String, x *userindex.Index, t transform.Tenant) arrow.Array {
	keys := array.NewInt32Builder(t.Mem)
	defer keys.Release()
	keys.Reserve(ids.Len())
	for i := range ids.Len() {
		key, known := int32(0), false
		if ids.IsValid(i) {
			key, known = x.KeyByID(ids.Value(i))
		}
		if known {
			keys.Append(key)
		} else {
			keys.AppendNull()
		}
	}
	return keys.NewArray()
}

// bring streams the previous versions and the snapshot of the day into the versions of the day. In
// memory it keeps a hash of each version that was open before the day, and whether it still holds.
func (h history) bring(t transform.Tenant, current, previous transform.Previous) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		out := column.NewWriter(h.table, t.Mem)
		err := h.write(arrow.Date32FromTime(t.Day), current, previous, out, yield)
		switch {
		case errors.Is(err, errStopped):
		case err != nil:
			yield(schemas.Batch{}, fmt.Errorf("%s: %w", h.table.Name, err))
		default:
			out.Flush(yield)
		}
	}
}

func (h history) write(
	today arrow.Date32,
	current, previous transform.Previous,
	out *column.Writer,
	yield func(schemas.Batch, error) bool,
) error {
	var hash versionHash
	open := map[xxh3.Uint128]bool{} // versions open before today, and whether they hold today
	err := h.before(previous, today, func(rows arrow.RecordBatch, i int, columns []arrow.Array, isOpen bool) error {
		if isOpen {
			open[hash.of(columns, i)] = false
		}
		return nil
	})
	if err != nil {
		return err
	}
	for rows, err := range current() {
		if err != nil {
			return err
		}
		if err := h.apply(rows, today, &hash, open, out, yield); err != nil {
			return err
		}
	}
	validTo, end := h.table.Column("valid_to"), out.Date("valid_to")
	return h.before(previous, today, func(rows arrow.RecordBatch, i int, columns []arrow.Array, isOpen bool) error {
		if err := out.CopyRow(rows, i, validTo); err != nil {
			return err
		}
		switch {
		case !isOpen:
			end.Append(rows.Column(validTo).(*array.Date32).Value(i))
		case !open[hash.of(columns, i)]:
			end.Append(today)
		}
		out.EndRow()
		if !out.FlushFull(yield) {
			return errStopped
		}
		return nil
	})
}

// apply marks the versions that hold today and writes those that begin today.
func (h history) apply(
	rows arrow.RecordBatch,
	today arrow.Date32,
	hash *versionHash,
	open map[xxh3.Uint128]bool,
	out *column.Writer,
	yield func(schemas.Batch, error) bool,
) error {
	columns, begins := h.columns(rows), out.Date("valid_from")
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	for i := range int(rows.NumRows()) {
		if h.gone(rows, i) {
			continue
		}
		version := hash.of(columns, i)
		if _, was := open[version]; was {
			open[version] = true
			continue
		}
		for c, values := range columns {
			if err := out.CopyValue(c, values, i); err != nil {
				return err
			}
		}
		begins.Append(today)
		out.EndRow()
		if !out.FlushFull(yield) {
			return errStopped
		}
	}
	return nil
}

// before hands out the versions that began before today, and whether they were open then.
func (h history) before(
	previous transform.Previous,
	today arrow.Date32,
	each func(rows arrow.RecordBatch, i int, columns []arrow.Array, isOpen bool) error,
) error {
	from, to := h.table.Column("valid_from"), h.table.Column("valid_to")
	for rows, err := range previous() {
		if err != nil {
			return err
		}
		begins, ends := rows.Column(from).(*array.Date32), rows.Column(to).(*array.Date32)
		columns := rows.Columns()[:from]
		for i := range int(rows.NumRows()) {
			if begins.Value(i) >= today {
				continue
			}
			if err := each(rows, i, columns, ends.IsNull(i) || ends.Value(i) >= today); err != nil {
				return err
			}
		}
	}
	return nil
}

// A versionHash stands for the values of a version. Of 128 bits, it is as good as the values.
type versionHash struct{ buffer []byte }

// of writes the values of row i so that different ones are different bytes, and hashes those.
func (h *versionHash) of(columns []arrow.Array, i int) xxh3.Uint128 {
	b := h.buffer[:0]
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, column := range columns {
		if column.IsNull(i) {
			b = append(b, 0)
			continue
		}
		b = append(b, 1)
		switch a := column.(type) {
		case *array.String:
			text(a.Value(i))
		case *array.Boolean:
			if a.Value(i) {
				b = append(b, 1)
			} else {
				b = append(b, 0)
			}
		case *array.Int32:
			b = binary.LittleEndian.AppendUint32(b, uint32(a.Value(i)))
		case *array.List:
			start, end := a.ValueOffsets(i)
			b = binary.AppendUvarint(b, uint64(end-start))
			for j := start; j < end; j++ {
				text(a.ListValues().(*array.String).Value(int(j)))
			}
		default:
			panic(fmt.Sprintf("transform: a version cannot have a %s", column.DataType()))
		}
	}
	h.buffer = b
	return xxh3.Hash128(b)
}
