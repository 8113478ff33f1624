package provision

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
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
		i := slices.IndexFunc(settings, func(k setting) bool { return k.name == name })
		if i < 0 {
			return Settings{}, &UnknownNameError{Where: "table settings", What: "setting", Name: name, Known: settingNames()}
		}
		if err := settings[i].read(strings.TrimSpace(value), &s); err != nil {
			return Settings{}, fmt.Errorf("table settings, %s: %q %w", name, value, err)
		}
	}
	if err := rows.Err(); err != nil {
		return Settings{}, c.explain("read", err)
	}
	return s, nil
}

// Set changes a rule.
func (c *Control) Set(ctx context.Context, name, value string) error {
	i := slices.IndexFunc(settings, func(k setting) bool { return k.name == name })
	if i < 0 {
		return &UnknownNameError{Where: "table settings", What: "setting", Name: name, Known: settingNames()}
	}
	if err := settings[i].read(value, new(Settings)); err != nil {
		return fmt.Errorf("setting %s: %q %w", name, value, err)
	}
	return c.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE settings SET value = ? WHERE setting = ?", value, name)
		return err
	})
}

func addDefaultSettings(ctx context.Context, tx *sql.Tx) error {
	for _, s := range settings {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO settings VALUES (?, ?, ?)", s.name, s.value, s.meaning); err != nil {
			return fmt.Errorf("cannot add setting %s: %w", s.name, err)
		}
	}
	return nil
}
