package plan

import (
	"maps"
	"slices"
	"strings"
)

// Microsoft publishes no list of the service plans that exclude or need each other. These are its
// own examples and those that answers of assignLicense name; Graph refuses all
// other combinations when the step is applied.
// Source: https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems
var (
	exclusivePlans = [][]string{
		{"EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS"},
		{"SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"},
	}
	neededPlans = map[string][]string{ // one of them
		"SHAREPOINTWAC": {"SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS"},
		"MCOEV":         {"MCOSTANDARD"},
		"MCOMEETADV":    {"MCOSTANDARD"},
	}
)

// Plans that give a mailbox or a OneDrive, by the beginning of their names: variants for governments
// and schools have an ending. Exchange Foundation and the archives give none.
// Source: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
var (
	mailboxPlans = []string{"EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS",
		"EXCHANGE_S_ESSENTIALS", "EXCHANGE_B_STANDARD", "EXCHANGE_L_STANDARD"}
	oneDrivePlans = []string{"SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD", "SHAREPOINTDESKLESS", "ONEDRIVE"}
)

// A planSet is the service plans that a user can use, by name.
type planSet map[string]bool

func (s planSet) hasAny(beginnings []string) bool {
	for name := range s {
		if slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(name, b) }) {
			return true
		}
	}
	return false
}

// A planFault is plans that do not go together.
type planFault struct {
	code, text string
}

func (s planSet) faults() []planFault {
	var faults []planFault
	for _, set := range exclusivePlans {
		var both []string
		for _, name := range set {
			if s[name] {
				both = append(both, name)
			}
		}
		if len(both) > 1 {
			faults = append(faults, planFault{"exclusive_plans",
				"the service plans " + strings.Join(both, " and ") + " exclude each other"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(neededPlans)) {
		needs := neededPlans[name]
		if s[name] && !slices.ContainsFunc(needs, func(n string) bool { return s[n] }) {
			faults = append(faults, planFault{"dependency",
				"the service plan " + name + " needs " + strings.Join(needs, " or ")})
		}
	}
	return faults
}

// newFault is a fault of after that was not there before: an old fault does not prevent another change.
func newFault(before, after planSet) (planFault, bool) {
	old := before.faults()
	for _, f := range after.faults() {
		if !slices.Contains(old, f) {
			return f, true
		}
	}
	return planFault{}, false
}
