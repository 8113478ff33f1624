package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"m365lake/graph"
	"m365lake/internal/text"
)

// Service plans of the licences that sign-in activity needs.
// Source: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
const (
	planEntraP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
	planEntraP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
)

// setting notes what an answer told besides that the permission is there.
func (k *tenantChecker) setting(subject string, status findingStatus, text, remedy string) {
	k.settings = append(k.settings, finding{subject, status, text, remedy})
}

// organization learns the tenant's name, its domain and its tier of Entra ID.
func (k *tenantChecker) organization(ctx context.Context) {
	var answer struct {
		Value []struct {
			ID              string `json:"id"`
			DisplayName     string `json:"displayName"`
			VerifiedDomains []struct {
				Name      string `json:"name"`
				IsDefault bool   `json:"isDefault"`
			} `json:"verifiedDomains"`
			AssignedPlans []struct {
				ID     string `json:"servicePlanId"`
				Status string `json:"capabilityStatus"`
			} `json:"assignedPlans"`
		} `json:"value"`
	}
	if err := k.ask(ctx, "/v1.0/organization", &answer); err != nil || len(answer.Value) == 0 {
		return // the permission's own finding says it
	}
	organization := answer.Value[0]
	k.out.Organization = organization.DisplayName
	for _, d := range organization.VerifiedDomains {
		if d.IsDefault || k.out.Domain == "" {
			k.out.Domain = d.Name
		}
	}
	p1, p2 := false, false
	for _, plan := range organization.AssignedPlans {
		if plan.Status != "Enabled" && plan.Status != "Warning" {
			continue
		}
		p1, p2 = p1 || plan.ID == planEntraP1, p2 || plan.ID == planEntraP2
	}
	tier := "neither Entra ID P1 nor P2 among its plans"
	switch {
	case p2:
		tier = "Entra ID P2"
	case p1:
		tier = "Entra ID P1"
	}
	switch {
	case !k.config.SignInActivity:
		k.setting("premium", statusOK, tier+"; last sign-ins are not asked for (sign_in_activity: false)", "")
	case p1 || p2:
		k.setting("premium", statusOK, tier+", as last sign-ins need", "")
	} // without either, the refusal of sign-in activity is the authority: see signIns
}

// signIns asks for one person's last sign-in.
func (k *tenantChecker) signIns(ctx context.Context) error {
	err := k.ask(ctx, "/v1.0/users?$select=id,signInActivity&$top=1", &struct{}{})
	var refused *graph.Error
	if errors.As(err, &refused) && refused.NotPremium() {
		k.setting("premium", statusNote, "neither Entra ID P1 nor P2, which last sign-ins need: a run skips them", "write sign_in_activity: false, or buy Entra ID P1")
	}
	return err
}

// usageLocations counts the people who could not be given a licence. Guests are left out: they hardly
// ever hold one.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func (k *tenantChecker) usageLocations(ctx context.Context) error {
	var answer struct {
		Count *int64 `json:"@odata.count"`
	}
	const filter = "accountEnabled eq true and userType eq 'Member' and usageLocation eq null"
	err := k.ask(ctx, "/v1.0/users?$select=id&$top=1&$count=true&$filter="+filter, &answer)
	var refused *graph.Error
	if errors.As(err, &refused) && !refused.Permission() {
		// This Graph does not count so; what the permission is for is another question.
		return k.ask(ctx, "/v1.0/users?$select=id&$top=1", &struct{}{})
	}
	switch {
	case err != nil || answer.Count == nil:
	case *answer.Count > 0:
		k.setting("usage location", statusNote, text.Count(int(*answer.Count), "enabled member")+" without one, so that no licence can be assigned there", "set usageLocation before assigning licences; reading needs nothing")
	default:
		k.setting("usage location", statusOK, "every enabled member has one", "")
	}
	return err
}

// reportSettings says whether names are concealed. The page shows the object within "value", Graph
// answers without.
// Source: https://learn.microsoft.com/graph/api/adminreportsettings-get
func (k *tenantChecker) reportSettings(ctx context.Context) error {
	var answer struct {
		Concealed *bool `json:"displayConcealedNames"`
		Value     struct {
			Concealed *bool `json:"displayConcealedNames"`
		} `json:"value"`
	}
	var raw json.RawMessage
	if err := k.ask(ctx, "/v1.0/admin/reportSettings", &raw); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("/v1.0/admin/reportSettings: %w", err)
	}
	concealed := answer.Concealed
	if concealed == nil {
		concealed = answer.Value.Concealed
	}
	switch {
	case concealed == nil:
		k.setting("concealed names", statusNote, "Graph does not say whether the reports conceal names", "")
	case *concealed:
		k.setting("concealed names", statusGap, "the reports conceal names: usage is counted, and nothing is said of people",
			`clear "Display concealed user, group, and site names in all reports" under Settings > Org settings > Services > Reports in the Microsoft 365 admin center`)
	default:
		k.setting("concealed names", statusOK, "the reports show names", "")
	}
	return nil
}
