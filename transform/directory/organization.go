package directory

import (
	"fmt"
	"io"
	"iter"
	"time"

	"m365lake/internal/entra"
	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/column"
)

type graphOrganization struct {
	ID                    string     `json:"id"`
	DisplayName           *string    `json:"displayName"`
	CountryLetterCode     *string    `json:"countryLetterCode"`
	DefaultUsageLocation  *string    `json:"defaultUsageLocation"`
	TenantType            *string    `json:"tenantType"`
	PreferredLanguage     *string    `json:"preferredLanguage"`
	OnPremisesSyncEnabled *bool      `json:"onPremisesSyncEnabled"`
	CreatedDateTime       *time.Time `json:"createdDateTime"`
	VerifiedDomains       []struct {
		Name      string `json:"name"`
		IsDefault bool   `json:"isDefault"`
		IsInitial bool   `json:"isInitial"`
	} `json:"verifiedDomains"`
	AssignedPlans []entra.AssignedPlan `json:"assignedPlans"`
}

// Organization reads the raw file of /organization into the table organizations. Concealed is what
// ReportSettings found.
func Organization(r io.Reader, t transform.Tenant, concealed *bool) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := column.NewRowBuilder(&schemas.Organizations, t.Mem)
		defer rows.Release()
		for o, err := range values[graphOrganization](r, "organization") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if o.ID != t.ID {
				yield(schemas.Batch{}, fmt.Errorf("organization: Graph answered for tenant %s, but %s is configured", o.ID, t.ID))
				return
			}
			var defaultDomain, initialDomain, tier any
			for _, d := range o.VerifiedDomains {
				if d.IsDefault {
					defaultDomain = d.Name
				}
				if d.IsInitial {
					initialDomain = d.Name
				}
			}
			if highest := entra.Tier(o.AssignedPlans); highest != "" {
				tier = highest
			}
			rows.Add(t.ID, t.Name, o.DisplayName, defaultDomain, initialDomain, o.CountryLetterCode, o.DefaultUsageLocation,
				o.TenantType, o.PreferredLanguage, o.OnPremisesSyncEnabled, tier, concealed, o.CreatedDateTime, t.Day)
		}
		column.YieldRest(yield, rows)
	}
}
