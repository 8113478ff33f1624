package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"m365lake/graph"
	"m365lake/internal/entra"
	"m365lake/internal/text"
)

// addSetting adds what an answer says besides that the permission is there. It is shown after the permissions.
func (k *tenantChecker) addSetting(subject string, status Status, text, remedy string) {
	k.settings = append(k.settings, Finding{subject, status, text, remedy})
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
			AssignedPlans []entra.AssignedPlan `json:"assignedPlans"`
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
	tier, premium := "neither Entra ID P1 nor P2 among its plans", false
	if highest := entra.Tier(organization.AssignedPlans); highest != "" {
		tier, premium = "Entra ID "+highest, true
	}
	switch {
	case !k.Config.SignInActivity:
		k.addSetting("premium", OK, tier+"; last sign-ins are not asked for (sign_in_activity: false)", "")
	case premium:
		k.addSetting("premium", OK, tier+", as last sign-ins need", "")
	} // without either, the refusal of sign-in activity is the authority: see signIns
}

// signIns asks for one person's last sign-in.
func (k *tenantChecker) signIns(ctx context.Context) error {
	err := k.ask(ctx, "/v1.0/users?$select=id,signInActivity&$top=1", &struct{}{})
	var refused *graph.Error
	if errors.As(err, &refused) && refused.NotPremium() {
		k.addSetting("premium", Note, "neither Entra ID P1 nor P2, which last sign-ins need: a run skips them",
			"write sign_in_activity: false, or buy Entra ID P1")
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
		k.addSetting("usage location", Note,
			text.Count(int(*answer.Count), "enabled member")+" without one, so that no licence can be assigned there",
			"set usageLocation before assigning licences; reading needs nothing")
	default:
		k.addSetting("usage location", OK, "every enabled member has one", "")
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
		k.addSetting("concealed names", Note, "Graph does not say whether the reports conceal names", "")
	case *concealed:
		k.addSetting("concealed names", Gap, "the reports conceal names: usage is counted, and nothing is said of people",
			`clear "Display concealed user, group, and site names in all reports" `+
				`under Settings > Org settings > Services > Reports in the Microsoft 365 admin center`)
	default:
		k.addSetting("concealed names", OK, "the reports show names", "")
	}
	return nil
}
