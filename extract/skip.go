package extract

import (
	"errors"

	"m365lake/graph"
)

// skipped says why an optional source that Graph refused leaves no gap: no administrator of
// the tenant could change that. It returns "" when the refusal is a gap, which an administrator can close.
func (s Source) skipped(err error) string {
	var refused *graph.Error
	if !s.Optional || !errors.As(err, &refused) {
		return ""
	}
	switch {
	case refused.NotPremium():
		return "the tenant has no Entra ID P1 or P2 licence, which this needs"
	case refused.NotOffered():
		return "this cloud's Graph does not offer it"
	case s.Dispensable() && refused.Permission():
		return "whether names are concealed is seen in the reports too; " +
			"to know it beforehand, grant the application permission " + s.Permission
	case s.isRoleMembers() && refused.NotFound():
		return "no group: an application that holds a role"
	}
	return ""
}

// Dispensable reports whether the source may lack its permission without leaving a gap, because other
// sources have the same.
func (s Source) Dispensable() bool { return s.Name == ReportSettings }
