// Package catalog lists all tables: those of package schemas and those of the usage reports. It
// writes the data dictionary.
package catalog

import (
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// Tables are all tables, in the order in which a reader should meet them.
func Tables() []*schemas.Table {
	tables := []*schemas.Table{
		&schemas.Organizations, &schemas.Users, &schemas.UserHistory, &schemas.SKUs, &schemas.SKUPlans,
		&schemas.Subscriptions, &schemas.LicenseAssignments, &schemas.LicenseHistory,
		&schemas.LicenseGroups, &schemas.UserRoles, &schemas.SignIns,
		&schemas.SSORoster, &schemas.HRISRoster, &schemas.SKUPrices,
		&schemas.ProvisioningActions, &schemas.ProvisioningPlans, &schemas.ProvisioningLedger,
	}
	for _, r := range reports.All() {
		tables = append(tables, &r.Table)
	}
	return append(
		tables,
		&schemas.AppActivity,
		&schemas.AppActivityDaily,
		&schemas.ActivityMonths,
		&schemas.ActivityTrend,
		&schemas.ActivityMetrics,
		&schemas.ConcealedMetrics,
		&schemas.TenantCounts,
		&schemas.ReportStatus,
		&schemas.Runs,
		&schemas.RunSteps,
	)
}
