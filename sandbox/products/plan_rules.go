package products

import (
	"slices"
	"strings"
)

// Which plans exclude each other and which need another, by their names in plans.csv. Microsoft publishes no list;
// these are the ones its licensing pages and error messages name as examples.
var (
	ExclusivePlans = [][]string{
		{"EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS"},
		{"SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"},
		{"MCOSTANDARD", "MCOIMP"},
	}
	// the first needs one of the others
	DependentPlans = [][]string{
		{"SHAREPOINTWAC", "SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"},
		{"MCOEV", "MCOSTANDARD"},
		{"MCOMEETADV", "MCOSTANDARD"},
		{"SHAREPOINT_PROJECT", "SHAREPOINTENTERPRISE"},
		{"M365_COPILOT_APPS", "OFFICESUBSCRIPTION"},
		{"M365_COPILOT_SHAREPOINT", "SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD"},
		{"M365_COPILOT_BUSINESS_CHAT", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD"},
	}
)

// These are the errors of licenseAssignmentStates for plans that do not go together.
const (
	ReasonExclusive  = "MutuallyExclusiveViolation"
	ReasonDependency = "DependencyViolation"
)

// Violation is two or more plans that do not go together.
type Violation struct {
	Reason string   // ReasonExclusive or ReasonDependency
	Plans  []string // names; of a dependency, the dependent one first
}

// PlanID is the id of a plan by its name. A name has one id in all products.
func PlanID(name string) string {
	for i := range SKUs {
		for _, p := range SKUs[i].Plans {
			if p.Name == name {
				return p.ID
			}
		}
	}
	return name
}

// Message is how assignLicense says it: with ids, not names.
func (v *Violation) Message() string {
	ids := make([]string, len(v.Plans))
	for i, name := range v.Plans {
		ids[i] = PlanID(name)
	}
	if v.Reason == ReasonExclusive {
		return "License assignment failed because service plans " + strings.Join(ids, ", ") + " are mutually exclusive."
	}
	return "License assignment failed because service plan " + ids[0] + " depends on the service " +
		"plan(s) " + strings.Join(ids[1:], ", ") + "."
}

// Violations lists what is wrong with a set of plans, given by their names.
func Violations(given map[string]bool) []Violation {
	var list []Violation
	for _, set := range ExclusivePlans {
		var both []string
		for _, name := range set {
			if given[name] {
				both = append(both, name)
			}
		}
		if len(both) > 1 {
			list = append(list, Violation{ReasonExclusive, both})
		}
	}
	for _, set := range DependentPlans {
		if given[set[0]] && !slices.ContainsFunc(set[1:], func(name string) bool { return given[name] }) {
			list = append(list, Violation{ReasonDependency, set})
		}
	}
	return list
}
