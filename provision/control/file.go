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

// A File is a control database that is opened for each piece of work and closed after it, so that others
// get at it in between. Its methods may be called concurrently: within the process one waits for another,
// however long that takes; for another process they wait as long as Wait says.
type File struct {
	Path string
	Wait time.Duration

	mu     sync.Mutex
	closed time.Time // when it was closed last
	free   time.Time // when it was last left free for a whole turn
}

// Others look for a free file every lockPause. Where work follows work, a File leaves it free for a turn
// after each time of busyFor, so that they find it.
const (
	turn    = lockPause + 20*time.Millisecond
	busyFor = time.Second
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

// Change opens the control database for writing, hands it to do and closes it. While do runs, nobody else
// can read or change it. When Change returns nil, what was written is on disk.
func (f *File) Change(ctx context.Context, do func(*Database) error) error {
	return f.use(ctx, Open, do)
}

// View opens the control database for reading, hands it to do and closes it.
func (f *File) View(ctx context.Context, do func(*Database) error) error {
	return f.use(ctx, OpenReadOnly, do)
}

func (f *File) use(
	ctx context.Context, open func(context.Context, string, time.Duration) (*Database, error), do func(*Database) error,
) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.leaveTurn(ctx); err != nil {
		return err
	}
	db, err := open(ctx, f.Path, f.Wait)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, db.Close())
		f.closed = clock.Machine().Now()
	}()
	return do(db)
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
