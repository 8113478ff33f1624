package lake

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

// judge looks at the columns that can name somebody; the batch may lack the others.
func (f *forgetting) judge(rows arrow.RecordBatch) *verdict {
	n := int(rows.NumRows())
	v := newVerdict(n)
	for i := range n {
		changed := false
		if f.isTheirs(rows, i) {
			switch {
			case f.table.Name == schemas.Users.Name:
				if value(rows, "user_principal_name", i) != ForgottenName(f.Key) {
					v.bury[i], changed = true, true
				}
			case f.table.Lasting:
				for _, c := range f.table.Columns {
					if d := schemas.DisclosureOf(c.Name); (d == schemas.Identifies || d == schemas.Names) && c.Name != "site_url" {
						v.mark(v.empty, c.Name, i, n)
					}
				}
				changed = true
			default:
				v.drop[i] = true
				v.removed++
				continue
			}
		}
		if f.Is(value(rows, "manager_id", i)) {
			v.mark(v.empty, "manager_id", i, n)
			changed = true
		}
		if key := keyAt(rows, "manager_user_key", i); key != 0 && key == f.Key {
			v.mark(v.empty, "manager_user_key", i, n)
			changed = true
		}
		for _, name := range []string{"detail", "error"} {
			if text := value(rows, name, i); text != "" && f.Mentioned(text) {
				v.mark(v.note, name, i, n)
				changed = true
			}
		}
		if changed {
			v.emptied++
		}
	}
	return v
}

// isTheirs says whose a row is: by its user_key, and only where it has none by name, since a name may
// have been given to another.
func (f *forgetting) isTheirs(rows arrow.RecordBatch, i int) bool {
	if key := keyAt(rows, "user_key", i); key != 0 {
		return key == f.Key
	}
	for c, field := range rows.Schema().Fields() {
		if schemas.DisclosureOf(field.Name) != schemas.Identifies || field.Name == "manager_id" {
			continue
		}
		if text, ok := rows.Column(c).(*array.String); ok && text.IsValid(i) && f.Is(text.Value(i)) {
			return true
		}
	}
	return false
}

// value is a text of a row; "" where there is none.
func value(rows arrow.RecordBatch, column string, i int) string {
	found := rows.Schema().FieldIndices(column)
	if len(found) == 0 {
		return ""
	}
	if text, ok := rows.Column(found[0]).(*array.String); ok && text.IsValid(i) {
		return text.Value(i)
	}
	return ""
}

// keyAt is a user_key of a row; 0, which is nobody's, where there is none.
func keyAt(rows arrow.RecordBatch, column string, i int) int32 {
	found := rows.Schema().FieldIndices(column)
	if len(found) == 0 {
		return 0
	}
	if keys, ok := rows.Column(found[0]).(*array.Int32); ok && keys.IsValid(i) {
		return keys.Value(i)
	}
	return 0
}
