package control

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"

	sqlfiles "m365lake/sql"
)

// A controlStep is one file of sql/control whose name begins with a number. Each is run once, in the
// order of their numbers; a control database remembers the last one.
type controlStep struct {
	version int
	text    string
}

func controlSteps(files fs.FS) ([]controlStep, error) {
	paths, err := fs.Glob(files, "control/[0-9]*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]controlStep, len(paths))
	for i, name := range paths {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		version, err := strconv.Atoi(path.Base(name)[:3])
		if err != nil {
			return nil, fmt.Errorf("sql/%s: the name must begin with three digits", name)
		}
		steps[i] = controlStep{version, string(text)}
	}
	slices.SortFunc(steps, func(a, b controlStep) int { return cmp.Compare(a.version, b.version) })
	return steps, nil
}

// version is how far the control database is built; 0 is an empty one.
func (c *Database) version(ctx context.Context) (int, error) {
	var tables, marks int
	err := c.db.QueryRowContext(ctx, statement("version_tables")).Scan(&tables, &marks)
	if err != nil {
		return 0, c.explain("read", err)
	}
	if marks == 0 {
		if tables > 0 {
			return 0, fmt.Errorf("%s has tables, but none called control_version: it is no control database; name the right "+
				"folder with --data", c.path)
		}
		return 0, nil
	}
	var version sql.NullInt64
	var rows int
	if err := c.db.QueryRowContext(ctx, statement("version")).Scan(&version, &rows); err != nil {
		return 0, c.explain("read", err)
	}
	if rows != 1 {
		return 0, fmt.Errorf("table control_version of %s has %d rows instead of one; restore it from a backup", c.path, rows)
	}
	return int(version.Int64), nil
}

// upgrade runs the steps that the control database has not had, and adds the settings it lacks;
// all of them or none.
func (c *Database) upgrade(ctx context.Context, steps []controlStep) error {
	version, err := c.version(ctx)
	if err != nil {
		return err
	}
	newest := steps[len(steps)-1].version
	if version > newest {
		return newerControl(c.path, version, newest)
	}
	return c.change(ctx, func(tx *sql.Tx) error {
		for _, step := range steps {
			if step.version <= version {
				continue
			}
			if _, err := tx.ExecContext(ctx, step.text); err != nil {
				return c.explain("build", fmt.Errorf("step %d: %w", step.version, err))
			}
		}
		if version < newest {
			_, deleted := tx.ExecContext(ctx, statement("version_forget"))
			_, inserted := tx.ExecContext(ctx, statement("version_set"), newest)
			if err := errors.Join(deleted, inserted); err != nil {
				return c.explain("build", err)
			}
		}
		return addDefaultSettings(ctx, tx)
	})
}

// statement is the text of a file in sql/control.
func statement(name string) string { return sqlfiles.Text("control/" + name + ".sql") }
