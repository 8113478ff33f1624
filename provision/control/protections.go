package control

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"m365lake/provision"
)

// Protections reads whom no plan may change.
func (c *Database) Protections(ctx context.Context) (found []provision.Protection, err error) {
	rows, err := c.db.QueryContext(ctx, statement("protections"))
	if err != nil {
		return nil, c.explain("read", err)
	}
	defer rows.Close()
	kinds := []provision.ProtectionKind{
		provision.ProtectAccount, provision.ProtectRole, provision.ProtectGroup, provision.ProtectPattern}
	for rows.Next() {
		var p provision.Protection
		if err := rows.Scan(&p.Kind, &p.Value, &p.Reason); err != nil {
			return nil, c.explain("read", err)
		}
		p.Value = strings.TrimSpace(p.Value)
		switch {
		case !slices.Contains(kinds, p.Kind):
			return nil, fmt.Errorf("table protected_accounts, value %q: kind %q must be %s", p.Value, p.Kind,
				provision.Alternatives(kinds))
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
