package provision

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	queries "m365lake/sql"
)

// userFacts are what the warehouse knows of a user. Dates are YYYY-MM-DD.
type userFacts struct {
	mailboxBytes, oneDriveBytes sql.NullInt64
	reported                    bool // by the usage reports
	lastActivity, reportDate    string
}

// productFacts are what the warehouse knows of a product.
type productFacts struct {
	name, kind string
	price      *Price
}

// query is the text of a file in sql/provision.
func query(name string) string {
	text, err := queries.Files.ReadFile("provision/" + name + ".sql")
	if err != nil { // a fault of this package
		panic(err)
	}
	return string(text)
}

// each runs a query and hands every row to scan.
func each(ctx context.Context, db *sql.DB, name string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := db.QueryContext(ctx, query(name), args...)
	if err != nil {
		return warehouseError(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return warehouseError(err)
		}
	}
	return warehouseError(rows.Err())
}

func warehouseError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the warehouse cannot be asked: %w (if another version built it, run m365lake rebuild)", err)
}

func readUserFacts(ctx context.Context, db *sql.DB, tenantID string, ids []string) (map[string]userFacts, error) {
	facts := map[string]userFacts{}
	return facts, each(ctx, db, "user_facts", func(rows *sql.Rows) error {
		var id string
		var f userFacts
		var last, report sql.NullString
		if err := rows.Scan(&id, &f.mailboxBytes, &f.oneDriveBytes, &f.reported, &last, &report); err != nil {
			return err
		}
		f.lastActivity, f.reportDate = last.String, report.String
		facts[id] = f
		return nil
	}, tenantID, strings.Join(ids, ","))
}

func readProductFacts(ctx context.Context, db *sql.DB, tenantID string) (map[string]productFacts, error) {
	facts := map[string]productFacts{}
	return facts, each(ctx, db, "product_facts", func(rows *sql.Rows) error {
		var id string
		var f productFacts
		var price sql.NullFloat64
		var currency sql.NullString
		if err := rows.Scan(&id, &f.name, &f.kind, &price, &currency); err != nil {
			return err
		}
		if price.Valid {
			f.price = &Price{Monthly: price.Float64, Currency: currency.String}
		}
		facts[id] = f
		return nil
	}, tenantID)
}
