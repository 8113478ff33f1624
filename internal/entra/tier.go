// Package entra tells from a tenant's service plans which edition of Entra ID the tenant has: P2, P1 or neither.
package entra

// An AssignedPlan is one of the service plans of a tenant, as Graph's organization lists them.
// Source: https://learn.microsoft.com/graph/api/resources/assignedplan
type AssignedPlan struct {
	ServicePlanID    string `json:"servicePlanId"`
	CapabilityStatus string `json:"capabilityStatus"`
}

// Service plans AAD_PREMIUM and AAD_PREMIUM_P2.
// Source: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
const (
	PlanP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
	PlanP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
)

// Tier returns "P2", "P1", or "" for neither: the highest of the plans that are in effect. Last sign-ins need
// one of them.
func Tier(plans []AssignedPlan) string {
	tier := ""
	for _, p := range plans {
		if p.CapabilityStatus != "Enabled" && p.CapabilityStatus != "Warning" {
			continue
		}
		switch p.ServicePlanID {
		case PlanP2:
			return "P2"
		case PlanP1:
			tier = "P1"
		}
	}
	return tier
}
