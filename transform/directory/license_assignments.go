package directory

import (
	"strings"
	"time"

	"m365lake/schemas/column"
	"m365lake/schemas/reports"
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
func assignments(u *graphUser, key int32, grants *Grants, rows licenseRows) reports.AppSet {
	var licensed reports.AppSet
	explained := make(map[string]bool, len(u.LicenseAssignmentStates))
	type way struct{ sku, group string }
	seen := make(map[way]bool, len(u.LicenseAssignmentStates))
	for _, a := range u.LicenseAssignmentStates {
		skuID := strings.ToLower(a.SKUID)
		explained[skuID] = true
		source, group := "direct", nullIfBlank(a.AssignedByGroup)
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
		rows.userKey.Append(key)
		rows.skuID.Append(skuID)
		rows.source.Append(source)
		rows.assignedByGroupID.AppendPointer(group)
		rows.state.AppendPointer(a.State)
		rows.error.AppendPointer(assignmentError(a.Error))
		rows.disabledPlans.Append(disabled)
		rows.lastUpdatedAt.AppendTimePointer(a.LastUpdatedDateTime)
		rows.EndRow()
	}
	for _, l := range u.AssignedLicenses {
		skuID := strings.ToLower(l.SKUID)
		if explained[skuID] {
			continue
		}
		explained[skuID] = true
		disabled := lowerIDs(l.DisabledPlans)
		licensed |= grants.apps(skuID, disabled)
		rows.userKey.Append(key)
		rows.skuID.Append(skuID)
		rows.source.Append("unknown")
		rows.disabledPlans.Append(disabled)
		rows.EndRow()
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

// licenseRows are the rows of license_assignments.
type licenseRows struct {
	*column.Writer
	userKey                                        *column.Key
	skuID, source, assignedByGroupID, state, error *column.Text
	disabledPlans                                  *column.Texts
	lastUpdatedAt                                  *column.Timestamp
}

func newLicenseRows(w *column.Writer) licenseRows {
	return licenseRows{
		Writer:            w,
		userKey:           w.Key("user_key"),
		skuID:             w.Text("sku_id"),
		source:            w.Text("source"),
		assignedByGroupID: w.Text("assigned_by_group_id"),
		state:             w.Text("state"),
		error:             w.Text("error"),
		disabledPlans:     w.Texts("disabled_plans"),
		lastUpdatedAt:     w.Timestamp("last_updated_at"),
	}
}
