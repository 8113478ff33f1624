package warehouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"m365lake/internal/quote"
	"m365lake/internal/text"
	"m365lake/load/lake"
	"m365lake/schemas"
)

// A touchedMonth is a month of a tenant some of whose days were loaded, replaced or removed.
type touchedMonth struct{ tenantID, month string }

// rollUp makes the roll-ups of the months that this build touched anew, one month at a time: so a
// night costs what its days cost, and a rebuild takes no more memory than a month.
// sql/rollups/<table>.sql replaces the rows of the month in the variable month of the tenant in the
// variable tenant_id.
func (s *session) rollUp(ctx context.Context) error {
	files, err := sqlFiles(s.SQL, "rollups")
	if err != nil {
		return err
	}
	for _, f := range files {
		name := strings.TrimSuffix(path.Base(f.path), ".sql")
		i := slices.IndexFunc(s.tables, func(t *schemas.Table) bool { return t.Name == name && t.RollupOf != nil })
		if i < 0 {
			return fmt.Errorf("sql/%s: there is no roll-up named %s in the schemas", f.path, name)
		}
		for _, m := range s.touched[s.tables[i].RollupOf.Name] {
			variables := fmt.Sprintf("SET VARIABLE tenant_id = %s; SET VARIABLE month = CAST(%s AS DATE)",
				quote.Literal(m.tenantID), quote.Literal(m.month))
			if err := execute(ctx, s.conn, []string{variables, f.text}); err != nil {
				return fmt.Errorf("sql/%s for %s: %w", f.path, m.month, text.OneLineError(err))
			}
		}
	}
	return nil
}

// rollupsHash identifies the way in which roll-ups are made: those of an earlier program must not
// stand beside those of this one.
func (b Build) rollupsHash() (string, error) {
	files, err := sqlFiles(b.SQL, "rollups")
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s\x00%s\n", f.path, f.text)
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// touch notes the months of the partitions that changed, if the table is one by days.
func (s *session) touch(table *schemas.Table, changed []lake.Stamp) error {
	if !slices.ContainsFunc(s.tables, func(t *schemas.Table) bool { return t.RollupOf == table }) {
		return nil
	}
	if s.touched == nil {
		s.touched = map[string][]touchedMonth{}
	}
	known := map[touchedMonth]bool{}
	for _, p := range changed {
		values, err := p.Values()
		if err != nil {
			return err
		}
		day, err := time.Parse(time.DateOnly, values[1])
		if err != nil {
			return fmt.Errorf("the folder of %s names no day: %w", p.Path, err)
		}
		m := touchedMonth{values[0], day.Format("2006-01") + "-01"}
		if !known[m] {
			known[m] = true
			s.touched[table.Name] = append(s.touched[table.Name], m)
		}
	}
	slices.SortFunc(s.touched[table.Name], func(a, b touchedMonth) int {
		return strings.Compare(a.tenantID+a.month, b.tenantID+b.month)
	})
	return nil
}
