package control

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"m365lake/provision"
)

// AppendEntry adds an entry to the ledger: it gives the number, the time to the microsecond, and the
// hashes, and returns what it wrote. When it returns, the entry is on disk. It refuses to add to a
// ledger whose end is not what it left there.
func (c *Database) AppendEntry(ctx context.Context, e provision.Entry) (provision.Entry, error) {
	if !slices.Contains(provision.Events, e.Event) {
		return provision.Entry{}, fmt.Errorf("ledger: event %q must be %s", e.Event, provision.Alternatives(provision.Events))
	}
	e.At = e.At.UTC().Truncate(time.Microsecond)
	for _, text := range []*string{&e.RunID, &e.PlanID, &e.TenantID, &e.Code, &e.Detail, &e.RequestID, &e.Actor,
		&e.User.ID, &e.User.UserPrincipalName, &e.User.DisplayName} {
		*text = strings.ReplaceAll(strings.ToValidUTF8(*text, "\uFFFD"), "\x00", "\uFFFD") // what DuckDB can keep
	}
	err := c.change(ctx, func(tx *sql.Tx) (err error) {
		var last int64
		last, e.PreviousHash, err = c.ledgerHead(ctx, tx)
		if err != nil {
			return err
		}
		e.ID = last + 1
		e.Hash = e.ComputeHash()
		if _, err := tx.ExecContext(ctx, statement("ledger_append"),
			e.ID, e.RunID, e.PlanID, e.ActionID, e.TenantID, e.At, string(e.Event), string(e.Kind), e.User.ID,
			e.User.UserPrincipalName, e.User.DisplayName,
			provision.JSON(e.Before), provision.JSON(e.After), e.Code, e.Detail, e.RequestID, e.Actor, e.PreviousHash,
			e.Hash); err != nil {
			return c.explain("write", err)
		}
		if _, err := tx.ExecContext(ctx, statement("ledger_head_move"), e.ID, e.Hash); err != nil {
			return c.explain("write", err)
		}
		return nil
	})
	if err != nil {
		return provision.Entry{}, err
	}
	return e, nil
}

// ledgerHead is the number and hash of the last entry, which must be the one in the ledger.
func (c *Database) ledgerHead(ctx context.Context, from queryer) (last int64, hash string, err error) {
	var heads, entries, highest int64
	var lastHash, headHash sql.NullString
	var head sql.NullInt64
	err = from.QueryRowContext(ctx, statement("ledger_head")).Scan(&heads, &head, &headHash, &entries, &highest, &lastHash)
	if err != nil {
		return 0, "", c.explain("read", err)
	}
	last, hash = head.Int64, headHash.String
	switch {
	case heads != 1:
		return 0, "", c.tampered(fmt.Errorf("provisioning_ledger_head has %d rows instead of one", heads))
	case highest < last:
		return 0, "", c.tampered(fmt.Errorf("entry %d, its last, is missing", last))
	case highest > last:
		return 0, "", c.tampered(fmt.Errorf("entry %d was not written by m365lake", highest))
	case entries != last:
		return 0, "", c.tampered(fmt.Errorf("it has %d entries instead of %d", entries, last))
	case lastHash.String != hash:
		return 0, "", c.tampered(fmt.Errorf("entry %d was changed", last))
	}
	return last, hash, nil
}

// A LedgerError says that the ledger is not as the program wrote it.
type LedgerError struct {
	path string
	err  error
}

func (e *LedgerError) Error() string {
	return fmt.Sprintf("provisioning_ledger of %s was changed by hand: %v; nothing is changed until the control "+
		"database is restored from a backup", e.path, e.err)
}

func (e *LedgerError) Unwrap() error { return e.err }

func (c *Database) tampered(err error) error { return &LedgerError{c.path, err} }

// An EntryFilter selects entries; what is zero selects all.
type EntryFilter struct {
	ID       int64
	RunID    string
	PlanID   string
	ActionID int64
	TenantID string
}

// Entries reads entries in the order in which they were written. Each must be as it was written; of
// what is between them only VerifyLedger knows.
func (c *Database) Entries(ctx context.Context, f EntryFilter) ([]provision.Entry, error) {
	var entries []provision.Entry
	err := c.eachEntry(ctx, f, func(e provision.Entry) error {
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// VerifyLedger reads the whole ledger and names the first entry that was made, changed or removed
// by hand. It does not find an edit by a person who also computed the hashes anew, from there to the end
// and in provisioning_ledger_head. Only a comparison with a copy kept elsewhere finds that.
func (c *Database) VerifyLedger(ctx context.Context) error {
	previous, next := "", int64(1)
	err := c.eachEntry(ctx, EntryFilter{}, func(e provision.Entry) error {
		switch {
		case e.ID > next:
			return c.tampered(fmt.Errorf("entry %d is missing", next))
		case e.PreviousHash != previous:
			return c.tampered(fmt.Errorf("entry %d does not follow entry %d", e.ID, e.ID-1))
		}
		previous, next = e.Hash, next+1
		return nil
	})
	if err != nil {
		return err
	}
	_, _, err = c.ledgerHead(ctx, c.db)
	return err
}

// eachEntry hands out entries whose content fits their hash.
func (c *Database) eachEntry(ctx context.Context, f EntryFilter, each func(provision.Entry) error) error {
	rows, err := c.db.QueryContext(ctx, statement("ledger_entries"), f.ID, f.RunID, f.PlanID, f.ActionID, f.TenantID)
	if err != nil {
		return c.explain("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e provision.Entry
		var before, after string
		if err := rows.Scan(&e.ID, &e.RunID, &e.PlanID, &e.ActionID, &e.TenantID, &e.At, &e.Event, &e.Kind, &e.User.ID,
			&e.User.UserPrincipalName, &e.User.DisplayName,
			&before, &after, &e.Code, &e.Detail, &e.RequestID, &e.Actor, &e.PreviousHash, &e.Hash); err != nil {
			return c.explain("read", fmt.Errorf("table provisioning_ledger: %w", err))
		}
		e.At = e.At.UTC()
		if err := errors.Join(provision.DecodeStrictly(before, &e.Before),
			provision.DecodeStrictly(after, &e.After)); err != nil {
			return c.tampered(fmt.Errorf("entry %d: before or after: %w", e.ID, err))
		}
		if e.ComputeHash() != e.Hash {
			return c.tampered(fmt.Errorf("entry %d does not fit its hash", e.ID))
		}
		if err := each(e); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return c.explain("read", err)
	}
	return nil
}

// LedgerLength is how many entries the ledger has.
func (c *Database) LedgerLength(ctx context.Context) (entries int64, err error) {
	if err := c.db.QueryRowContext(ctx, statement("ledger_length")).Scan(&entries); err != nil {
		return 0, c.explain("read", err)
	}
	return entries, nil
}
