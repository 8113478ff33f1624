package provision

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A product is what the tenant bought under one SKU id, its accounts added up.
// Source: https://learn.microsoft.com/graph/api/resources/subscribedsku
type product struct {
	id, part, name   string
	forUsers, usable bool
	bought, consumed int64 // bought: enabled and in the grace period
	plans            []servicePlan
}

type servicePlan struct {
	ID   string `json:"servicePlanId"`
	Name string `json:"servicePlanName"`
}

// label is what people call the product, with Microsoft's short name behind it.
func (p *product) label() string {
	if p.name == p.part || p.part == "" {
		return p.name
	}
	return p.name + " (" + p.part + ")"
}

type products map[string]*product

// find returns the products that an action calls by id, part number or name.
func (all products) find(name string) []*product {
	name = strings.TrimSpace(name)
	if p := all[strings.ToLower(name)]; p != nil {
		return []*product{p}
	}
	for _, is := range []func(*product) bool{
		func(p *product) bool { return strings.EqualFold(p.part, name) },
		func(p *product) bool { return strings.EqualFold(p.name, name) },
	} {
		var found []*product
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

// label is what a product is called, also one that the tenant no longer has.
func (all products) label(id string) string {
	if p := all[id]; p != nil {
		return p.label()
	}
	return "the product " + id
}

// plan finds a service plan of the product by id or name.
func (p *product) plan(name string) (servicePlan, bool) {
	name = strings.TrimSpace(name)
	for _, plan := range p.plans {
		if strings.EqualFold(plan.ID, name) || strings.EqualFold(plan.Name, name) {
			return plan, true
		}
	}
	return servicePlan{}, false
}

// planNames are names of plans in the order of their ids, for people.
func (p *product) planNames(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		plan, _ := p.plan(id)
		names[i] = cmp.Or(plan.Name, id)
	}
	return strings.Join(names, ", ")
}
