package draft

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"m365lake/internal/text"
	"m365lake/provision"
)

// A Target is a tenant that the configuration names. Actions call it by name or id.
type Target struct{ Name, ID string }

func (t Target) isCalled(name string) bool {
	return strings.EqualFold(t.Name, name) || strings.EqualFold(t.ID, name)
}

// TargetsOf returns those of all tenants that actions are for, in their order; with only, it returns no
// other tenant than that one. It returns an error when only or an action names a tenant that is none of
// all, and when an action names none although there are several.
func TargetsOf(all []Target, only string, actions []provision.Action) ([]Target, error) {
	var names []string
	for _, t := range all {
		names = append(names, t.Name)
	}
	if only != "" && !slices.ContainsFunc(all, func(t Target) bool { return t.isCalled(only) }) {
		return nil, fmt.Errorf("--tenant %q: the configuration has no such tenant%s", only, text.Suggest(only, names))
	}
	wanted := map[Target]bool{}
	var faults []error
	for _, a := range actions {
		found := slices.IndexFunc(all, func(t Target) bool { return t.isCalled(a.Tenant) })
		switch {
		case a.Tenant == "" && len(all) == 1:
			wanted[all[0]] = true
		case a.Tenant == "":
			faults = append(faults, fmt.Errorf("action %d names no tenant, and there are several: %s",
				a.ID, strings.Join(names, ", ")))
		case found < 0:
			faults = append(faults, fmt.Errorf("action %d is for the tenant %q, which the configuration does not have%s",
				a.ID, a.Tenant, text.Suggest(a.Tenant, names)))
		default:
			wanted[all[found]] = true
		}
	}
	targets := slices.DeleteFunc(slices.Clone(all), func(t Target) bool {
		return !wanted[t] || only != "" && !t.isCalled(only)
	})
	return targets, errors.Join(faults...)
}
