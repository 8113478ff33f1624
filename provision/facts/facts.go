package facts

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"m365lake/provision"
	queries "m365lake/sql"
)

// A User is what the warehouse knows of a user. Dates are YYYY-MM-DD.
type User struct {
	MailboxBytes, OneDriveBytes *int64 // nil: no report says
	Reported                    bool   // by the usage reports
	LastActivity, ReportDate    string
}

// A Product is what the warehouse knows of a product.
type Product struct {
	Name, Kind string
	Price      *provision.Price
}

// Facts are what the warehouse knows of a tenant's products and of some of its users.
type Facts struct {
	Users    map[string]User    // by user id
	Products map[string]Product // by SKU id
	Findings findings
}

// Read asks the warehouse about a tenant's products and about these users.
func Read(ctx context.Context, db *sql.DB, tenantID string, userIDs []string) (*Facts, error) {
	var f Facts
	var err error
	if f.Products, err = readProductFacts(ctx, db, tenantID); err != nil {
		return nil, err
	}
	if f.Users, err = readUserFacts(ctx, db, tenantID, userIDs); err != nil {
		return nil, err
	}
	if f.Findings, err = readFindings(ctx, db, userIDs); err != nil {
		return nil, err
	}
	return &f, nil
}

// eachRow runs a query of sql/provision and hands every row to scan.
func eachRow(ctx context.Context, db *sql.DB, name string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := db.QueryContext(ctx, queries.Text("provision/"+name+".sql"), args...)
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

func readUserFacts(ctx context.Context, db *sql.DB, tenantID string, ids []string) (map[string]User, error) {
	facts := map[string]User{}
	return facts, eachRow(ctx, db, "user_facts", func(rows *sql.Rows) error {
		var id string
		var f User
		var last, report sql.NullString
		if err := rows.Scan(&id, &f.MailboxBytes, &f.OneDriveBytes, &f.Reported, &last, &report); err != nil {
			return err
		}
		f.LastActivity, f.ReportDate = last.String, report.String
		facts[id] = f
		return nil
	}, tenantID, strings.Join(ids, ","))
}

func readProductFacts(ctx context.Context, db *sql.DB, tenantID string) (map[string]Product, error) {
	facts := map[string]Product{}
	return facts, eachRow(ctx, db, "product_facts", func(rows *sql.Rows) error {
		var id string
		var f Product
		var price sql.NullFloat64
		var currency sql.NullString
		if err := rows.Scan(&id, &f.Name, &f.Kind, &price, &currency); err != nil {
			return err
		}
		if price.Valid {
			f.Price = &provision.Price{Monthly: price.Float64, Currency: currency.String}
		}
		facts[id] = f
		return nil
	}, tenantID)
}
