package provision

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A ProtectionKind is what the value of a Protection names.
type ProtectionKind string

// The kinds of protection.
const (
	ProtectAccount ProtectionKind = "account" // sign-in name or object id
	ProtectRole    ProtectionKind = "role"    // all its holders
	ProtectGroup   ProtectionKind = "group"   // all its members
	ProtectPattern ProtectionKind = "pattern" // of sign-in names; * stands for any text
)

// A Protection is one row of protected_accounts: whom no plan may change.
type Protection struct {
	Kind   ProtectionKind
	Value  string
	Reason string // may be empty
}

// Protections reads whom no plan may change.
func (c *Control) Protections(ctx context.Context) (found []Protection, err error) {
	rows, err := c.db.QueryContext(ctx, "SELECT kind, value, coalesce(reason, '') FROM protected_accounts ORDER BY kind, value")
	if err != nil {
		return nil, c.explain("read", err)
	}
	defer rows.Close()
	kinds := []ProtectionKind{ProtectAccount, ProtectRole, ProtectGroup, ProtectPattern}
	for rows.Next() {
		var p Protection
		if err := rows.Scan(&p.Kind, &p.Value, &p.Reason); err != nil {
			return nil, c.explain("read", err)
		}
		p.Value = strings.TrimSpace(p.Value)
		switch {
		case !slices.Contains(kinds, p.Kind):
			return nil, fmt.Errorf("table protected_accounts, value %q: kind %q must be %s", p.Value, p.Kind, oneOf(kinds))
		case p.Value == "":
			return nil, fmt.Errorf("table protected_accounts, kind %s: a value is empty; fill it in or delete the row", p.Kind)
		}
		found = append(found, p)
	}
	if err := rows.Err(); err != nil {
		return nil, c.explain("read", err)
	}
	return found, nil
}
