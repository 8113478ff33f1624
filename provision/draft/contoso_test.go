package draft

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/internal/graphfake"
	"m365lake/provision/internal/livetest"
	"m365lake/provision/plan"
)

func grantOf(plans ...string) provision.Grant {
	return provision.Grant{Assigned: true, DisabledPlans: plans}
}

// planOf plans the actions, numbered from 1, in contoso.
func planOf(t *testing.T, in plan.Input, actions ...provision.Action) *provision.Plan {
	t.Helper()
	return planWith(t, nil, nil, in, actions...)
}

// planWith plans with what the warehouse knows, and with protections.
func planWith(
	t *testing.T, warehouse *sql.DB, protections []provision.Protection, in plan.Input, actions ...provision.Action,
) *provision.Plan {
	t.Helper()
	_, d := livetest.Contoso(t)
	for i := range actions {
		actions[i].ID = int64(i + 1)
		if actions[i].RequestedBy == "" {
			actions[i].RequestedBy = "anna"
		}
		if actions[i].RequestedBy == "-" {
			actions[i].RequestedBy = ""
		}
		if !strings.ContainsAny(actions[i].User, "@-") {
			actions[i].User += livetest.Domain
		}
	}
	in.Actions, in.Now, in.By = actions, livetest.PlanTime, "anna"
	if in.Settings.PlanExpiry == 0 {
		in.Settings = provision.DefaultSettings()
	}
	made, err := Draft(t.Context(), d, warehouse, protections, in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// One action alone: what becomes of it, and what is said.
func TestOneAction(t *testing.T) {
	for name, c := range map[string]struct {
		action   provision.Action
		verdict  provision.Verdict
		code     string
		sentence string // a part
	}{
		"remove": {provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "spe_e3"}, provision.Change, "",
			"Removes SPE_E3 from ana@contoso.com; keeps RARE; mailbox (size unknown: there is no warehouse) and OneDrive " +
				"(size unknown: there is no warehouse) become unreachable after the grace period; when the user was last active " +
				"cannot be known: there is no warehouse."},
		"remove by id": {provision.Action{Kind: provision.RemoveLicense, User: livetest.UserID(1), SKU: graphfake.E3ID},
			provision.Change, "", "Removes SPE_E3 from ana@contoso.com"},
		"remove, not held": {provision.Action{Kind: provision.RemoveLicense, User: "ida", SKU: "SPE_E3"}, provision.Nothing,
			"", "ida@contoso.com does not have SPE_E3."},
		"remove, both ways": {provision.Action{Kind: provision.RemoveLicense, User: "cy", SKU: "STANDARDPACK"},
			provision.Change, "", `keeps STANDARDPACK through the group "Sales";`},
		"remove, inherited": {provision.Action{Kind: provision.RemoveLicense, User: "bo", SKU: "STANDARDPACK"},
			provision.Refuse, "inherited_from_group",
			`bo@contoso.com has STANDARDPACK through the group "Everybody" (dynamic membership): it cannot be changed at the ` +
				`user; change the rule of the group.`},
		"assign": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3"},
			provision.Change, "", "Gives SPE_E3 to ida@contoso.com."},
		"assign without": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3",
			DisabledPlans: []string{"yammer_enterprise"}}, provision.Change, "",
			"Gives SPE_E3 to ida@contoso.com without YAMMER_ENTERPRISE."},
		"assign, held": {provision.Action{Kind: provision.AssignLicense, User: "ana", SKU: "SPE_E3"},
			provision.Nothing, "", "ana@contoso.com has SPE_E3 already."},
		"assign, other plans": {provision.Action{Kind: provision.AssignLicense, User: "ana", SKU: "SPE_E3",
			DisabledPlans: []string{}}, provision.Change, "", "Changes the service plans of SPE_E3 of ana@contoso.com."},
		"assign, full": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "STANDARDPACK"},
			provision.NoSeat, "no_seat", "once a seat is free: 3 of 3 are taken."},
		"assign, no location": {provision.Action{Kind: provision.AssignLicense, User: "di", SKU: "SPE_E3"}, provision.Refuse,
			"no_usage_location", "add a set_usage_location action"},
		"assign, for all": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "WHOLE"}, provision.Refuse,
			"not_assignable", "for the whole tenant"},
		"assign, suspended": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "OLD"}, provision.Refuse,
			"sku_suspended", "no subscription"},
		"assign, exclusive": {provision.Action{Kind: provision.AssignLicense, User: "bo", SKU: "SPE_E3"}, provision.Refuse,
			"exclusive_plans", "EXCHANGE_S_ENTERPRISE and EXCHANGE_S_STANDARD exclude each other"},
		"assign, switched off": {provision.Action{Kind: provision.AssignLicense, User: "bo", SKU: "SPE_E3",
			DisabledPlans: []string{livetest.MailPlan2, livetest.DrivePlan2}}, provision.Change, "",
			"without EXCHANGE_S_ENTERPRISE, SHAREPOINTENTERPRISE"},
		"assign, dependency": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "MCOEV"}, provision.Refuse,
			"dependency", "MCOEV needs MCOSTANDARD"},
		"unknown product": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E9"}, provision.Refuse,
			"unknown_sku", `no product "SPE_E9"`},
		"two products": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "Twin"}, provision.Refuse,
			"ambiguous_sku", livetest.TwinID + ", " + livetest.OtherTwin},
		"unknown plan": {provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3",
			DisabledPlans: []string{"TEAMS9"}}, provision.Refuse, "unknown_plan",
			"its plans are EXCHANGE_S_ENTERPRISE, SHAREPOINTENTERPRISE, YAMMER_ENTERPRISE"},
		"swap, full": {provision.Action{Kind: provision.SwapLicense, User: "ana", SKU: "SPE_E3",
			NewSKU: "STANDARDPACK"}, provision.NoSeat, "no_seat", "would get STANDARDPACK"},
		"swap, not held": {provision.Action{Kind: provision.SwapLicense, User: "ida", SKU: "SPE_E3",
			NewSKU: "STANDARDPACK"}, provision.Refuse, "not_held", "does not have SPE_E3"},
		"swap for itself": {provision.Action{Kind: provision.SwapLicense, User: "ana", SKU: "SPE_E3",
			NewSKU: graphfake.E3ID}, provision.Refuse, "same_sku", "changes nothing"},
		"plans": {provision.Action{Kind: provision.SetDisabledPlans, User: "ana", SKU: "SPE_E3",
			DisabledPlans: []string{}}, provision.Change, "", "Changes the service plans of SPE_E3"},
		"plans, same": {provision.Action{Kind: provision.SetDisabledPlans, User: "ana", SKU: "SPE_E3",
			DisabledPlans: []string{"YAMMER_ENTERPRISE"}}, provision.Nothing, "", "as it should be"},
		"plans, not held": {provision.Action{Kind: provision.SetDisabledPlans, User: "ida", SKU: "SPE_E3",
			DisabledPlans: []string{}}, provision.Refuse, "not_held", ""},
		"plans, inherited": {provision.Action{Kind: provision.SetDisabledPlans, User: "bo", SKU: "STANDARDPACK",
			DisabledPlans: []string{}}, provision.Refuse, "inherited_from_group", ""},
		"disable": {provision.Action{Kind: provision.DisableUser, User: "ida"}, provision.Change, "",
			"Disables ida@contoso.com: no sign-in any more"},
		"disable, already": {provision.Action{Kind: provision.DisableUser, User: "hal"}, provision.Nothing, "",
			"disabled already"},
		"disable, synced": {provision.Action{Kind: provision.DisableUser, User: "gus"}, provision.Refuse,
			"synced_account", "change the account there"},
		"delete, synced": {provision.Action{Kind: provision.DeleteUser, User: "gus"}, provision.Refuse,
			"synced_account", ""},
		"synced gets licences": {provision.Action{Kind: provision.AssignLicense, User: "gus", SKU: "SPE_E3"},
			provision.Change, "", ""},
		"unknown user": {provision.Action{Kind: provision.DisableUser, User: "nobody"}, provision.Refuse,
			"unknown_user", "there is no user nobody@contoso.com"},
		"unknown id": {provision.Action{Kind: provision.DisableUser, User: livetest.UserID(99)}, provision.Refuse,
			"unknown_user", livetest.UserID(99)},
		"deleted user": {provision.Action{Kind: provision.DisableUser, User: livetest.UserID(20)}, provision.Refuse,
			"deleted_user", "restore the account first"},
		"time that is none": {
			provision.Action{Kind: provision.DisableUser, User: "ida", Fault: "column not_before holds no time"},
			provision.Refuse,
			"invalid_row", "column not_before holds no time; correct the row"},
		"unknown action": {provision.Action{Kind: "paint_user", User: "ida"}, provision.Refuse, "unknown_action",
			`"paint_user"`},
		"no requester": {provision.Action{Kind: provision.DisableUser, User: "ida", RequestedBy: "-"}, provision.Refuse,
			"no_requester", "requested_by"},
		"admin": {provision.Action{Kind: provision.DisableUser, User: "eve"}, provision.Refuse, "protected_role",
			"holds the role User Administrator"},
		"admin by group": {provision.Action{Kind: provision.RemoveLicense, User: "fay", SKU: "SPE_E3"},
			provision.Refuse, "protected_role", `through the group "Admins"`},
		"sessions": {provision.Action{Kind: provision.RevokeSessions, User: "ida"}, provision.Change, "",
			"Ends all sessions"},
		"create": {provision.Action{Kind: provision.CreateUser, User: "new", DisplayName: "New"},
			provision.Change, "", "Makes the user new@contoso.com (New)"},
		"create, elsewhere": {provision.Action{Kind: provision.CreateUser, User: "new@fabrikam.com", DisplayName: "New"},
			provision.Refuse, "unverified_domain", "contoso.com"},
		"create, there": {provision.Action{Kind: provision.CreateUser, User: "ida", DisplayName: "Ida"}, provision.Refuse,
			"user_exists", ""},
		"create, bad name": {provision.Action{Kind: provision.CreateUser, User: "n w@contoso.com", DisplayName: "New"},
			provision.Refuse, "invalid_name", ""},
		"create, nameless": {provision.Action{Kind: provision.CreateUser, User: "new"}, provision.Refuse, "no_display_name",
			""},
		"delete": {provision.Action{Kind: provision.DeleteUser, User: "ana"}, provision.Change, "",
			"Deletes ana@contoso.com; for 30 days"},
		"delete, already": {provision.Action{Kind: provision.DeleteUser, User: livetest.UserID(20)}, provision.Nothing, "",
			"deleted already"},
		"restore": {provision.Action{Kind: provision.RestoreUser, User: "left"}, provision.Change, "", "Restores"},
		"restore, two": {provision.Action{Kind: provision.RestoreUser, User: "twice"}, provision.Refuse, "ambiguous_user",
			"2 deleted accounts"},
		"restore, live": {provision.Action{Kind: provision.RestoreUser, User: "ida"}, provision.Nothing, "",
			"is not deleted"},
		"restore, gone": {provision.Action{Kind: provision.RestoreUser, User: "nobody"}, provision.Refuse, "not_deleted", ""},
		"group": {provision.Action{Kind: provision.AddToGroup, User: "ida", Group: graphfake.SalesID},
			provision.Change, "", `Adds ida@contoso.com to the group "Sales", which grants STANDARDPACK.`},
		"group, already": {provision.Action{Kind: provision.AddToGroup, User: "cy", Group: graphfake.SalesID},
			provision.Nothing, "", `in the group "Sales" already`},
		"group, out": {provision.Action{Kind: provision.RemoveFromGroup, User: "cy", Group: graphfake.SalesID},
			provision.Change, "", `Takes cy@contoso.com out of the group "Sales"`},
		"group, not in": {provision.Action{Kind: provision.RemoveFromGroup, User: "ida", Group: graphfake.SalesID},
			provision.Nothing, "", "not in the group"},
		"group, dynamic": {provision.Action{Kind: provision.AddToGroup, User: "ida", Group: livetest.DynamicID},
			provision.Refuse, "dynamic_group", ""},
		"group, synced": {provision.Action{Kind: provision.AddToGroup, User: "ida", Group: livetest.SyncedID},
			provision.Refuse, "synced_group", ""},
		"group, roles": {provision.Action{Kind: provision.AddToGroup, User: "ida", Group: livetest.AdminsID},
			provision.Refuse, "role_assignable_group", ""},
		"group, mail": {provision.Action{Kind: provision.AddToGroup, User: "ida", Group: livetest.ListID},
			provision.Refuse, "mail_group", ""},
		"group, unknown": {provision.Action{Kind: provision.AddToGroup, User: "ida", Group: "Nowhere"}, provision.Refuse,
			"unknown_group", ""},
		"location": {provision.Action{Kind: provision.SetUsageLocation, User: "ida", UsageLocation: "fr"}, provision.Change,
			"", "to FR, which was DE"},
		"location, bad": {provision.Action{Kind: provision.SetUsageLocation, User: "ida", UsageLocation: "FRA"},
			provision.Refuse, "invalid_usage_location", ""},
		"basis, no warehouse": {provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3",
			Basis: "inactive"}, provision.Refuse, "evidence_none", "there is no warehouse"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := planOf(t, plan.Input{}, c.action)
			if len(made.Steps) != 1 {
				t.Fatal(made.Steps)
			}
			s := made.Steps[0]
			if s.Verdict != c.verdict || s.Code != c.code || !strings.Contains(s.Sentence, c.sentence) ||
				!strings.HasSuffix(s.Sentence, ".") {
				t.Errorf("%s %q: %s %q", s.Verdict, s.Code, s.Sentence, s.Notes)
			}
			if refused := s.Verdict == provision.Refuse; refused != cmp.Equal(s.After, provision.Facet{}) {
				t.Errorf("%s leads to %+v", s.Verdict, s.After)
			}
			if s.Number != 1 || s.ActionID != 1 || s.ActionHash == "" {
				t.Errorf("%+v", s)
			}
		})
	}
}

// What stays out: other tenants' actions, and those that are not due.
func TestActionsThatStayOut(t *testing.T) {
	made := planOf(t, plan.Input{},
		provision.Action{Kind: provision.DisableUser, User: "ida", Tenant: "fabrikam"},
		provision.Action{Kind: provision.DisableUser, User: "ida", NotBefore: livetest.PlanTime.Add(time.Second)},
		provision.Action{Kind: provision.DisableUser, User: "ida", Tenant: "Contoso", NotBefore: livetest.PlanTime})
	if len(made.Steps) != 1 || made.Steps[0].ActionID != 3 || made.Users != 40 ||
		!made.ExpiresAt.Equal(livetest.PlanTime.Add(24*time.Hour)) {
		t.Errorf("%+v", made)
	}
}

// Rows that contradict each other are all refused, and nothing else is.
func TestContradictions(t *testing.T) {
	for name, c := range map[string]struct {
		rows []provision.Action
		want []string
	}{
		"give and take": {[]provision.Action{{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3"},
			{Kind: provision.RemoveLicense, User: livetest.UserID(9), SKU: graphfake.E3ID}}, []string{"conflict", "conflict"}},
		"on and off": {[]provision.Action{{Kind: provision.DisableUser, User: "ida"},
			{Kind: provision.EnableUser, User: "ida"}}, []string{"conflict", "conflict"}},
		"in and out": {[]provision.Action{{Kind: provision.AddToGroup, User: "ida", Group: graphfake.SalesID},
			{Kind: provision.RemoveFromGroup, User: "ida", Group: graphfake.SalesID}}, []string{"conflict", "conflict"}},
		"two countries": {[]provision.Action{{Kind: provision.SetUsageLocation, User: "ida", UsageLocation: "FR"},
			{Kind: provision.SetUsageLocation, User: "ida", UsageLocation: "DK"}}, []string{"conflict", "conflict"}},
		"different plans": {[]provision.Action{{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3",
			DisabledPlans: []string{}}, {Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3",
			DisabledPlans: []string{livetest.YammerPlan}}}, []string{"conflict", "conflict"}},
		"delete and give": {[]provision.Action{{Kind: provision.DeleteUser, User: "ida"},
			{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3"}, {Kind: provision.DisableUser, User: "ida"}},
			[]string{"change disable_user", "conflict", "conflict"}},
		"the same twice": {[]provision.Action{{Kind: provision.DisableUser, User: "ida"},
			{Kind: provision.DisableUser, User: "ida"}}, []string{"change disable_user", "already_done disable_user"}},
		"somebody else": {[]provision.Action{{Kind: provision.DisableUser, User: "ida"},
			{Kind: provision.EnableUser, User: "hal"}}, []string{"change disable_user", "change enable_user"}},
		"give, then plans": {[]provision.Action{{Kind: provision.AssignLicense, User: "ana", SKU: "SPE_E3"},
			{Kind: provision.SetDisabledPlans, User: "ana", SKU: "SPE_E3", DisabledPlans: []string{}}},
			[]string{"change set_disabled_plans", "already_done assign_license"}},
		"with a refused one": {[]provision.Action{{Kind: provision.DisableUser, User: "ida"},
			{Kind: provision.EnableUser, User: "ida", RequestedBy: "-"}}, []string{"change disable_user", "no_requester"}},
	} {
		made := planOf(t, plan.Input{}, c.rows...)
		var got []string
		for _, s := range made.Steps {
			if s.Verdict == provision.Refuse {
				got = append(got, s.Code)
			} else {
				got = append(got, string(s.Verdict)+" "+string(s.Kind))
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Seats are counted over all rows: what one gives back another can have, and the reserve stays.
func TestSeats(t *testing.T) {
	give := provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3"}
	swap := provision.Action{Kind: provision.SwapLicense, User: "ana", SKU: "SPE_E3", NewSKU: "STANDARDPACK"}
	free := provision.Action{Kind: provision.RemoveFromGroup, User: "cy", Group: graphfake.SalesID}
	take := provision.Action{Kind: provision.RemoveLicense, User: "cy", SKU: "STANDARDPACK"}
	verdicts := func(p *provision.Plan) (all []string) {
		for _, s := range p.Steps {
			all = append(all, fmt.Sprintf("%d %s %s", s.ActionID, s.Kind, s.Verdict))
		}
		return all
	}
	made := planOf(t, plan.Input{}, swap, give, take, free)
	want := []string{"3 remove_license change", "4 remove_from_group change", "1 swap_license change",
		"2 assign_license change"}
	if diff := cmp.Diff(want, verdicts(made)); diff != "" {
		t.Error(diff)
	}
	wantSeats := []provision.Seats{
		{SKUID: graphfake.E3ID, SKUPartNumber: "SPE_E3", ProductName: "SPE_E3", Bought: 10, Before: 8, After: 8},
		{SKUID: graphfake.E1ID, SKUPartNumber: "STANDARDPACK", ProductName: "STANDARDPACK", Bought: 3, Before: 3, After: 3},
	}
	if diff := cmp.Diff(wantSeats, made.Seats); diff != "" {
		t.Error(diff)
	}
	// what was off stays off, as far as the new product has the plan
	if got := made.Steps[2].After.Licenses; !cmp.Equal(
		got, map[string]provision.Grant{graphfake.E3ID: {}, graphfake.E1ID: grantOf(livetest.YammerPlan)}) {
		t.Errorf("%+v", got)
	}
	// taking the direct licence alone frees no seat: the group gives it too
	made = planOf(t, plan.Input{}, swap, take)
	if diff := cmp.Diff([]string{"2 remove_license change", "1 swap_license no_seat"}, verdicts(made)); diff != "" {
		t.Error(diff)
	}
	reserved := provision.DefaultSettings()
	reserved.SeatReserve = 2
	made = planOf(t, plan.Input{Settings: reserved}, give)
	if s := made.Steps[0]; s.Verdict != provision.NoSeat ||
		!strings.Contains(s.Sentence, "8 of 10 are taken, and seat_reserve keeps 2") {
		t.Errorf("%+v", s)
	}
	// a group takes its members whether there are seats or not
	made = planOf(t, plan.Input{}, provision.Action{Kind: provision.AddToGroup, User: "ida", Group: graphfake.SalesID})
	if s := made.Steps[0]; s.Verdict != provision.Change ||
		!strings.Contains(strings.Join(s.Notes, " "), "No seat of STANDARDPACK is free") {
		t.Errorf("%+v", s)
	}
}

func TestMoney(t *testing.T) {
	prices := map[string]provision.Price{"spe_e3": {Monthly: 33.35, Currency: "EUR"},
		graphfake.E1ID: {Monthly: 9.1, Currency: "EUR"}}
	made := planOf(t, plan.Input{Prices: prices},
		provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3"},       // 33.35
		provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "RARE"},         // no price
		provision.Action{Kind: provision.RemoveLicense, User: "cy", SKU: "STANDARDPACK"},  // the group pays on
		provision.Action{Kind: provision.AssignLicense, User: "ida", SKU: "SPE_E3"},       // -33.35
		provision.Action{Kind: provision.RemoveLicense, User: "hal", SKU: "SPE_E3"},       // 33.35
		provision.Action{Kind: provision.AssignLicense, User: "gus", SKU: "STANDARDPACK"}, // no seat
	)
	var savings []string
	for _, s := range made.Steps {
		text := "-"
		if s.MonthlySaving != nil {
			text = fmt.Sprintf("%.2f %s", *s.MonthlySaving, s.Currency)
		}
		savings = append(savings, text)
	}
	if diff := cmp.Diff([]string{"33.35 EUR", "-", "-", "33.35 EUR", "-33.35 EUR", "-"}, savings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]provision.Money{{Currency: "EUR", Monthly: 33.35, Yearly: 400.2, WithoutPrice: 1}},
		made.Money); diff != "" {
		t.Error(diff)
	}
}

func TestLossIsNoted(t *testing.T) {
	made := planOf(t, plan.Input{}, provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "SPE_E3"})
	want := []string{"Nothing else of the user gives a mailbox: Microsoft keeps it for 30 days and then deletes it.",
		"Nothing else of the user gives a OneDrive."}
	if diff := cmp.Diff(want, made.Steps[0].Notes); diff != "" {
		t.Error(diff)
	}
	made = planOf(t, plan.Input{}, provision.Action{Kind: provision.RemoveLicense, User: "ana", SKU: "RARE"})
	if len(made.Steps[0].Notes) != 0 || strings.Contains(made.Steps[0].Sentence, "unreachable") {
		t.Errorf("%+v", made.Steps[0])
	}
}
