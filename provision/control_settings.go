package provision

import (
	"context"
	"database/sql"
	"fmt"
)

// Settings reads the rules. A name or value that is wrong is an error: a rule that was meant to be
// strict must not be left out. One without a row is as in a new control database.
func (c *Control) Settings(ctx context.Context) (Settings, error) {
	s := DefaultSettings()
	rows, err := c.db.QueryContext(ctx, "SELECT setting, value FROM settings ORDER BY setting")
	if err != nil {
		return Settings{}, c.explain("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return Settings{}, c.explain("read", err)
		}
		if err := s.Set(name, value); err != nil {
			return Settings{}, err
		}
	}
	if err := rows.Err(); err != nil {
		return Settings{}, c.explain("read", err)
	}
	return s, nil
}

// Set changes a rule.
func (c *Control) Set(ctx context.Context, name, value string) error {
	if err := new(Settings).Set(name, value); err != nil {
		return err
	}
	return c.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE settings SET value = ? WHERE setting = ?", value, name)
		return err
	})
}

func addDefaultSettings(ctx context.Context, tx *sql.Tx) error {
	for _, s := range KnownSettings() {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO settings VALUES (?, ?, ?)", s.Name, s.Value, s.Meaning); err != nil {
			return fmt.Errorf("cannot add setting %s: %w", s.Name, err)
		}
	}
	return nil
}
