package draft

import (
	"strings"
	"testing"

	"m365lake/provision"
	"m365lake/provision/internal/graphfake"
	"m365lake/provision/internal/livetest"
	"m365lake/provision/plan"
)

func TestProtections(t *testing.T) {
	off := provision.DefaultSettings()
	off.ProtectAdmins = false
	for name, c := range map[string]struct {
		protection provision.Protection
		user, code string
	}{
		"account": {provision.Protection{Kind: provision.ProtectAccount, Value: "IDA@contoso.com", Reason: "the boss"},
			"ida", "protected_account"},
		"account by id": {provision.Protection{Kind: provision.ProtectAccount, Value: livetest.UserID(9)}, "ida",
			"protected_account"},
		"other account": {provision.Protection{Kind: provision.ProtectAccount, Value: "ida@contoso.com"}, "hal", ""},
		"pattern": {provision.Protection{Kind: provision.ProtectPattern, Value: "I*@Contoso.*"}, "ida",
			"protected_pattern"},
		"other pattern": {provision.Protection{Kind: provision.ProtectPattern, Value: "ida"}, "ida", ""},
		"group": {provision.Protection{Kind: provision.ProtectGroup, Value: graphfake.SalesID}, "cy",
			"protected_group"},
		"role": {provision.Protection{Kind: provision.ProtectRole, Value: "user administrator"}, "eve",
			"protected_role"},
		"role by group": {provision.Protection{Kind: provision.ProtectRole, Value: livetest.RoleID}, "fay",
			"protected_role"},
		"admins are not": {provision.Protection{Kind: provision.ProtectAccount, Value: "x"}, "eve", ""},
	} {
		s := planWith(t, nil, []provision.Protection{c.protection}, plan.Input{Settings: off},
			provision.Action{Kind: provision.RevokeSessions, User: c.user}).Steps[0]
		if s.Code != c.code || c.protection.Reason != "" && !strings.Contains(s.Sentence, c.protection.Reason) {
			t.Errorf("%s: %q %s", name, s.Code, s.Sentence)
		}
	}
	for _, wrong := range []provision.Protection{
		{Kind: provision.ProtectGroup, Value: "Nowhere"}, {Kind: provision.ProtectRole, Value: "Janitor"},
		{Kind: "planet", Value: "Mars"}} {
		_, d := livetest.Contoso(t)
		if _, err := Draft(t.Context(), d, nil, []provision.Protection{wrong},
			plan.Input{Now: livetest.PlanTime}); err == nil || !strings.Contains(err.Error(), "protected_accounts") {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

// Without knowing who is an administrator there is no plan.
func TestNoRolesNoPlan(t *testing.T) {
	f, d := livetest.Contoso(t)
	f.Answers["GET /roleManagement/directory/roleAssignments"] = graphfake.Refused(403, "Authorization_RequestDenied",
		"no")
	in := plan.Input{Settings: provision.DefaultSettings(), Now: livetest.PlanTime}
	_, err := Draft(t.Context(), d, nil, nil, in)
	if err == nil || !strings.Contains(err.Error(), "RoleManagement.Read.Directory") {
		t.Error(err)
	}
	d.TenantID = livetest.UserID(1)
	if _, err := Draft(t.Context(), d, nil, nil, plan.Input{Now: livetest.PlanTime}); err == nil ||
		!strings.Contains(err.Error(), "signed in to the tenant") {
		t.Error(err)
	}
}
