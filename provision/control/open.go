package control

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"m365lake/internal/clock"
	"m365lake/internal/disk"
	"m365lake/internal/duck"
)

// lockPause is how long to wait between two tries for a file that somebody has open.
const lockPause = 100 * time.Millisecond

// open attaches the control database to a DuckDB instance of its own. DuckDB's lock keeps other
// processes out but not this one, so a lock of ours comes first; it is on another file because
// closing a file gives up the process's locks on it, those of DuckDB included.
func open(
	ctx context.Context, path, mode string, wait time.Duration, take func(*flock.Flock) (bool, error),
) (_ *Database, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	c := &Database{path: path, lock: flock.New(path+".lock", flock.SetPermissions(0o600))}
	limit, stop := context.WithTimeout(ctx, wait)
	defer stop()
	if err := takeLock(ctx, limit, path, c.lock, take,
		"another m365lake is at work in %s; wait for it to end and try again"); err != nil {
		return nil, err
	}
	for {
		if c.db, err = attach(path, mode); err == nil {
			err = c.db.PingContext(ctx)
		}
		if err == nil {
			return c, nil
		}
		if c.db != nil {
			err = errors.Join(err, c.db.Close())
		}
		if heldBy(err) == "" || !pause(limit) {
			return nil, errors.Join(c.explain("open", err), c.lock.Unlock())
		}
	}
}

// takeLock takes a lock, or fails when the limit ends. busy is what the error then says of the path.
func takeLock(
	ctx, limit context.Context, path string, lock *flock.Flock, take func(*flock.Flock) (bool, error), busy string,
) error {
	for {
		taken, err := take(lock)
		switch {
		case err != nil:
			return fmt.Errorf("cannot lock %s: %w; let the user who runs m365lake write to %s", path, err, filepath.Dir(path))
		case taken:
			return nil
		case !pause(limit):
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf(busy, path)
		}
	}
}

// pause waits a little and says whether there is time for another try. It uses the
// machine's clock, because other processes hold the file, whatever clock this run was given.
func pause(limit context.Context) bool { return clock.Machine().Sleep(limit, lockPause) == nil }

// attach opens the file on one connection.
func attach(path, mode string) (*sql.DB, error) {
	db, err := duck.Open(duck.File{Path: path, Name: "control", Options: []string{mode}}, duck.Settings{"threads": "1"})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // writers then wait for each other instead of failing in conflicts
	return db, nil
}

var holder = regexp.MustCompile(`Conflicting lock is held in (.+? \(PID \d+\))`)

// heldBy is who has the file open, as DuckDB says, or "".
func heldBy(err error) string {
	found := holder.FindStringSubmatch(err.Error())
	if found == nil {
		if strings.Contains(err.Error(), "Could not set lock on file") {
			return "another program"
		}
		return ""
	}
	return found[1]
}

// explain says in one line what could not be done with the control database and what to do.
func (c *Database) explain(action string, err error) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	switch {
	case heldBy(err) != "":
		return fmt.Errorf("cannot %s %s: it is open in %s; close it there and try again", action, c.path, heldBy(err))
	case strings.Contains(text, "not a valid DuckDB database file"), strings.Contains(text, "Corrupt database file"):
		return fmt.Errorf("cannot %s %s: it is no DuckDB file, or a damaged one; restore it from a backup: %s", action,
			c.path, text)
	case disk.Full(err):
		return fmt.Errorf("cannot %s %s: no space left; free some and try again: %s", action, c.path, text)
	case disk.Forbidden(err):
		return fmt.Errorf("cannot %s %s: no permission; only those who may change licences should have it: %s", action,
			c.path, text)
	}
	return fmt.Errorf("cannot %s %s: %w", action, c.path, oneLine{text, err})
}

// oneLine is an error of DuckDB without the lines that point into SQL the reader never saw.
type oneLine struct {
	text string
	err  error
}

func (e oneLine) Error() string { return e.text }
func (e oneLine) Unwrap() error { return e.err }
