package control

import (
	"context"
	"database/sql"
	"fmt"

	"m365lake/provision"
)

// Settings reads the rules. A name or value that is wrong is an error: a rule that was meant to be
// strict must not be left out. One without a row is as in a new control database.
func (c *Database) Settings(ctx context.Context) (provision.Settings, error) {
	s := provision.DefaultSettings()
	rows, err := c.db.QueryContext(ctx, statement("settings"))
	if err != nil {
		return provision.Settings{}, c.explain("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return provision.Settings{}, c.explain("read", err)
		}
		if err := s.Set(name, value); err != nil {
			return provision.Settings{}, err
		}
	}
	if err := rows.Err(); err != nil {
		return provision.Settings{}, c.explain("read", err)
	}
	return s, nil
}

// SetSetting changes a rule.
func (c *Database) SetSetting(ctx context.Context, name, value string) error {
	if err := new(provision.Settings).Set(name, value); err != nil {
		return err
	}
	return c.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement("setting_set"), name, value)
		return err
	})
}

func addDefaultSettings(ctx context.Context, tx *sql.Tx) error {
	for _, s := range provision.KnownSettings() {
		if _, err := tx.ExecContext(ctx, statement("setting_add"), s.Name, s.Value, s.Meaning); err != nil {
			return fmt.Errorf("cannot add setting %s: %w", s.Name, err)
		}
	}
	return nil
}
