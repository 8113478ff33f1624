package main

import (
	"context"
	"database/sql"

	"m365lake/load/warehouse"
	"m365lake/notify"
	"m365lake/pipeline/datafolder"
	sqlfiles "m365lake/sql"
)

// readTotals asks the published warehouse what matters of each tenant.
func readTotals(ctx context.Context, data datafolder.Folder) (totals []notify.Totals, err error) {
	err = askScreen(ctx, data, "screens/tenant_totals.sql", func(rows *sql.Rows) error {
		var t notify.Totals
		err := rows.Scan(&t.TenantID, &t.Tenant, &t.Users, &t.Active, &t.Licensed, &t.ReportDate,
			&t.Bought, &t.Assigned, &t.Idle, &t.IdleWithoutPrice, &t.MonthlyIdleCost, &t.Currency)
		totals = append(totals, t)
		return err
	})
	return totals, err
}

// readReclaimableUsers names those whose licences can surely be taken back.
func readReclaimableUsers(ctx context.Context, data datafolder.Folder) (users []notify.ReclaimableUser, err error) {
	err = askScreen(ctx, data, "screens/reclaimable_users.sql", func(rows *sql.Rows) error {
		var u notify.ReclaimableUser
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
	db, err := warehouse.Open(data.Warehouse())
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
