package sandbox

import (
	"slices"
	"strings"
)

// Which plans exclude each other and which need another, by their names in
// plans.csv. Microsoft publishes no list; these are the ones its licensing pages
// and error messages name as examples.
var (
	exclusivePlans = [][]string{
		{"EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS"},
		{"SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"},
		{"MCOSTANDARD", "MCOIMP"},
	}
	// the first needs one of the others
	dependentPlans = [][]string{
		{"SHAREPOINTWAC", "SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"},
		{"MCOEV", "MCOSTANDARD"},
		{"MCOMEETADV", "MCOSTANDARD"},
		{"SHAREPOINT_PROJECT", "SHAREPOINTENTERPRISE"},
		{"M365_COPILOT_APPS", "OFFICESUBSCRIPTION"},
		{"M365_COPILOT_SHAREPOINT", "SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD"},
		{"M365_COPILOT_BUSINESS_CHAT", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD"},
	}
)

// violation is two or more plans that do not go together.
type violation struct {
	reason string   // reasonExclusive or reasonDependency
	plans  []string // names; of a dependency, the dependent one first
}

// planID is the id of a plan by its name. A name has one id in all products.
func planID(name string) string {
	for i := range skus {
		for _, p := range skus[i].plans {
			if p.name == name {
				return p.id
			}
		}
	}
	return name
}

// message is how assignLicense says it: with ids, not names.
func (v *violation) message() string {
	ids := make([]string, len(v.plans))
	for i, name := range v.plans {
		ids[i] = planID(name)
	}
	if v.reason == reasonExclusive {
		return "License assignment failed because service plans " + strings.Join(ids, ", ") + " are mutually exclusive."
	}
	return "License assignment failed because service plan " + ids[0] + " depends on the service plan(s) " + strings.Join(ids[1:], ", ") + "."
}

// violations lists what is wrong with the plans that a set of holdings gives.
func violations(holdings []holding) []violation {
	given := map[string]bool{}
	for i := range holdings {
		h := &holdings[i]
		for j, p := range skus[h.sku].plans {
			if h.active() && !h.disabled.has(j) {
				given[p.name] = true
			}
		}
	}
	var list []violation
	for _, set := range exclusivePlans {
		var both []string
		for _, name := range set {
			if given[name] {
				both = append(both, name)
			}
		}
		if len(both) > 1 {
			list = append(list, violation{reasonExclusive, both})
		}
	}
	for _, set := range dependentPlans {
		if given[set[0]] && !slices.ContainsFunc(set[1:], func(name string) bool { return given[name] }) {
			list = append(list, violation{reasonDependency, set})
		}
	}
	return list
}

// newViolation is the first one that was not there before, or nil: what was
// wrong already keeps nobody from changing something else.
func newViolation(before, after []holding) *violation {
	old := violations(before)
	for _, v := range violations(after) {
		if !slices.ContainsFunc(old, func(o violation) bool { return o.reason == v.reason && slices.Equal(o.plans, v.plans) }) {
			return &v
		}
	}
	return nil
}

// gives is true for a holding with a plan switched on.
func (h *holding) gives(name string) bool {
	i := slices.IndexFunc(skus[h.sku].plans, func(p plan) bool { return p.name == name })
	return i >= 0 && !h.disabled.has(i)
}
