package main

import (
	"context"
	"database/sql"

	"m365lake/load"
	"m365lake/pipeline/datafolder"
	sqlfiles "m365lake/sql"
)

// tenantTotals is a row of screens/tenant_totals.sql. What is not known is not valid: a number that
// nobody measured is not 0.
type tenantTotals struct {
	TenantID, Tenant       string
	Users                  int64
	Active, Licensed       sql.NullInt64 // in any app, over 30 days
	ReportDate             sql.NullTime  // last day they cover
	Bought, Assigned, Idle sql.NullInt64 // paid licences
	IdleWithoutPrice       int64
	MonthlyIdleCost        sql.NullFloat64
	Currency               sql.NullString
}

// readTotals asks the published warehouse what matters of each tenant.
func readTotals(ctx context.Context, data datafolder.Folder) (totals []tenantTotals, err error) {
	err = askScreen(ctx, data, "screens/tenant_totals.sql", func(rows *sql.Rows) error {
		var t tenantTotals
		err := rows.Scan(&t.TenantID, &t.Tenant, &t.Users, &t.Active, &t.Licensed, &t.ReportDate, &t.Bought, &t.Assigned, &t.Idle,
			&t.IdleWithoutPrice, &t.MonthlyIdleCost, &t.Currency)
		totals = append(totals, t)
		return err
	})
	return totals, err
}

// reclaimableUser is a row of screens/reclaimable_users.sql.
type reclaimableUser struct{ TenantID, Name, Reason, Products string }

// readReclaimableUsers names those whose licences can surely be taken back.
func readReclaimableUsers(ctx context.Context, data datafolder.Folder) (users []reclaimableUser, err error) {
	err = askScreen(ctx, data, "screens/reclaimable_users.sql", func(rows *sql.Rows) error {
		var u reclaimableUser
		err := rows.Scan(&u.TenantID, &u.Name, &u.Reason, &u.Products)
		users = append(users, u)
		return err
	})
	return users, err
}

// askScreen asks the published warehouse the question of a file.
func askScreen(ctx context.Context, data datafolder.Folder, file string, each func(*sql.Rows) error) error {
	question, err := sqlfiles.Files.ReadFile(file)
	if err != nil {
		return err
	}
	db, err := load.Open(data.Warehouse())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.QueryContext(ctx, string(question))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
