package provision

import (
	"context"
	"slices"
	"strings"
)

func (d *Directory) products(ctx context.Context) (products, error) {
	skus, err := list[struct {
		SKUID            string `json:"skuId"`
		SKUPartNumber    string `json:"skuPartNumber"`
		CapabilityStatus string
		AppliesTo        string
		ConsumedUnits    int64
		PrepaidUnits     struct{ Enabled, Warning int64 }
		ServicePlans     []servicePlan
	}](ctx, d, "/subscribedSkus")
	if err != nil {
		return nil, err
	}
	all := products{}
	for _, s := range skus {
		id := strings.ToLower(s.SKUID)
		p := all[id]
		if p == nil {
			p = &product{id: id, part: s.SKUPartNumber, name: s.SKUPartNumber}
			all[id] = p
		}
		p.forUsers = p.forUsers || s.AppliesTo == "User"
		p.usable = p.usable || s.CapabilityStatus == "Enabled" || s.CapabilityStatus == "Warning"
		p.bought += s.PrepaidUnits.Enabled + s.PrepaidUnits.Warning
		p.consumed += s.ConsumedUnits
		for _, plan := range s.ServicePlans {
			plan.ID = strings.ToLower(plan.ID)
			if !slices.Contains(p.plans, plan) {
				p.plans = append(p.plans, plan)
			}
		}
	}
	return all, nil
}
