package warehouse

import (
	sqlfiles "m365lake/sql"

	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/disk"
	"m365lake/internal/text"
	"m365lake/load/lake"
	"m365lake/schemas"
)

// Build makes the warehouse from the lake. Readers do not wait for it: it works on a copy beside
// the published file, and puts the copy in its place when everything has succeeded. Two builds of one path
// must not run at the same time.
type Build struct {
	Lake        lake.Lake
	Path        string   // the published warehouse file
	SQL         fs.FS    // rollups/*.sql, views/*.sql and checks/*.sql
	Exports     string   // folder for the views as Parquet; "" for none
	Privacy     *Privacy // of the exports; nil tells who is who
	MemoryLimit string   // of DuckDB to begin with, such as "192MB", which is also the default
	Threads     int      // 0 is one for a small lake, and else the number of processors
	Version     string   // of the program, recorded in the warehouse
	AcceptLoss  bool     // publish also when lake files are gone that nothing removed on purpose

	tables []*schemas.Table // all of schemas.Tables, except in tests
}

// BuildResult says what a build did.
type BuildResult struct {
	Rebuilt    bool   // from the lake alone
	Partitions int    // lake files loaded, replaced or removed
	Rows       int64  // rows loaded
	Views      int    // views created
	Reason     string // why it was rebuilt
}

// noWarehouse is the Reason of a first build.
const noWarehouse = "there was no warehouse yet"

// Healed says whether the warehouse was made anew although nobody asked for that and there was one.
func (r BuildResult) Healed() bool {
	return r.Rebuilt && r.Reason != noWarehouse && r.Reason != askedFor
}

// askedFor is the Reason of Rebuild.
const askedFor = "a rebuild was asked for"

// Run brings the published warehouse in line with the lake. It loads only what changed, and
// rebuilds by itself when there is no warehouse yet, when it cannot be read, or when a table has
// another shape now. Its error is a LossError if the lake lost files.
func (b Build) Run(ctx context.Context) (BuildResult, error) { return b.publish(ctx, "") }

// Rebuild makes the warehouse from the lake alone. Its error is a LossError if the lake lost files, and
// ErrNoLake if it has none.
func (b Build) Rebuild(ctx context.Context) (BuildResult, error) {
	empty, err := b.Lake.IsEmpty()
	if err == nil && empty {
		err = fmt.Errorf("%w in %s to make a warehouse from, and the last one stays; name the data folder with --data, "+
			"see that its disk is mounted, or restore the lake from a backup", ErrNoLake, b.Lake.Dir)
	}
	if err != nil {
		return BuildResult{}, err
	}
	return b.publish(ctx, askedFor)
}

// publish builds unless that would lose history, and then forgets what was removed from the lake on purpose:
// no warehouse has it any more.
func (b Build) publish(ctx context.Context, reason string) (BuildResult, error) {
	if err := b.RefuseLoss(ctx); err != nil {
		return BuildResult{}, err
	}
	result, err := b.withEnoughMemory(ctx, reason)
	if err != nil {
		return result, err
	}
	return result, b.Lake.ForgetRemoved()
}

// moreMemory is how often the memory limit is doubled before a build that needs more is given up.
const moreMemory = 3

// withEnoughMemory begins with the memory limit and doubles it when DuckDB cannot do with it: a
// night without a warehouse is worse than one that takes more memory.
func (b Build) withEnoughMemory(ctx context.Context, reason string) (result BuildResult, err error) {
	b.MemoryLimit = cmp.Or(b.MemoryLimit, "192MB")
	for range moreMemory {
		if result, err = b.run(ctx, reason); !outOfMemory(err) {
			return result, err
		}
		b.MemoryLimit = doubled(b.MemoryLimit)
	}
	if result, err = b.run(ctx, reason); outOfMemory(err) {
		err = fmt.Errorf("DuckDB needs more memory than %s; raise duckdb.memory in the configuration: %w",
			b.MemoryLimit, err)
	}
	return result, err
}

func outOfMemory(err error) bool {
	var failed *duckdb.Error
	return errors.As(err, &failed) && failed.Type == duckdb.ErrorTypeOutOfMemory
}

// doubled is twice a memory limit such as 192MB; one of another form stays as it is.
func doubled(limit string) string {
	unit := strings.TrimLeft(limit, "0123456789")
	number, err := strconv.Atoi(strings.TrimSuffix(limit, unit))
	if err != nil {
		return limit
	}
	return strconv.Itoa(2*number) + unit
}

func (b Build) run(ctx context.Context, reason string) (result BuildResult, err error) {
	b = b.withTables()
	if b.Path, err = filepath.Abs(b.Path); err != nil {
		return result, err
	}
	if err := os.MkdirAll(filepath.Dir(b.Path), disk.FolderMode); err != nil {
		return result, disk.Error("make", filepath.Dir(b.Path), err)
	}
	next := b.Path + ".next"
	if err := errors.Join(refuseLog(b.Path), discardNext(next)); err != nil {
		return result, err
	}
	defer func() {
		if ctx.Err() != nil && err != nil {
			err = context.Cause(ctx) // rather than DuckDB's words for it
		}
		err = errors.Join(err, discardNext(next)) // what is published is no longer there
	}()
	if reason == "" {
		result, err = b.update(ctx, next)
		var unusable *unusableError
		if !errors.As(err, &unusable) {
			return result, err
		}
		reason = unusable.reason
		if err := discardNext(next); err != nil {
			return result, err
		}
	}
	result, err = b.fill(ctx, next, true)
	result.Rebuilt, result.Reason = true, reason
	return result, err
}

// unusableError says why the published warehouse is no base for the next one.
type unusableError struct{ reason string }

func (e *unusableError) Error() string { return e.reason }

// unreadable is an unusableError of a file that DuckDB cannot read.
func unreadable(err error) error {
	return &unusableError{"the published warehouse could not be read: " + text.OneLineError(err).Error()}
}

// update builds upon a copy of the published file.
func (b Build) update(ctx context.Context, next string) (BuildResult, error) {
	if _, err := os.Stat(b.Path); errors.Is(err, fs.ErrNotExist) {
		return BuildResult{}, &unusableError{noWarehouse}
	}
	if err := copyFile(ctx, b.Path, next); err != nil {
		return BuildResult{}, disk.Error("copy the warehouse to", next, err)
	}
	return b.fill(ctx, next, false)
}

// fill does the work on the file that will be published, and publishes it.
func (b Build) fill(ctx context.Context, next string, fresh bool) (result BuildResult, err error) {
	db, err := openNext(next, b.MemoryLimit, cmp.Or(b.Threads, 1))
	if err != nil {
		return result, disk.Error("open", next, err)
	}
	closed := false
	defer func() {
		if !closed {
			err = errors.Join(err, db.Close())
		}
	}()
	if err := b.usable(ctx, db, next, fresh); err != nil {
		return result, err
	}
	result, err = b.change(ctx, db, fresh)
	if err != nil {
		return result, b.explain(next, err, fresh)
	}
	if _, err := db.ExecContext(ctx, "CHECKPOINT warehouse"); err != nil {
		return result, healable(disk.Error("write", next, err), fresh)
	}
	exports, err := b.export(ctx, db)
	defer exports.discard()
	if err != nil {
		return result, healable(err, fresh)
	}
	closed = true
	if err := db.Close(); err != nil {
		return result, healable(disk.Error("close", next, err), fresh)
	}
	if err := publishWarehouse(next, b.Path); err != nil {
		return result, err
	}
	return result, exports.publish()
}

// usable opens the file and sees whether it is a base to build upon.
func (b Build) usable(ctx context.Context, db *sql.DB, next string, fresh bool) error {
	if fresh {
		if err := db.PingContext(ctx); err != nil {
			return disk.Error("make", next, err)
		}
		return nil
	}
	var hash, rollups string
	wanted, err := b.rollupsHash()
	if err != nil {
		return err
	}
	err = db.QueryRowContext(ctx, sqlfiles.Text("warehouse/made_by.sql")).Scan(&hash, &rollups)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return unreadable(err)
	case hash != b.schemaHash():
		return &unusableError{"the shape of the tables changed"}
	case rollups != wanted:
		return &unusableError{"the roll-ups are made in another way"}
	}
	return nil
}

// layout is the version of the tables in the schema m365lake.
const layout = "2"

// schemaHash identifies the shape of all tables, those of the schema m365lake included.
func (b Build) schemaHash() string {
	h := sha256.New()
	fmt.Fprintln(h, layout)
	for _, t := range b.tables {
		fmt.Fprintln(h, t.Hash())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// change does everything to the content, on one connection because it keeps temporary tables. There
// is no transaction around all of it: nobody sees the file before it is published, a build that fails
// throws it away, and a transaction would hold the new rows in memory until its end.
func (b Build) change(ctx context.Context, db *sql.DB, fresh bool) (result BuildResult, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if fresh {
		if err := b.create(ctx, conn); err != nil {
			return result, err
		}
	}
	s := &session{Build: b, conn: conn, db: db}
	for _, table := range b.tables {
		if table.RollupOf != nil {
			continue
		}
		if err := s.load(ctx, table); err != nil {
			return result, err
		}
	}
	if err := s.rollUp(ctx); err != nil {
		return result, err
	}
	result.Partitions, result.Rows = s.partitions, s.rows
	if result.Views, err = b.replaceViews(ctx, conn); err != nil {
		return result, err
	}
	if err := s.check(ctx); err != nil {
		return result, err
	}
	return result, b.describe(ctx, conn)
}

// create makes the tables of a new warehouse.
func (b Build) create(ctx context.Context, conn *sql.Conn) error {
	statements := []string{sqlfiles.Text("warehouse/create.sql")}
	for _, t := range b.tables {
		statements = append(statements, t.CreateTable())
	}
	return inOneTransaction(ctx, conn, func(tx executor) error { return execute(ctx, tx, statements) })
}

// describe records what made the warehouse, and the documentation of the tables where it changed.
func (b Build) describe(ctx context.Context, conn *sql.Conn) error {
	var comments []string
	for _, t := range b.tables {
		comments = append(comments, t.Comments()...)
	}
	documentation := sha256.Sum256([]byte(strings.Join(comments, "\n")))
	rollups, err := b.rollupsHash()
	if err != nil {
		return err
	}
	meta := map[string]string{
		"schema":        b.schemaHash(),
		"rollups":       rollups,
		"version":       b.Version,
		"documentation": hex.EncodeToString(documentation[:]),
	}
	var described bool
	question := sqlfiles.Text("warehouse/is_described.sql")
	if err := conn.QueryRowContext(ctx, question, meta["documentation"]).Scan(&described); err != nil {
		return err
	}
	if !described {
		err := inOneTransaction(ctx, conn, func(tx executor) error { return execute(ctx, tx, comments) })
		if err != nil {
			return err
		}
	}
	if err := execute(ctx, conn, []string{sqlfiles.Text("warehouse/forget_meta.sql")}); err != nil {
		return err
	}
	for key, value := range meta {
		if _, err := conn.ExecContext(ctx, sqlfiles.Text("warehouse/record_meta.sql"), key, value); err != nil {
			return err
		}
	}
	return nil
}

// inOneTransaction makes tables, views or comments in one transaction: each by itself would be written to
// disk and waited for. Rows are not loaded in it, because a transaction holds them in memory until its end.
func inOneTransaction(ctx context.Context, conn *sql.Conn, work func(executor) error) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func execute(ctx context.Context, conn executor, statements []string) error {
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
