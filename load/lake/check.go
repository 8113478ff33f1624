package lake

import (
	"context"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
)

// Check reads all of a file of a table and returns its rows. Its error is a DamagedError if the file cannot
// be read or has not as many rows as it says. Not every changed byte makes a file unreadable; Checksum
// tells of each.
func (l Lake) Check(ctx context.Context, table *schemas.Table, stamp Stamp) (rows int64, err error) {
	path := filepath.Join(l.Dir, stamp.Path)
	footer, err := ReadFooter(path)
	if err != nil {
		return 0, Damaged(path, err)
	}
	_, err = readFile(ctx, path, table.ArrowSchema(), func(batch arrow.RecordBatch) bool {
		rows += batch.NumRows()
		return true
	})
	switch {
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case err != nil:
		return 0, Damaged(path, err)
	case rows != footer.Rows:
		return 0, Damaged(path, fmt.Errorf("it has %d rows and says that it has %d", rows, footer.Rows))
	}
	return rows, nil
}

// checksums is the polynomial of ECMA-182.
var checksums = crc64.MakeTable(crc64.ECMA)

// Checksum is the CRC-64 of all bytes of a file, as a number of DuckDB's BIGINT. It tells a file whose bytes
// changed on the disk from the one that was written; it is no proof against people who change files.
func (l Lake) Checksum(stamp Stamp) (sum int64, err error) {
	f, err := os.Open(filepath.Join(l.Dir, stamp.Path))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := crc64.New(checksums)
	if _, err := io.Copy(h, f); err != nil {
		return 0, err
	}
	return int64(h.Sum64()), nil
}
