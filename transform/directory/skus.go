package directory

import (
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform"
	"m365lake/transform/products"
)

type graphSKU struct {
	ID               string  `json:"id"`
	SKUID            string  `json:"skuId"`
	SKUPartNumber    string  `json:"skuPartNumber"`
	AppliesTo        *string `json:"appliesTo"`
	CapabilityStatus *string `json:"capabilityStatus"`
	ConsumedUnits    int64   `json:"consumedUnits"`
	PrepaidUnits     struct {
		Enabled   int64  `json:"enabled"`
		Warning   int64  `json:"warning"`
		Suspended int64  `json:"suspended"`
		LockedOut *int64 `json:"lockedOut"`
	} `json:"prepaidUnits"`
	ServicePlans []struct {
		ServicePlanID      string  `json:"servicePlanId"`
		ServicePlanName    string  `json:"servicePlanName"`
		ProvisioningStatus *string `json:"provisioningStatus"`
		AppliesTo          *string `json:"appliesTo"`
	} `json:"servicePlans"`
}

// Grants says which apps each SKU grants, plan by plan. The tenant's own list of plans wins over
// the published one.
type Grants struct {
	products *products.Products
	plans    map[string][]grantedPlan // by SKU id
}

// NewGrants knows the published plans, until SKUs adds the tenant's own.
func NewGrants(products *products.Products) *Grants {
	return &Grants{products: products, plans: map[string][]grantedPlan{}}
}

type grantedPlan struct {
	id   string
	apps reports.AppSet
}

// apps are what an assignment of the SKU grants, its disabled plans left out. All ids are in lower
// case.
func (g *Grants) apps(skuID string, disabledPlans []string) reports.AppSet {
	plans, known := g.plans[skuID]
	if !known {
		for _, id := range g.products.PlansOf(skuID) {
			_, apps := g.products.ServicePlan(id)
			plans = append(plans, grantedPlan{id, apps})
		}
		g.plans[skuID] = plans
	}
	var set reports.AppSet
	for _, p := range plans {
		if !slices.Contains(disabledPlans, p.id) {
			set |= p.apps
		}
	}
	return set
}

// SKUs reads the raw file of /subscribedSkus into the tables skus and sku_plans, and leaves in
// grants what each SKU grants.
func SKUs(r io.Reader, t transform.Tenant, grants *Grants) iter.Seq2[schemas.Batch, error] {
	grants.plans = map[string][]grantedPlan{}
	return func(yield func(schemas.Batch, error) bool) {
		skus := newSKURows(t.NewWriter(&schemas.SKUs, t.DayText()))
		plans := newPlanRows(t.NewWriter(&schemas.SKUPlans))
		for s, err := range values[graphSKU](r, "subscribed_skus") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			skuID := strings.ToLower(s.SKUID)
			name, kind := grants.products.Sku(skuID, s.SKUPartNumber)
			skus.subscribedSKUID.Append(s.ID)
			skus.skuID.Append(skuID)
			skus.skuPartNumber.Append(s.SKUPartNumber)
			skus.productName.Append(name)
			skus.kind.Append(kind)
			skus.appliesTo.AppendPointer(s.AppliesTo)
			skus.capabilityStatus.AppendPointer(s.CapabilityStatus)
			skus.enabledUnits.Append(s.PrepaidUnits.Enabled)
			skus.warningUnits.Append(s.PrepaidUnits.Warning)
			skus.suspendedUnits.Append(s.PrepaidUnits.Suspended)
			skus.lockedOutUnits.AppendPointer(s.PrepaidUnits.LockedOut)
			skus.consumedUnits.Append(s.ConsumedUnits)
			skus.EndRow()
			if _, again := grants.plans[skuID]; again {
				continue // the same product bought through another account has the same plans
			}
			grants.plans[skuID] = []grantedPlan{}
			for _, p := range s.ServicePlans {
				planID := strings.ToLower(p.ServicePlanID)
				friendly, apps := grants.products.ServicePlan(planID)
				if friendly == "" {
					friendly = p.ServicePlanName
				}
				grants.plans[skuID] = append(grants.plans[skuID], grantedPlan{planID, apps})
				plans.skuID.Append(skuID)
				plans.servicePlanID.Append(planID)
				plans.servicePlanName.Append(p.ServicePlanName)
				plans.friendlyName.Append(friendly)
				plans.provisioningStatus.AppendPointer(p.ProvisioningStatus)
				plans.appliesTo.AppendPointer(p.AppliesTo)
				plans.apps.Append(apps.Names())
				plans.EndRow()
			}
		}
		if skus.Flush(yield) {
			plans.Flush(yield)
		}
	}
}

type graphSubscription struct {
	ID                     string     `json:"id"`
	CommerceSubscriptionID *string    `json:"commerceSubscriptionId"`
	SKUID                  string     `json:"skuId"`
	SKUPartNumber          *string    `json:"skuPartNumber"`
	Status                 *string    `json:"status"`
	TotalLicenses          *int64     `json:"totalLicenses"`
	IsTrial                *bool      `json:"isTrial"`
	CreatedDateTime        *time.Time `json:"createdDateTime"`
	NextLifecycleDateTime  *time.Time `json:"nextLifecycleDateTime"`
	OwnerType              *string    `json:"ownerType"`
	OwnerTenantID          *string    `json:"ownerTenantId"`
}

// Subscriptions reads the raw file of /directory/subscriptions into the table subscriptions.
func Subscriptions(r io.Reader, t transform.Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newSubscriptionRows(t.NewWriter(&schemas.Subscriptions, t.DayText()))
		for s, err := range values[graphSubscription](r, "subscriptions") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			rows.subscriptionID.Append(s.ID)
			rows.commerceSubscriptionID.AppendPointer(s.CommerceSubscriptionID)
			rows.skuID.Append(strings.ToLower(s.SKUID))
			rows.skuPartNumber.AppendPointer(s.SKUPartNumber)
			rows.status.AppendPointer(s.Status)
			rows.totalLicenses.AppendPointer(s.TotalLicenses)
			rows.isTrial.AppendPointer(s.IsTrial)
			rows.createdAt.AppendTimePointer(s.CreatedDateTime)
			rows.nextLifecycleAt.AppendTimePointer(s.NextLifecycleDateTime)
			rows.ownerType.AppendPointer(s.OwnerType)
			rows.ownerTenantID.AppendPointer(s.OwnerTenantID)
			rows.EndRow()
		}
		rows.Flush(yield)
	}
}
