package graphapi

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// organization serves /organization.
// Source: https://learn.microsoft.com/graph/api/organization-list
func (s *API) organization(c *call) {
	odata.AnswerCollection(c.Call, "organization", "organization", 1, organizationFields, []*API{s})
}

var organizationFields = []odata.Field[*API]{
	odata.Property("id", odata.Text(func(s *API) string { return s.Company.ID() })),
	odata.Property("displayName", odata.Text(func(s *API) string { return s.Company.Name() })),
	odata.Property("createdDateTime", odata.Literal[*API](`"2016-04-11T08:30:00Z"`)),
	odata.Property("countryLetterCode", odata.Literal[*API](`"CH"`)),
	odata.Property("defaultUsageLocation", odata.Literal[*API](`"`+company.UsageLocation+`"`)),
	odata.Property("preferredLanguage", odata.Literal[*API](`"en"`)),
	odata.Property("tenantType", odata.Literal[*API](`"AAD"`)),
	odata.Property("onPremisesSyncEnabled", odata.Literal[*API](`true`)),
	odata.Property(
		"onPremisesLastSyncDateTime",
		func(b []byte, s *API) []byte { return wire.AppendStamp(b, s.today()-1) },
	),
	odata.Property("verifiedDomains", func(b []byte, s *API) []byte {
		b = append(b, `[{"capabilities":"Email, OfficeCommunicationsOnline","isDefault":true,"isInitial":true,`+
			`"name":`...)
		return append(wire.AppendText(b, s.Company.Domain), `,"type":"Managed"}]`...)
	}),
	odata.Property("technicalNotificationMails", func(b []byte, s *API) []byte {
		return append(wire.AppendText(append(b, '['), "it@"+s.Company.Domain), ']')
	}),
	odata.Property("assignedPlans", func(b []byte, s *API) []byte {
		bought := products.E5
		if s.Faults.On(faults.NoPremium) {
			bought = products.E1 // without Entra ID P1 and P2
		}
		return append(appendPlans(append(b, '['), &products.SKUs[bought], 0, 18700), ']')
	}),
}

// reportSettings serves /admin/reportSettings.
// Source: https://learn.microsoft.com/graph/api/adminreportsettings-get
func (s *API) reportSettings(c *call) {
	b := odata.AppendContext(nil, "admin/reportSettings/$entity", nil)
	b = append(b, `,"displayConcealedNames":`...)
	b = wire.AppendBool(b, s.Faults.On(faults.Concealed))
	c.W.Header().Set("Content-Type", odata.JSONType)
	c.W.Write(append(b, '}'))
}
