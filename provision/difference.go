package provision

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Difference says in words how the tenant differs from what was expected.
func Difference(expected, live Facet) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if expected.Account != "" && live.Account != expected.Account {
		add("the account is %s instead of %s", live.Account, expected.Account)
	}
	if expected.Enabled != nil && (live.Enabled == nil || *live.Enabled != *expected.Enabled) {
		add("the account is %s", map[bool]string{true: "disabled", false: "enabled"}[*expected.Enabled])
	}
	if expected.UsageLocation != nil && (live.UsageLocation == nil || *live.UsageLocation != *expected.UsageLocation) {
		is := "none"
		if live.UsageLocation != nil && *live.UsageLocation != "" {
			is = *live.UsageLocation
		}
		add("the usage location is %s", is)
	}
	for _, sku := range slices.Sorted(maps.Keys(expected.Licenses)) {
		want, have := expected.Licenses[sku], live.Licenses[sku]
		switch {
		case want.Assigned && !have.Assigned:
			add("licence %s is not assigned directly", sku)
		case !want.Assigned && have.Assigned:
			add("licence %s is assigned directly", sku)
		case !slices.Equal(want.DisabledPlans, have.DisabledPlans):
			add("licence %s has other service plans switched off", sku)
		}
	}
	for _, group := range slices.Sorted(maps.Keys(expected.Groups)) {
		if live.Groups[group] != expected.Groups[group] {
			add("the user is %s of group %s", map[bool]string{true: "no member", false: "a member"}[expected.Groups[group]],
				group)
		}
	}
	if t := expected.SessionsValidFrom; t != nil && (live.SessionsValidFrom == nil || live.SessionsValidFrom.Before(*t)) {
		add("sessions from before %s are still valid", t.Format(time.RFC3339))
	}
	if len(parts) == 0 {
		return "no difference"
	}
	return strings.Join(parts, ", ")
}
