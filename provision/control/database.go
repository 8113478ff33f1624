package control

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	sqlfiles "m365lake/sql"
)

// Database is the control database, data/control.duckdb: what people ask for, the rules, the plans
// and the ledger. Its methods may be called concurrently.
type Database struct {
	db   *sql.DB
	lock *flock.Flock
	path string
}

// Create makes the control database, readable by its owner alone, or brings an older one up to
// date. One that is up to date stays as it is.
func Create(ctx context.Context, path string) (*Database, error) {
	steps, err := controlSteps(sqlfiles.Files)
	if err != nil {
		return nil, err
	}
	return create(ctx, path, steps)
}

// createWait is how long Create waits for others: somebody is sitting before it.
const createWait = 5 * time.Second

func create(ctx context.Context, path string, steps []controlStep) (_ *Database, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the folder of the control database: %w", err)
	}
	_, statErr := os.Stat(path)
	if errors.Is(statErr, fs.ErrNotExist) {
		if err := refuseStrayLog(path); err != nil {
			return nil, err
		}
	} else if statErr != nil {
		return nil, statErr
	}
	mode, fresh := "READ_WRITE", errors.Is(statErr, fs.ErrNotExist)
	if fresh { // small blocks, because every close writes a few of them for a handful of rows
		mode = "STORAGE_VERSION 'v1.4.0', BLOCK_SIZE 16384"
	}
	c, err := open(ctx, path, mode, createWait, (*flock.Flock).TryLock)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	if fresh {
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, err
		}
	}
	if err := c.upgrade(ctx, steps); err != nil {
		return nil, err
	}
	return c, nil
}

// refuseStrayLog refuses the write-ahead log of a control database that is gone: DuckDB would
// replay it into the new one.
func refuseStrayLog(path string) error {
	if _, err := os.Lstat(path + ".wal"); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s.wal exists, but %s does not; restore the control database from a backup, or move the .wal "+
			"file away to begin a new one", path, filepath.Base(path))
	}
	return nil
}

// Open opens the control database for writing. While another process has it open it tries again
// for as long as wait says.
func Open(ctx context.Context, path string, wait time.Duration) (*Database, error) {
	return openExisting(ctx, path, "READ_WRITE", wait, (*flock.Flock).TryLock)
}

// OpenReadOnly opens the control database for reading, which several may do at once.
func OpenReadOnly(ctx context.Context, path string, wait time.Duration) (*Database, error) {
	return openExisting(ctx, path, "READ_ONLY", wait, (*flock.Flock).TryRLock)
}

func openExisting(
	ctx context.Context, path, mode string, wait time.Duration, take func(*flock.Flock) (bool, error),
) (*Database, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no control database at %s; make one with m365lake provision init: %w", path, err)
	}
	steps, err := controlSteps(sqlfiles.Files)
	if err != nil {
		return nil, err
	}
	c, err := open(ctx, path, mode, wait, take)
	if err != nil {
		return nil, err
	}
	version, err := c.version(ctx)
	newest := steps[len(steps)-1].version
	switch {
	case err != nil:
	case version < newest:
		err = fmt.Errorf("%s is of version %d, this m365lake needs %d; run m365lake provision init, which brings it up to "+
			"date and keeps its rows", path, version, newest)
	case version > newest:
		err = newerControl(path, version, newest)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func newerControl(path string, version, newest int) error {
	return fmt.Errorf("%s is of version %d, this m365lake knows only up to %d; use the newer m365lake that made it", path,
		version, newest)
}

// Close writes everything into the one file and lets others open it.
func (c *Database) Close() error { return errors.Join(c.db.Close(), c.lock.Unlock()) }

// QueryContext asks the control database in SQL.
func (c *Database) QueryContext(ctx context.Context, question string, args ...any) (*sql.Rows, error) {
	return c.db.QueryContext(ctx, question, args...)
}

// change runs do in a transaction: all that it does stays, or nothing when it returns an error or panics.
// There is one connection, so that a call that does not go through tx within do waits without end.
func (c *Database) change(ctx context.Context, do func(tx *sql.Tx) error) (err error) {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return c.explain("write", err)
	}
	defer func() {
		if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return c.explain("write", err)
	}
	return nil
}
