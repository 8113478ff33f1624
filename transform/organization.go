package transform

import (
	"fmt"
	"io"
	"iter"
	"time"

	"m365lake/internal/entra"
	"m365lake/schemas"
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
func Organization(r io.Reader, t Tenant, concealed *bool) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newRowBuilder(&schemas.Organizations, t.Mem)
		defer rows.release()
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
			rows.add(t.ID, t.Name, o.DisplayName, defaultDomain, initialDomain, o.CountryLetterCode, o.DefaultUsageLocation,
				o.TenantType, o.PreferredLanguage, o.OnPremisesSyncEnabled, tier, concealed, o.CreatedDateTime, t.Day)
		}
		yieldRest(yield, rows)
	}
}
