package directory

import (
	"strings"
	"time"

	"m365lake/schemas/reports"
	"m365lake/transform"
	"m365lake/transform/column"
)

type graphLicense struct {
	SKUID         string   `json:"skuId"`
	DisabledPlans []string `json:"disabledPlans"`
}

type graphAssignment struct {
	SKUID               string     `json:"skuId"`
	DisabledPlans       []string   `json:"disabledPlans"`
	AssignedByGroup     *string    `json:"assignedByGroup"`
	State               *string    `json:"state"`
	Error               *string    `json:"error"`
	LastUpdatedDateTime *time.Time `json:"lastUpdatedDateTime"`
}

// assignments appends the licences of a user and returns the apps they grant.
//
// licenseAssignmentStates tells direct from group but was seen incomplete; a SKU that only
// assignedLicenses names is kept with an unknown source rather than called direct.
func assignments(u *graphUser, t transform.Tenant, key int32, grants *Grants, rows *column.RowBuilder) reports.AppSet {
	var licensed reports.AppSet
	explained := make(map[string]bool, len(u.LicenseAssignmentStates))
	type way struct{ sku, group string }
	seen := make(map[way]bool, len(u.LicenseAssignmentStates))
	for _, a := range u.LicenseAssignmentStates {
		skuID := strings.ToLower(a.SKUID)
		explained[skuID] = true
		source, group := "direct", text(a.AssignedByGroup)
		w := way{sku: skuID}
		if group != nil {
			source, w.group = "group", *group
		}
		if seen[w] {
			continue
		}
		seen[w] = true
		disabled := lowerIDs(a.DisabledPlans)
		if a.State != nil && (*a.State == "Active" || *a.State == "ActiveWithError") {
			licensed |= grants.apps(skuID, disabled)
		}
		rows.Add(t.ID, key, skuID, source, group, a.State, assignmentError(a.Error), disabled, a.LastUpdatedDateTime, t.Day)
	}
	for _, l := range u.AssignedLicenses {
		skuID := strings.ToLower(l.SKUID)
		if explained[skuID] {
			continue
		}
		explained[skuID] = true
		disabled := lowerIDs(l.DisabledPlans)
		licensed |= grants.apps(skuID, disabled)
		rows.Add(t.ID, key, skuID, "unknown", nil, nil, nil, disabled, nil, t.Day)
	}
	return licensed
}

// assignmentError is NULL when all is well, which Graph writes as null or as "None".
func assignmentError(e *string) *string {
	if e == nil || *e == "" || strings.EqualFold(*e, "None") {
		return nil
	}
	return e
}

// lowerIDs writes ids as all tables do, so that they join.
func lowerIDs(ids []string) []string {
	lower := make([]string, len(ids))
	for i, id := range ids {
		lower[i] = strings.ToLower(id)
	}
	return lower
}
