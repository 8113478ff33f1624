package provision

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// bases are the reasons of reclaimable_licenses.
var bases = []string{"disabled account", "not reported", "never used", "inactive", "duplicate"}

var statuses = []Status{Requested, Planned, Applied, AlreadyDone, Refused, Failed, WaitingForSeat, Rejected, Cancelled}

// A need is whether a kind of action has a column.
type need int

const (
	mustNot need = iota
	may
	must
)

// columnNeeds are which columns an action must or may have, besides those that every action may
// have. The CHECK constraints of provisioning_actions say the same.
func columnNeeds(k Kind) map[string]need {
	switch k {
	case AssignLicense:
		return map[string]need{"sku": must, "disabled_plans": may}
	case RemoveLicense:
		return map[string]need{"sku": must}
	case SwapLicense:
		return map[string]need{"sku": must, "new_sku": must, "disabled_plans": may}
	case SetDisabledPlans:
		return map[string]need{"sku": must, "disabled_plans": must}
	case CreateUser:
		return map[string]need{"display_name": must, "usage_location": may}
	case AddToGroup, RemoveFromGroup:
		return map[string]need{"target_group": must}
	case SetUsageLocation:
		return map[string]need{"usage_location": must}
	}
	return nil
}

var countryPattern = regexp.MustCompile(`^[A-Z]{2}$`)

// IsCountry reports whether a text is written like a usage location: two capital letters of ISO 3166. Which
// countries there are, Microsoft says: Graph refuses others.
func IsCountry(text string) bool { return countryPattern.MatchString(text) }

// Validate says what is wrong with an action, naming the column; nil if nothing is.
func (a Action) Validate() error {
	if !slices.Contains(Kinds(), a.Kind) {
		return &UnknownNameError{Where: "column action", What: "action", Name: string(a.Kind), Known: kindNames()}
	}
	if strings.TrimSpace(a.User) == "" {
		return fmt.Errorf("column target_user: %s needs a user; give a sign-in name or an object id", a.Kind)
	}
	needs := columnNeeds(a.Kind)
	for _, c := range []struct {
		name  string
		given bool
		blank bool
	}{
		{"sku", a.SKU != "", isBlank(a.SKU)},
		{"new_sku", a.NewSKU != "", isBlank(a.NewSKU)},
		{"disabled_plans", a.DisabledPlans != nil, slices.ContainsFunc(
			a.DisabledPlans, func(p string) bool { return strings.TrimSpace(p) == "" })},
		{"target_group", a.Group != "", isBlank(a.Group)},
		{"usage_location", a.UsageLocation != "", isBlank(a.UsageLocation)},
		{"display_name", a.DisplayName != "", isBlank(a.DisplayName)},
	} {
		switch {
		case c.blank:
			return fmt.Errorf("column %s: must not be blank; fill it in or leave it out", c.name)
		case !c.given && needs[c.name] == must:
			return fmt.Errorf("column %s: %s needs it", c.name, a.Kind)
		case c.given && needs[c.name] == mustNot:
			return fmt.Errorf("column %s: %s has no use for it; leave it out, or write an action of its own", c.name, a.Kind)
		}
	}
	switch {
	case a.UsageLocation != "" && !IsCountry(a.UsageLocation):
		return fmt.Errorf("column usage_location: %q must be two capital letters such as DE", a.UsageLocation)
	case a.Basis != "" && !slices.Contains(bases, a.Basis):
		return &UnknownNameError{Where: "column basis", What: "reason of reclaimable_licenses", Name: a.Basis, Known: bases}
	case a.Status != "" && !slices.Contains(statuses, a.Status):
		return fmt.Errorf("column status: %q must be %s", a.Status, Alternatives(statuses))
	case a.UndoOf < 0:
		return fmt.Errorf("column undo_of: %d is no number of a ledger entry", a.UndoOf)
	}
	return nil
}

func isBlank(text string) bool { return text != "" && strings.TrimSpace(text) == "" }
