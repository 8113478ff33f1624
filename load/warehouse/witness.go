package warehouse

import (
	sqlfiles "m365lake/sql"

	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"m365lake/internal/disk"
	"m365lake/load/lake"
	"m365lake/schemas/catalog"
)

// The published warehouse is a witness of the lake: it knows from which files it was made. So a lake that
// lost files is told from one that never had them.

// A LossError says that the lake lacks files that the published warehouse was made from, and that nothing
// removed on purpose. Nothing was built.
type LossError struct {
	Lake  string   // the folder
	Files []string // paths within it, in order; none if the warehouse cannot be read and the lake is empty
}

// listedFiles is how many files an error names.
const listedFiles = 3

func (e *LossError) Error() string {
	const remedy = "restore %[1]s from a backup, or see that its disk is mounted; only to publish less history " +
		"on purpose use --accept-loss with m365lake sync or m365lake rebuild"
	if len(e.Files) == 0 {
		return fmt.Sprintf("%[1]s has no files, although a warehouse was made from it; "+remedy, e.Lake)
	}
	named := e.Files[:min(listedFiles, len(e.Files))]
	more := ""
	if n := len(e.Files) - len(named); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	files := "files"
	if len(e.Files) == 1 {
		files = "file"
	}
	return fmt.Sprintf("%[1]s lacks %[2]d %[3]s that the published warehouse has and that neither retention nor "+
		"forgetting removed: %[4]s%[5]s; "+remedy, e.Lake, len(e.Files), files, strings.Join(named, ", "), more)
}

// ErrNoLake says that there is nothing to make a warehouse from.
var ErrNoLake = errors.New("there are no lake files")

// RefuseLoss returns a LossError if the lake lacks files that the published warehouse was made from, unless
// AcceptLoss is set. Builds ask it themselves; a run asks it before it writes anything into the lake.
//
// Without a warehouse nothing can be missed. Of one that cannot be read, only an empty lake is.
func (b Build) RefuseLoss(ctx context.Context) error {
	if b.AcceptLoss {
		return nil
	}
	b = b.withTables()
	if _, err := os.Stat(b.Path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	removed, err := b.Lake.Removed()
	if err != nil {
		return err
	}
	tables := map[string]bool{} // what an older version had besides is read by nobody any more
	for _, t := range b.tables {
		tables[t.Name] = true
	}
	loss := &LossError{Lake: b.Lake.Dir}
	err = b.eachPublished(ctx, func(f publishedFile) error {
		if !tables[f.table] || removed[f.Path] {
			return nil
		}
		_, found, err := b.Lake.Stamp(f.Path)
		if err == nil && !found {
			loss.Files = append(loss.Files, f.Path)
		}
		return err
	})
	var unusable *unusableError
	if errors.As(err, &unusable) {
		empty, err := b.Lake.IsEmpty()
		if err == nil && empty {
			return loss
		}
		return err
	}
	if err == nil && len(loss.Files) > 0 {
		slices.Sort(loss.Files)
		return loss
	}
	return err
}

// Behind says whether the published warehouse holds rows of files that the lake has no more, or has in
// another form: what was removed from the lake is still in the warehouse. One that cannot be read is behind;
// where there is none, nothing is.
func (b Build) Behind(ctx context.Context) (behind bool, err error) {
	if _, err := os.Stat(b.Path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	err = b.eachPublished(ctx, func(f publishedFile) error {
		now, found, err := b.Lake.Stamp(f.Path)
		behind = behind || !found || now != f.Stamp
		return err
	})
	var unusable *unusableError
	if errors.As(err, &unusable) {
		return true, nil
	}
	return behind, err
}

// A publishedFile is a lake file as it was when the published warehouse was made from it.
type publishedFile struct {
	lake.Stamp
	table    string
	rows     int64
	checksum sql.NullInt64 // unknown of files that an older version loaded
}

// eachPublished hands out the lake files that the published warehouse holds, in any order: there may be
// millions. Its error is an unusableError if the warehouse cannot be read.
func (b Build) eachPublished(ctx context.Context, use func(publishedFile) error) (err error) {
	db, err := Open(b.Path)
	if err != nil {
		// Somebody may have it open for writing, which a copy is not.
		next := b.Path + ".next"
		if err := discardNext(next); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, discardNext(next)) }()
		if err := copyFile(ctx, b.Path, next); err != nil {
			return disk.Error("copy the warehouse to", next, err)
		}
		if db, err = Open(next); err != nil {
			return unreadable(err)
		}
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, sqlfiles.Text("warehouse/published_partitions.sql"))
	if err != nil {
		return readingError(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var f publishedFile
		if err := rows.Scan(&f.table, &f.Path, &f.Size, &f.Modified, &f.rows, &f.checksum); err != nil {
			return readingError(ctx, err)
		}
		if err := use(f); err != nil {
			return err
		}
	}
	return readingError(ctx, rows.Err())
}

// readingError is an error of reading the published warehouse.
func readingError(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return unreadable(err)
}

// withTables is the build of all tables, unless it is of some.
func (b Build) withTables() Build {
	if b.tables == nil {
		b.tables = catalog.Tables()
	}
	return b
}
