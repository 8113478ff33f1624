package lake

import (
	"context"
	"time"

	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// Forgotten are people to remove from a tenant's lake.
type Forgotten struct {
	// Key is the person's user_key, 0 for those who have none or no longer: they are known by Is alone.
	Key       int32
	Is        func(value string) bool // value is a sign-in name, an address or an id of theirs
	Mentioned func(text string) bool  // text contains a name of theirs
	Day       time.Time
	Since     time.Time // look only at files written since then; zero is all
}

// ForgottenRows is what Forget did in one table.
type ForgottenRows struct {
	Table   string
	Removed int64
	Emptied int64 // rows that stay, without what they said of the person
}

// Forget removes the people from the tenant's files, in the order of schemas.Tables but for users,
// which comes last: as long as it names somebody, the work is not done. Numbers that count people stay.
// Each file is replaced whole, so that it can be done again after an interruption.
func (l Lake) Forget(ctx context.Context, tenantID string, people Forgotten) (done []ForgottenRows, err error) {
	tables := append(catalog.Tables(), &schemas.Users)
	for i, table := range tables {
		if table.Name == schemas.Users.Name && i < len(tables)-1 {
			continue
		}
		f := &forgetting{Forgotten: people, table: table}
		w := rewriting{Lake: l, table: table, columns: f.columns(), judge: f.judge, day: people.Day, since: people.Since, write: true}
		if err := w.do(ctx, tenantID); err != nil {
			return done, err
		}
		if w.removed+w.emptied > 0 {
			done = append(done, ForgottenRows{table.Name, w.removed, w.emptied})
		}
	}
	return done, nil
}

// forgetting is the work on one table.
type forgetting struct {
	Forgotten
	table *schemas.Table
}

// columns are those that can name somebody.
func (f *forgetting) columns() (names []string) {
	for _, c := range f.table.Columns {
		if schemas.DisclosureOf(c.Name) == schemas.Identifies || isNote(c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// isNote says that a column has messages, which may name anybody.
func isNote(column string) bool { return column == "detail" || column == "error" }
