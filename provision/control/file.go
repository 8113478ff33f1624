package control

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"m365lake/internal/clock"
)

// UsualWait is how long a command and a run wait for a control database that another process has open.
const UsualWait = 10 * time.Second

// A File is a control database that is opened for each piece of work and closed after it, so that others
// get at it in between. Its methods may be called concurrently: within the process one waits for another,
// however long that takes; for another process they wait as long as Wait says.
type File struct {
	Path string
	Wait time.Duration

	mu     sync.Mutex
	closed time.Time // when it was closed last
	free   time.Time // when it was last left free for a whole turn

	kept     bool          // whether it stays open between pieces of work
	open     *openDatabase // what is open between them, or nil
	idle     clock.Timer   // closes open when nobody uses it
	uses     int           // counts pieces of work
	closeErr error         // of a close that nobody waited for
}

// openDatabase is a database that stays open for the next piece of work.
type openDatabase struct {
	*Database
	mode  openMode
	since time.Time
}

type openMode int

const (
	forReading openMode = iota
	forWriting
)

// Others look for a free file every lockPause. Where work follows work, a File leaves it free for a turn
// after each time of busyFor, so that they find it. A file that is kept open is closed sooner, when
// nobody used it for idleFor.
const (
	turn    = lockPause + 20*time.Millisecond
	busyFor = time.Second
	idleFor = lockPause / 2
)

// leaveTurn waits until others had a chance to open the file.
func (f *File) leaveTurn(ctx context.Context) error {
	machine := clock.Machine()
	now := machine.Now()
	gap := now.Sub(f.closed)
	switch {
	case gap >= turn:
	case now.Sub(f.free) < busyFor:
		return nil
	default:
		if err := machine.Sleep(ctx, turn-gap); err != nil {
			return err
		}
	}
	f.free = machine.Now()
	return nil
}

// KeepOpen is for many small pieces of work: opening and closing takes several times as long as writing
// one row. Until release is called, the database may stay open after Change and View, for at most a
// second and only while it is used; others then get their turn. release closes it and returns the errors
// of closing that no other call returned. What Change wrote is on disk when it returns, open or not.
func (f *File) KeepOpen() (release func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = true
	return func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.kept = false
		f.closeOpen()
		return f.takeCloseErr()
	}
}

// Change opens the control database for writing, hands it to do and closes it. While do runs, nobody else
// can read or change it. When Change returns nil, what was written is on disk.
func (f *File) Change(ctx context.Context, do func(*Database) error) error {
	return f.use(ctx, forWriting, do)
}

// View opens the control database for reading, hands it to do and closes it.
func (f *File) View(ctx context.Context, do func(*Database) error) error {
	return f.use(ctx, forReading, do)
}

func (f *File) use(ctx context.Context, mode openMode, do func(*Database) error) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.uses++; f.idle != nil {
		f.idle.Stop()
	}
	if err := f.openFor(ctx, mode); err != nil {
		return errors.Join(err, f.takeCloseErr())
	}
	well := false // a database is not used again after an error or a panic
	defer func() {
		if age := clock.Machine().Now().Sub(f.open.since); !well || !f.kept || age >= busyFor {
			f.closeOpen()
		} else {
			f.closeWhenIdle()
		}
		err = errors.Join(err, f.takeCloseErr())
	}()
	err = do(f.open.Database)
	well = err == nil
	return err
}

// openFor opens the database, unless it is open in this mode.
func (f *File) openFor(ctx context.Context, mode openMode) error {
	if f.open != nil && f.open.mode == mode && clock.Machine().Now().Sub(f.open.since) < busyFor {
		return nil
	}
	f.closeOpen()
	if err := f.leaveTurn(ctx); err != nil {
		return err
	}
	open := OpenReadOnly
	if mode == forWriting {
		open = Open
	}
	db, err := open(ctx, f.Path, f.Wait)
	if err == nil {
		f.open = &openDatabase{db, mode, clock.Machine().Now()}
	}
	return err
}

// closeWhenIdle closes the database if no other work comes within idleFor.
func (f *File) closeWhenIdle() {
	use := f.uses
	f.idle = clock.Machine().AfterFunc(idleFor, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.uses == use {
			f.closeOpen()
		}
	})
}

func (f *File) closeOpen() {
	if f.open == nil {
		return
	}
	f.closeErr = errors.Join(f.closeErr, f.open.Close())
	f.open, f.closed = nil, clock.Machine().Now()
}

// takeCloseErr returns what could not be closed since the last call.
func (f *File) takeCloseErr() error {
	err := f.closeErr
	f.closeErr = nil
	return err
}

// LockApply makes the caller the only one who applies a plan of this control database until release is
// called or the process ends. It is not the lock of the file: others may read and write it meanwhile, but
// not end the plan. LockApply returns an error if another plan is still being applied after wait.
func (f *File) LockApply(ctx context.Context, planID string, wait time.Duration) (release func() error, err error) {
	path, err := filepath.Abs(f.Path)
	if err != nil {
		return nil, err
	}
	lock := applyLock(path)
	limit, stop := context.WithTimeout(ctx, wait)
	defer stop()
	if err := takeLock(ctx, limit, path, lock, (*flock.Flock).TryLock,
		"another m365lake applies a plan of %s; wait for it to end and try again"); err != nil {
		return nil, err
	}
	if err := os.WriteFile(lock.Path(), []byte(planID), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot write %s: %w", lock.Path(), err), lock.Unlock())
	}
	return lock.Unlock, nil
}

func applyLock(path string) *flock.Flock {
	return flock.New(path+".apply.lock", flock.SetPermissions(0o600))
}

// anyPlan stands for a plan whose name is not known.
const anyPlan = "?"

// beingApplied returns the id of the plan that somebody applies now, anyPlan if it is not known yet, or "".
// The caller has the control database open for writing: a run that begins meanwhile reads the plan
// only after the caller is done with it.
func (c *Database) beingApplied() (planID string, err error) {
	lock := applyLock(c.path)
	free, err := lock.TryLock()
	if err != nil {
		return "", fmt.Errorf("cannot lock %s: %w", lock.Path(), err)
	}
	text, err := os.ReadFile(lock.Path())
	if free { // what is in the file was left by a run that has ended
		return "", errors.Join(os.Truncate(lock.Path(), 0), lock.Unlock())
	}
	if err != nil || strings.TrimSpace(string(text)) == "" {
		return anyPlan, err
	}
	return strings.TrimSpace(string(text)), nil
}

// refuseWhileApplied is an error while a run carries out the plan.
func (c *Database) refuseWhileApplied(planID string) error {
	applied, err := c.beingApplied()
	if err != nil {
		return err
	}
	if applied == planID || applied == anyPlan {
		return fmt.Errorf("plan %s is being applied; interrupt that run or wait for its end, and try again", planID)
	}
	return nil
}
