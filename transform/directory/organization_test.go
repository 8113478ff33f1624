package directory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/entra"
	"m365lake/transform/transformtest"
)

func TestOrganization(t *testing.T) {
	raw := transformtest.Page(
		`{"id":"` + transformtest.TenantID +
			`","displayName":"Zephyr & Söhne","countryLetterCode":"DE","createdDateTime":"2019-02-03T04:05:06Z",
		"onPremisesSyncEnabled":null,
		"verifiedDomains":[{"name":"z.onmicrosoft.com","isInitial":true,"isDefault":false},
		{"name":"z.example","isInitial":false,"isDefault":true}],
		"assignedPlans":[{"servicePlanId":"` + entra.PlanP2 + `","capabilityStatus":"Deleted"},{"servicePlanId":"` +
			entra.PlanP1 + `","capabilityStatus":"Enabled"}]}`,
	)
	got := transformtest.MustCollect(
		t,
		Organization(strings.NewReader(raw), transformtest.Tenant(t, "2026-11-01"), nil),
	)
	if diff := cmp.Diff([][]any{{"test", "Zephyr & Söhne", "z.example", "z.onmicrosoft.com", "DE", nil, "P1",
		"2019-02-03T04:05:06Z", "2026-11-01"}},
		transformtest.Pick(got["organizations"], "tenant_name", "display_name", "default_domain", "initial_domain",
			"country_code", "on_premises_sync_enabled", "entra_id_tier", "created_at", "snapshot_date")); diff != "" {
		t.Fatal(diff)
	}
	_, err := transformtest.Collect(
		Organization(
			strings.NewReader(transformtest.Page(`{"id":"22222222-0000-4000-8000-000000000000"}`)),
			transformtest.Tenant(t, "2026-11-01"),
			nil,
		),
	)
	if err == nil || !strings.Contains(err.Error(), "is configured") {
		t.Fatalf("another tenant's answer was taken: %v", err)
	}
}

func TestSubscriptions(t *testing.T) {
	raw := transformtest.Page(
		`{"id":"s1","skuId":"`+strings.ToUpper(
			transformtest.SkuE3,
		)+`","status":"Enabled","totalLicenses":25,"isTrial":false,"nextLifecycleDateTime":"2027-01-31T00:00:00Z"}`,
		`{"id":"s2","skuId":"`+transformtest.SkuE3+`","status":"Warning","totalLicenses":null,"nextLifecycleDateTime":null}`,
	)
	got := transformtest.MustCollect(t, Subscriptions(strings.NewReader(raw), transformtest.Tenant(t, "2026-11-01")))
	if diff := cmp.Diff([][]any{
		{"s1", transformtest.SkuE3, "Enabled", 25.0, false, "2027-01-31T00:00:00Z"},
		{"s2", transformtest.SkuE3, "Warning", nil, nil, nil},
	}, transformtest.Pick(got["subscriptions"], "subscription_id", "sku_id", "status", "total_licenses",
		"is_trial", "next_lifecycle_at")); diff != "" {
		t.Fatal(diff)
	}
}
