package directory

import (
	"io"
	"iter"
	"slices"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
)

type graphGroup struct {
	ID                    string         `json:"id"`
	DisplayName           *string        `json:"displayName"`
	AssignedLicenses      []graphLicense `json:"assignedLicenses"`
	GroupTypes            []string       `json:"groupTypes"`
	MembershipRule        *string        `json:"membershipRule"`
	SecurityEnabled       *bool          `json:"securityEnabled"`
	OnPremisesSyncEnabled *bool          `json:"onPremisesSyncEnabled"`
	ProcessingState       *struct {
		State *string `json:"state"`
	} `json:"licenseProcessingState"`
}

// LicenseGroups reads the raw file of the groups with licences into the table license_groups. When the
// file has all groups, those without are left out; otherwise a group whose licences Graph does not show,
// for want of a permission, is one with licences all the same.
func LicenseGroups(r io.Reader, t transform.Tenant, all bool) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newGroupRows(t.NewWriter(&schemas.LicenseGroups))
		seen := map[string]bool{}
		for g, err := range values[graphGroup](r, "license_groups") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if all && len(g.AssignedLicenses) == 0 {
				continue
			}
			if seen[g.ID] {
				continue // a listing that was restarted may repeat a group
			}
			seen[g.ID] = true
			skus := make([]string, len(g.AssignedLicenses))
			for i, l := range g.AssignedLicenses {
				skus[i] = l.SKUID
			}
			var state *string
			if g.ProcessingState != nil {
				state = g.ProcessingState.State
			}
			rows.groupID.Append(g.ID)
			rows.displayName.AppendPointer(g.DisplayName)
			rows.skuIDs.Append(lowerIDs(skus))
			rows.dynamic.Append(slices.Contains(g.GroupTypes, "DynamicMembership"))
			rows.membershipRule.AppendPointer(nullIfBlank(g.MembershipRule))
			rows.securityEnabled.AppendPointer(g.SecurityEnabled)
			rows.onPremisesSyncEnabled.AppendPointer(g.OnPremisesSyncEnabled)
			rows.processingState.AppendPointer(state)
			rows.EndRow()
			if !rows.FlushFull(yield) {
				return
			}
		}
		rows.Flush(yield)
	}
}

// groupRows are the rows of license_groups.
type groupRows struct {
	*column.Writer
	groupID, displayName, membershipRule, processingState *column.Text
	skuIDs                                                *column.Texts
	dynamic, securityEnabled, onPremisesSyncEnabled       *column.Boolean
}

func newGroupRows(w *column.Writer) groupRows {
	return groupRows{
		Writer:                w,
		groupID:               w.Text("group_id"),
		displayName:           w.Text("display_name"),
		skuIDs:                w.Texts("sku_ids"),
		dynamic:               w.Boolean("dynamic"),
		membershipRule:        w.Text("membership_rule"),
		securityEnabled:       w.Boolean("security_enabled"),
		onPremisesSyncEnabled: w.Boolean("on_premises_sync_enabled"),
		processingState:       w.Text("processing_state"),
	}
}
