package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Tables are all tables, in the order in which a reader should meet them.
func Tables() []*Table {
	tables := []*Table{
		&Organizations, &Users, &UserHistory, &SKUs, &SKUPlans, &Subscriptions, &LicenseAssignments, &LicenseHistory,
		&LicenseGroups, &UserRoles, &SignIns,
		&SSORoster, &HRISRoster, &SKUPrices,
		&ProvisioningActions, &ProvisioningPlans, &ProvisioningLedger,
	}
	for _, r := range Reports() {
		tables = append(tables, &r.Table)
	}
	return append(tables, &AppActivity, &AppActivityDaily, &ActivityMonths, &ActivityTrend, &ActivityMetrics, &ConcealedMetrics, &TenantCounts, &ReportStatus, &Runs, &RunSteps)
}

// TableByName returns the table of that name, or false.
func TableByName(name string) (*Table, bool) {
	for _, t := range Tables() {
		if t.Name == name {
			return t, true
		}
	}
	return nil, false
}

// Hash identifies the shape of all tables together.
func Hash() string {
	h := sha256.New()
	for _, t := range Tables() {
		fmt.Fprintln(h, t.Hash())
	}
	return hex.EncodeToString(h.Sum(nil))
}
