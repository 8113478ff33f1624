package directory

import (
	"io"
	"iter"
	"slices"

	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/column"
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
		rows := column.NewRowBuilder(&schemas.LicenseGroups, t.Mem)
		defer rows.Release()
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
			rows.Add(t.ID, g.ID, g.DisplayName, lowerIDs(skus), slices.Contains(g.GroupTypes, "DynamicMembership"), text(g.MembershipRule),
				g.SecurityEnabled, g.OnPremisesSyncEnabled, state, t.Day)
			if !column.YieldFull(yield, rows) {
				return
			}
		}
		column.YieldRest(yield, rows)
	}
}
