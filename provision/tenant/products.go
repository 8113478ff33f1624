package tenant

import (
	"context"
	"slices"
	"strings"

	"m365lake/provision/snapshot"
)

// ReadProducts reads what the tenant bought, by SKU id; subscriptions of one SKU id are added up.
func (d *Client) ReadProducts(ctx context.Context) (snapshot.Products, error) {
	skus, err := list[struct {
		SKUID            string `json:"skuId"`
		SKUPartNumber    string `json:"skuPartNumber"`
		CapabilityStatus string
		AppliesTo        string
		ConsumedUnits    int64
		PrepaidUnits     struct{ Enabled, Warning int64 }
		ServicePlans     []snapshot.ServicePlan
	}](ctx, d, "/subscribedSkus")
	if err != nil {
		return nil, err
	}
	all := snapshot.Products{}
	for _, s := range skus {
		id := strings.ToLower(s.SKUID)
		p := all[id]
		if p == nil {
			p = &snapshot.Product{ID: id, PartNumber: s.SKUPartNumber, Name: s.SKUPartNumber}
			all[id] = p
		}
		p.ForUsers = p.ForUsers || s.AppliesTo == "User"
		p.Usable = p.Usable || s.CapabilityStatus == "Enabled" || s.CapabilityStatus == "Warning"
		p.Bought += s.PrepaidUnits.Enabled + s.PrepaidUnits.Warning
		p.Consumed += s.ConsumedUnits
		for _, plan := range s.ServicePlans {
			plan.ID = strings.ToLower(plan.ID)
			if !slices.Contains(p.Plans, plan) {
				p.Plans = append(p.Plans, plan)
			}
		}
	}
	return all, nil
}
