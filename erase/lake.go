package erase

import (
	"context"
	"path/filepath"

	"m365lake/load/lake"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// TableErased is what was erased in one table of the lake.
type TableErased struct {
	Table   string
	Removed int64
	Emptied int64 // rows that stay, without what they said of the person
}

func (e Eraser) lake() lake.Lake { return lake.Lake{Dir: e.Folder.Lake()} }

// eraseLake removes the people from a tenant's files that are not under the mark, in the order of the
// tables but for users, which comes last: as long as it names somebody, the work is not done. Numbers
// that count people stay. It returns what was done until an error.
func (e Eraser) eraseLake(
	ctx context.Context, tenantID string, people *Matcher, done mark,
) (all []TableErased, err error) {
	for _, table := range usersLast() {
		if err := e.lake().RemoveUnfinished(table, tenantID); err != nil {
			return all, err
		}
		j := rowJudge{table, people, e.Day}
		erased, err := e.lake().Rewrite(ctx, tenantID, lake.Rewrite{
			Table: table, Columns: nameColumns(table), Judge: j.judge,
			Skip: func(f lake.File) bool { return done.files[e.lakeFingerprint(f)] },
		})
		if erased != (lake.Rewritten{}) {
			all = append(all, TableErased{table.Name, erased.Dropped, erased.Changed})
		}
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// usersLast are the tables that have lake files.
func usersLast() (tables []*schemas.Table) {
	for _, table := range catalog.Tables() {
		if table.Name != schemas.Users.Name && table.RollupOf == nil {
			tables = append(tables, table)
		}
	}
	return append(tables, &schemas.Users)
}

// lakeFolder is how the fingerprints of lake files begin.
const lakeFolder = "lake"

func (e Eraser) lakeFingerprint(f lake.File) fingerprint {
	return fingerprintOf(filepath.Join(lakeFolder, f.Path), f.Size, f.Modified)
}

// lakeFingerprints are those of all of a tenant's files that can name somebody.
func (e Eraser) lakeFingerprints(ctx context.Context, tenantID string, found map[fingerprint]bool) error {
	for _, table := range usersLast() {
		if len(nameColumns(table)) == 0 {
			continue
		}
		files, err := e.lake().Files(ctx, table, tenantID)
		if err != nil {
			return err
		}
		for _, f := range files {
			found[e.lakeFingerprint(f)] = true
		}
	}
	return nil
}
