package directory

import (
	"fmt"
	"io"
	"iter"
	"time"

	"m365lake/internal/entra"
	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
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
		rows := newOrganizationRows(t.NewWriter(&schemas.Organizations))
		for o, err := range values[graphOrganization](r, "organization") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if o.ID != t.ID {
				yield(schemas.Batch{}, fmt.Errorf("organization: Graph answered for tenant %s, but %s is configured", o.ID, t.ID))
				return
			}
			var defaultDomain, initialDomain *string
			for _, d := range o.VerifiedDomains {
				if d.IsDefault {
					defaultDomain = &d.Name
				}
				if d.IsInitial {
					initialDomain = &d.Name
				}
			}
			rows.tenantName.Append(t.Name)
			rows.displayName.AppendPointer(o.DisplayName)
			rows.defaultDomain.AppendPointer(defaultDomain)
			rows.initialDomain.AppendPointer(initialDomain)
			rows.countryCode.AppendPointer(o.CountryLetterCode)
			rows.defaultUsageLocation.AppendPointer(o.DefaultUsageLocation)
			rows.tenantType.AppendPointer(o.TenantType)
			rows.preferredLanguage.AppendPointer(o.PreferredLanguage)
			rows.onPremisesSyncEnabled.AppendPointer(o.OnPremisesSyncEnabled)
			rows.entraIDTier.AppendFilled(entra.Tier(o.AssignedPlans))
			rows.concealedNames.AppendPointer(concealed)
			rows.createdAt.AppendTimePointer(o.CreatedDateTime)
			rows.EndRow()
		}
		rows.Flush(yield)
	}
}

// organizationRows are the rows of organizations.
type organizationRows struct {
	*column.Writer
	tenantName, displayName, defaultDomain, initialDomain, countryCode, defaultUsageLocation *column.Text
	tenantType, preferredLanguage, entraIDTier                                               *column.Text
	onPremisesSyncEnabled, concealedNames                                                    *column.Boolean
	createdAt                                                                                *column.Timestamp
}

func newOrganizationRows(w *column.Writer) organizationRows {
	return organizationRows{
		Writer:                w,
		tenantName:            w.Text("tenant_name"),
		displayName:           w.Text("display_name"),
		defaultDomain:         w.Text("default_domain"),
		initialDomain:         w.Text("initial_domain"),
		countryCode:           w.Text("country_code"),
		defaultUsageLocation:  w.Text("default_usage_location"),
		tenantType:            w.Text("tenant_type"),
		preferredLanguage:     w.Text("preferred_language"),
		onPremisesSyncEnabled: w.Boolean("on_premises_sync_enabled"),
		entraIDTier:           w.Text("entra_id_tier"),
		concealedNames:        w.Boolean("concealed_names"),
		createdAt:             w.Timestamp("created_at"),
	}
}
