package control

import (
	"context"
	"fmt"
	"strings"

	"m365lake/provision"
	"m365lake/schemas"
)

// Prices reads what seats cost, by product id or part number in lower case.
func (c *Database) Prices(ctx context.Context) (map[string]provision.Price, error) {
	rows, err := c.db.QueryContext(ctx, statement("prices"))
	if err != nil {
		return nil, c.explain("read", err)
	}
	defer rows.Close()
	prices := map[string]provision.Price{}
	for rows.Next() {
		var sku string
		var p provision.Price
		if err := rows.Scan(&sku, &p.Monthly, &p.Currency); err != nil {
			return nil, c.explain("read", err)
		}
		key := strings.ToLower(strings.TrimSpace(sku))
		_, again := prices[key]
		switch {
		case again:
			return nil, fmt.Errorf("table sku_prices, sku %q: stands there twice, in capitals and small letters; delete one "+
				"of the rows", sku)
		case p.Monthly < 0:
			return nil, fmt.Errorf("table sku_prices, sku %q: monthly_price %g is below 0", sku, p.Monthly)
		case !schemas.ValidCurrency(p.Currency):
			return nil, fmt.Errorf("table sku_prices, sku %q: currency %q must be three capital letters such as EUR", sku,
				p.Currency)
		}
		prices[key] = p
	}
	if err := rows.Err(); err != nil {
		return nil, c.explain("read", err)
	}
	return prices, nil
}
