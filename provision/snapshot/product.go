package snapshot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A Product is what the tenant bought under one SKU id, its accounts added up.
// Source: https://learn.microsoft.com/graph/api/resources/subscribedsku
type Product struct {
	ID, PartNumber, Name string
	ForUsers, Usable     bool
	Bought, Consumed     int64 // bought: enabled and in the grace period
	Plans                []ServicePlan
}

// A ServicePlan is a part of a product that can be switched off for a user.
// Source: https://learn.microsoft.com/graph/api/resources/serviceplaninfo
type ServicePlan struct {
	ID   string `json:"servicePlanId"`
	Name string `json:"servicePlanName"`
}

// Label is what people call the product, with Microsoft's short name behind it.
func (p *Product) Label() string {
	if p.Name == p.PartNumber || p.PartNumber == "" {
		return p.Name
	}
	return p.Name + " (" + p.PartNumber + ")"
}

// Products are the products of a tenant, by SKU id in lower case.
type Products map[string]*Product

// Find returns the products that an action calls by id, part number or name.
func (all Products) Find(name string) []*Product {
	name = strings.TrimSpace(name)
	if p := all[strings.ToLower(name)]; p != nil {
		return []*Product{p}
	}
	for _, is := range []func(*Product) bool{
		func(p *Product) bool { return strings.EqualFold(p.PartNumber, name) },
		func(p *Product) bool { return strings.EqualFold(p.Name, name) },
	} {
		var found []*Product
		for _, id := range slices.Sorted(maps.Keys(all)) {
			if is(all[id]) {
				found = append(found, all[id])
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// Label is what a product is called, also one that the tenant no longer has.
func (all Products) Label(id string) string {
	if p := all[id]; p != nil {
		return p.Label()
	}
	return "the product " + id
}

// FindPlan finds a service plan of the product by id or name.
func (p *Product) FindPlan(name string) (ServicePlan, bool) {
	name = strings.TrimSpace(name)
	for _, plan := range p.Plans {
		if strings.EqualFold(plan.ID, name) || strings.EqualFold(plan.Name, name) {
			return plan, true
		}
	}
	return ServicePlan{}, false
}

// PlanNames are names of plans in the order of their ids, for people.
func (p *Product) PlanNames(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		plan, _ := p.FindPlan(id)
		names[i] = cmp.Or(plan.Name, id)
	}
	return strings.Join(names, ", ")
}
