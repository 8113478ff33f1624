package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"m365lake/load/lake"
	"m365lake/schemas"
)

// Verified is what came of looking at every lake file.
type Verified struct {
	Files     int      // of the lake
	Rows      int64    // in those that can be read
	Published int      // of Files, those whose rows the published warehouse has
	Lost      []string // paths within the lake: the published warehouse has them, and nothing removed them on purpose
	Damaged   []string // what is wrong with a file, each with its path and what to do
	Unknown   string   // why the published warehouse cannot say what was in the lake; empty if it can
}

// Sound says whether nothing is lost or damaged.
func (v Verified) Sound() bool { return len(v.Lost)+len(v.Damaged) == 0 }

// Verify reads every lake file to its end, and compares the lake with what the published warehouse was made
// from. It changes nothing. Its error says that the lake could not be looked at. A run may not work in the
// lake meanwhile.
func (b Build) Verify(ctx context.Context) (v Verified, err error) {
	b = b.withTables()
	published, err := b.published(ctx, &v)
	if err != nil {
		return v, err
	}
	removed, err := b.Lake.Removed()
	if err != nil {
		return v, err
	}
	for _, table := range b.tables {
		stamps, err := b.Lake.Scan(ctx, table)
		if err != nil {
			return v, err
		}
		for _, stamp := range stamps {
			v.Files++
			rows, err := b.verifyFile(ctx, table, stamp, published, &v)
			var damaged *lake.DamagedError
			switch {
			case errors.As(err, &damaged):
				v.Damaged = append(v.Damaged, err.Error())
			case err != nil:
				return v, err
			}
			v.Rows += rows
			delete(published, stamp.Path)
		}
		for path, f := range published {
			if f.table == table.Name && !removed[path] {
				v.Lost = append(v.Lost, path)
			}
		}
	}
	slices.Sort(v.Lost)
	return v, nil
}

// verifyFile returns the rows of a file. Its error is a DamagedError if the file cannot be read, or is not what
// the published warehouse was made from although nobody replaced it.
func (b Build) verifyFile(
	ctx context.Context, table *schemas.Table, stamp lake.Stamp, published map[string]publishedFile, v *Verified,
) (rows int64, err error) {
	if rows, err = b.Lake.Check(ctx, table, stamp); err != nil {
		return 0, err
	}
	before, was := published[stamp.Path]
	if !was || before.Stamp != stamp {
		return rows, nil
	}
	v.Published++
	path := filepath.Join(b.Lake.Dir, stamp.Path)
	if rows != before.rows {
		return rows, lake.Damaged(path,
			fmt.Errorf("it has %d rows, and the published warehouse was made from %d", rows, before.rows))
	}
	sum, err := b.Lake.Checksum(stamp)
	switch {
	case err != nil:
		return rows, lake.Damaged(path, err)
	case before.checksum.Valid && sum != before.checksum.Int64:
		return rows, lake.Damaged(path, errors.New("its content changed after the published warehouse was made from it"))
	}
	return rows, nil
}

// published are the lake files that the published warehouse has, by their paths.
func (b Build) published(ctx context.Context, v *Verified) (map[string]publishedFile, error) {
	files := map[string]publishedFile{}
	if _, err := os.Stat(b.Path); errors.Is(err, fs.ErrNotExist) {
		v.Unknown = noWarehouse
		return files, nil
	}
	err := b.eachPublished(ctx, func(f publishedFile) error {
		files[f.Path] = f
		return nil
	})
	var unusable *unusableError
	if errors.As(err, &unusable) {
		v.Unknown, err = unusable.reason, nil
	}
	return files, err
}
