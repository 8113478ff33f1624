package entra

import (
	"slices"

	"m365lake/sandbox/faults"
)

// Template ids of directory roles, as a person's token names them.
// Source: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
const (
	ReportsReaderRole = "4a5d8f65-41da-4de4-8968-e035b65339cf"
	everyUserRole     = "b79fbf4d-3ef9-4689-8143-76b194e85509" // in every person's token
)

// granted applies the faults to permissions that were given.
func (t Tokens) granted(permissions []string) []string {
	var names []string
	for _, p := range append(slices.Clone(permissions), t.faults.Arguments(faults.PermissionExtra)...) {
		if !slices.Contains(t.faults.Arguments(faults.PermissionMissing), p) {
			names = append(names, p)
		}
	}
	return names
}

// personRoles are the directory roles of the person who signs in.
func (t Tokens) personRoles() []string {
	if t.faults.On(faults.NoReportsRole) {
		return []string{everyUserRole}
	}
	return []string{ReportsReaderRole, everyUserRole}
}
