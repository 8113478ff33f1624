package provision

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// planOf plans the actions, numbered from 1, in contoso.
func planOf(t *testing.T, in PlanInput, actions ...Action) *Plan {
	t.Helper()
	return planWith(t, nil, nil, in, actions...)
}

// planWith plans with what the warehouse knows, and with protections.
func planWith(t *testing.T, warehouse *sql.DB, protections []Protection, in PlanInput, actions ...Action) *Plan {
	t.Helper()
	_, d := contoso(t)
	for i := range actions {
		actions[i].ID = int64(i + 1)
		if actions[i].RequestedBy == "" {
			actions[i].RequestedBy = "anna"
		}
		if actions[i].RequestedBy == "-" {
			actions[i].RequestedBy = ""
		}
		if !strings.ContainsAny(actions[i].User, "@-") {
			actions[i].User += domain
		}
	}
	in.Actions, in.Now, in.By = actions, planTime, "anna"
	if in.Settings.PlanExpiry == 0 {
		in.Settings = DefaultSettings()
	}
	plan, err := Draft(t.Context(), d, warehouse, protections, in)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// One action alone: what becomes of it, and what is said.
func TestOneAction(t *testing.T) {
	for name, c := range map[string]struct {
		action   Action
		verdict  Verdict
		code     string
		sentence string // a part
	}{
		"remove": {Action{Kind: RemoveLicense, User: "ana", SKU: "spe_e3"}, Change, "",
			"Removes SPE_E3 from ana@contoso.com; keeps RARE; mailbox (size unknown: there is no warehouse) and OneDrive (size unknown: there is no warehouse) become unreachable after the grace period; when the user was last active cannot be known: there is no warehouse."},
		"remove by id":      {Action{Kind: RemoveLicense, User: userID(1), SKU: e3ID}, Change, "", "Removes SPE_E3 from ana@contoso.com"},
		"remove, not held":  {Action{Kind: RemoveLicense, User: "ida", SKU: "SPE_E3"}, Nothing, "", "ida@contoso.com does not have SPE_E3."},
		"remove, both ways": {Action{Kind: RemoveLicense, User: "cy", SKU: "STANDARDPACK"}, Change, "", `keeps STANDARDPACK through the group "Sales";`},
		"remove, inherited": {Action{Kind: RemoveLicense, User: "bo", SKU: "STANDARDPACK"}, Refuse, "inherited_from_group",
			`bo@contoso.com has STANDARDPACK through the group "Everybody" (dynamic membership): it cannot be changed at the user; change the rule of the group.`},
		"assign":               {Action{Kind: AssignLicense, User: "ida", SKU: "SPE_E3"}, Change, "", "Gives SPE_E3 to ida@contoso.com."},
		"assign without":       {Action{Kind: AssignLicense, User: "ida", SKU: "SPE_E3", DisabledPlans: []string{"yammer_enterprise"}}, Change, "", "Gives SPE_E3 to ida@contoso.com without YAMMER_ENTERPRISE."},
		"assign, held":         {Action{Kind: AssignLicense, User: "ana", SKU: "SPE_E3"}, Nothing, "", "ana@contoso.com has SPE_E3 already."},
		"assign, other plans":  {Action{Kind: AssignLicense, User: "ana", SKU: "SPE_E3", DisabledPlans: []string{}}, Change, "", "Changes the service plans of SPE_E3 of ana@contoso.com."},
		"assign, full":         {Action{Kind: AssignLicense, User: "ida", SKU: "STANDARDPACK"}, NoSeat, "no_seat", "once a seat is free: 3 of 3 are taken."},
		"assign, no location":  {Action{Kind: AssignLicense, User: "di", SKU: "SPE_E3"}, Refuse, "no_usage_location", "add a set_usage_location action"},
		"assign, for all":      {Action{Kind: AssignLicense, User: "ida", SKU: "WHOLE"}, Refuse, "not_assignable", "for the whole tenant"},
		"assign, suspended":    {Action{Kind: AssignLicense, User: "ida", SKU: "OLD"}, Refuse, "sku_suspended", "no subscription"},
		"assign, exclusive":    {Action{Kind: AssignLicense, User: "bo", SKU: "SPE_E3"}, Refuse, "exclusive_plans", "EXCHANGE_S_ENTERPRISE and EXCHANGE_S_STANDARD exclude each other"},
		"assign, switched off": {Action{Kind: AssignLicense, User: "bo", SKU: "SPE_E3", DisabledPlans: []string{mailPlan2, drivePlan2}}, Change, "", "without EXCHANGE_S_ENTERPRISE, SHAREPOINTENTERPRISE"},
		"assign, dependency":   {Action{Kind: AssignLicense, User: "ida", SKU: "MCOEV"}, Refuse, "dependency", "MCOEV needs MCOSTANDARD"},
		"unknown product":      {Action{Kind: AssignLicense, User: "ida", SKU: "SPE_E9"}, Refuse, "unknown_sku", `no product "SPE_E9"`},
		"two products":         {Action{Kind: AssignLicense, User: "ida", SKU: "Twin"}, Refuse, "ambiguous_sku", twinID + ", " + otherTwin},
		"unknown plan":         {Action{Kind: AssignLicense, User: "ida", SKU: "SPE_E3", DisabledPlans: []string{"TEAMS9"}}, Refuse, "unknown_plan", "its plans are EXCHANGE_S_ENTERPRISE, SHAREPOINTENTERPRISE, YAMMER_ENTERPRISE"},
		"swap, full":           {Action{Kind: SwapLicense, User: "ana", SKU: "SPE_E3", NewSKU: "STANDARDPACK"}, NoSeat, "no_seat", "would get STANDARDPACK"},
		"swap, not held":       {Action{Kind: SwapLicense, User: "ida", SKU: "SPE_E3", NewSKU: "STANDARDPACK"}, Refuse, "not_held", "does not have SPE_E3"},
		"swap for itself":      {Action{Kind: SwapLicense, User: "ana", SKU: "SPE_E3", NewSKU: e3ID}, Refuse, "same_sku", "changes nothing"},
		"plans":                {Action{Kind: SetDisabledPlans, User: "ana", SKU: "SPE_E3", DisabledPlans: []string{}}, Change, "", "Changes the service plans of SPE_E3"},
		"plans, same":          {Action{Kind: SetDisabledPlans, User: "ana", SKU: "SPE_E3", DisabledPlans: []string{"YAMMER_ENTERPRISE"}}, Nothing, "", "as it should be"},
		"plans, not held":      {Action{Kind: SetDisabledPlans, User: "ida", SKU: "SPE_E3", DisabledPlans: []string{}}, Refuse, "not_held", ""},
		"plans, inherited":     {Action{Kind: SetDisabledPlans, User: "bo", SKU: "STANDARDPACK", DisabledPlans: []string{}}, Refuse, "inherited_from_group", ""},
		"disable":              {Action{Kind: DisableUser, User: "ida"}, Change, "", "Disables ida@contoso.com: no sign-in any more"},
		"disable, already":     {Action{Kind: DisableUser, User: "hal"}, Nothing, "", "disabled already"},
		"disable, synced":      {Action{Kind: DisableUser, User: "gus"}, Refuse, "synced_account", "change the account there"},
		"delete, synced":       {Action{Kind: DeleteUser, User: "gus"}, Refuse, "synced_account", ""},
		"synced gets licences": {Action{Kind: AssignLicense, User: "gus", SKU: "SPE_E3"}, Change, "", ""},
		"unknown user":         {Action{Kind: DisableUser, User: "nobody"}, Refuse, "unknown_user", "there is no user nobody@contoso.com"},
		"unknown id":           {Action{Kind: DisableUser, User: userID(99)}, Refuse, "unknown_user", userID(99)},
		"deleted user":         {Action{Kind: DisableUser, User: userID(20)}, Refuse, "deleted_user", "restore the account first"},
		"unknown action":       {Action{Kind: "paint_user", User: "ida"}, Refuse, "unknown_action", `"paint_user"`},
		"no requester":         {Action{Kind: DisableUser, User: "ida", RequestedBy: "-"}, Refuse, "no_requester", "requested_by"},
		"admin":                {Action{Kind: DisableUser, User: "eve"}, Refuse, "protected_role", "holds the role User Administrator"},
		"admin by group":       {Action{Kind: RemoveLicense, User: "fay", SKU: "SPE_E3"}, Refuse, "protected_role", `through the group "Admins"`},
		"sessions":             {Action{Kind: RevokeSessions, User: "ida"}, Change, "", "Ends all sessions"},
		"create":               {Action{Kind: CreateUser, User: "new", DisplayName: "New"}, Change, "", "Makes the user new@contoso.com (New)"},
		"create, elsewhere":    {Action{Kind: CreateUser, User: "new@fabrikam.com", DisplayName: "New"}, Refuse, "unverified_domain", "contoso.com"},
		"create, there":        {Action{Kind: CreateUser, User: "ida", DisplayName: "Ida"}, Refuse, "user_exists", ""},
		"create, bad name":     {Action{Kind: CreateUser, User: "n w@contoso.com", DisplayName: "New"}, Refuse, "invalid_name", ""},
		"create, nameless":     {Action{Kind: CreateUser, User: "new"}, Refuse, "no_display_name", ""},
		"delete":               {Action{Kind: DeleteUser, User: "ana"}, Change, "", "Deletes ana@contoso.com; for 30 days"},
		"delete, already":      {Action{Kind: DeleteUser, User: userID(20)}, Nothing, "", "deleted already"},
		"restore":              {Action{Kind: RestoreUser, User: "left"}, Change, "", "Restores"},
		"restore, two":         {Action{Kind: RestoreUser, User: "twice"}, Refuse, "ambiguous_user", "2 deleted accounts"},
		"restore, live":        {Action{Kind: RestoreUser, User: "ida"}, Nothing, "", "is not deleted"},
		"restore, gone":        {Action{Kind: RestoreUser, User: "nobody"}, Refuse, "not_deleted", ""},
		"group":                {Action{Kind: AddToGroup, User: "ida", Group: salesID}, Change, "", `Adds ida@contoso.com to the group "Sales", which grants STANDARDPACK.`},
		"group, already":       {Action{Kind: AddToGroup, User: "cy", Group: salesID}, Nothing, "", `in the group "Sales" already`},
		"group, out":           {Action{Kind: RemoveFromGroup, User: "cy", Group: salesID}, Change, "", `Takes cy@contoso.com out of the group "Sales"`},
		"group, not in":        {Action{Kind: RemoveFromGroup, User: "ida", Group: salesID}, Nothing, "", "not in the group"},
		"group, dynamic":       {Action{Kind: AddToGroup, User: "ida", Group: dynamicID}, Refuse, "dynamic_group", ""},
		"group, synced":        {Action{Kind: AddToGroup, User: "ida", Group: syncedID}, Refuse, "synced_group", ""},
		"group, roles":         {Action{Kind: AddToGroup, User: "ida", Group: adminsID}, Refuse, "role_assignable_group", ""},
		"group, mail":          {Action{Kind: AddToGroup, User: "ida", Group: listID}, Refuse, "mail_group", ""},
		"group, unknown":       {Action{Kind: AddToGroup, User: "ida", Group: "Nowhere"}, Refuse, "unknown_group", ""},
		"location":             {Action{Kind: SetUsageLocation, User: "ida", UsageLocation: "fr"}, Change, "", "to FR, which was DE"},
		"location, bad":        {Action{Kind: SetUsageLocation, User: "ida", UsageLocation: "FRA"}, Refuse, "invalid_usage_location", ""},
		"basis, no warehouse":  {Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3", Basis: "inactive"}, Refuse, "evidence_none", "there is no warehouse"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := planOf(t, PlanInput{}, c.action)
			if len(plan.Steps) != 1 {
				t.Fatal(plan.Steps)
			}
			s := plan.Steps[0]
			if s.Verdict != c.verdict || s.Code != c.code || !strings.Contains(s.Sentence, c.sentence) || !strings.HasSuffix(s.Sentence, ".") {
				t.Errorf("%s %q: %s %q", s.Verdict, s.Code, s.Sentence, s.Notes)
			}
			if refused := s.Verdict == Refuse; refused != cmp.Equal(s.After, Facet{}) {
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
	plan := planOf(t, PlanInput{},
		Action{Kind: DisableUser, User: "ida", Tenant: "fabrikam"},
		Action{Kind: DisableUser, User: "ida", NotBefore: planTime.Add(time.Second)},
		Action{Kind: DisableUser, User: "ida", Tenant: "Contoso", NotBefore: planTime})
	if len(plan.Steps) != 1 || plan.Steps[0].ActionID != 3 || plan.Users != 40 || !plan.ExpiresAt.Equal(planTime.Add(24*time.Hour)) {
		t.Errorf("%+v", plan)
	}
}

// Rows that contradict each other are all refused, and nothing else is.
func TestContradictions(t *testing.T) {
	for name, c := range map[string]struct {
		rows []Action
		want []string
	}{
		"give and take":      {[]Action{{Kind: AssignLicense, User: "ida", SKU: "SPE_E3"}, {Kind: RemoveLicense, User: userID(9), SKU: e3ID}}, []string{"conflict", "conflict"}},
		"on and off":         {[]Action{{Kind: DisableUser, User: "ida"}, {Kind: EnableUser, User: "ida"}}, []string{"conflict", "conflict"}},
		"in and out":         {[]Action{{Kind: AddToGroup, User: "ida", Group: salesID}, {Kind: RemoveFromGroup, User: "ida", Group: salesID}}, []string{"conflict", "conflict"}},
		"two countries":      {[]Action{{Kind: SetUsageLocation, User: "ida", UsageLocation: "FR"}, {Kind: SetUsageLocation, User: "ida", UsageLocation: "DK"}}, []string{"conflict", "conflict"}},
		"different plans":    {[]Action{{Kind: AssignLicense, User: "ida", SKU: "SPE_E3", DisabledPlans: []string{}}, {Kind: AssignLicense, User: "ida", SKU: "SPE_E3", DisabledPlans: []string{yammerPlan}}}, []string{"conflict", "conflict"}},
		"delete and give":    {[]Action{{Kind: DeleteUser, User: "ida"}, {Kind: AssignLicense, User: "ida", SKU: "SPE_E3"}, {Kind: DisableUser, User: "ida"}}, []string{"change disable_user", "conflict", "conflict"}},
		"the same twice":     {[]Action{{Kind: DisableUser, User: "ida"}, {Kind: DisableUser, User: "ida"}}, []string{"change disable_user", "already_done disable_user"}},
		"somebody else":      {[]Action{{Kind: DisableUser, User: "ida"}, {Kind: EnableUser, User: "hal"}}, []string{"change disable_user", "change enable_user"}},
		"give, then plans":   {[]Action{{Kind: AssignLicense, User: "ana", SKU: "SPE_E3"}, {Kind: SetDisabledPlans, User: "ana", SKU: "SPE_E3", DisabledPlans: []string{}}}, []string{"change set_disabled_plans", "already_done assign_license"}},
		"with a refused one": {[]Action{{Kind: DisableUser, User: "ida"}, {Kind: EnableUser, User: "ida", RequestedBy: "-"}}, []string{"change disable_user", "no_requester"}},
	} {
		plan := planOf(t, PlanInput{}, c.rows...)
		var got []string
		for _, s := range plan.Steps {
			if s.Verdict == Refuse {
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
	give := Action{Kind: AssignLicense, User: "ida", SKU: "SPE_E3"}
	swap := Action{Kind: SwapLicense, User: "ana", SKU: "SPE_E3", NewSKU: "STANDARDPACK"}
	free := Action{Kind: RemoveFromGroup, User: "cy", Group: salesID}
	take := Action{Kind: RemoveLicense, User: "cy", SKU: "STANDARDPACK"}
	verdicts := func(p *Plan) (all []string) {
		for _, s := range p.Steps {
			all = append(all, fmt.Sprintf("%d %s %s", s.ActionID, s.Kind, s.Verdict))
		}
		return all
	}
	plan := planOf(t, PlanInput{}, swap, give, take, free)
	want := []string{"3 remove_license change", "4 remove_from_group change", "1 swap_license change", "2 assign_license change"}
	if diff := cmp.Diff(want, verdicts(plan)); diff != "" {
		t.Error(diff)
	}
	wantSeats := []Seats{
		{SKUID: e3ID, SKUPartNumber: "SPE_E3", ProductName: "SPE_E3", Bought: 10, Before: 8, After: 8},
		{SKUID: e1ID, SKUPartNumber: "STANDARDPACK", ProductName: "STANDARDPACK", Bought: 3, Before: 3, After: 3},
	}
	if diff := cmp.Diff(wantSeats, plan.Seats); diff != "" {
		t.Error(diff)
	}
	// what was off stays off, as far as the new product has the plan
	if got := plan.Steps[2].After.Licenses; !cmp.Equal(got, map[string]Grant{e3ID: {}, e1ID: assigned(yammerPlan)}) {
		t.Errorf("%+v", got)
	}
	// taking the direct licence alone frees no seat: the group gives it too
	plan = planOf(t, PlanInput{}, swap, take)
	if diff := cmp.Diff([]string{"2 remove_license change", "1 swap_license no_seat"}, verdicts(plan)); diff != "" {
		t.Error(diff)
	}
	reserved := DefaultSettings()
	reserved.SeatReserve = 2
	plan = planOf(t, PlanInput{Settings: reserved}, give)
	if s := plan.Steps[0]; s.Verdict != NoSeat || !strings.Contains(s.Sentence, "8 of 10 are taken, and seat_reserve keeps 2") {
		t.Errorf("%+v", s)
	}
	// a group takes its members whether there are seats or not
	plan = planOf(t, PlanInput{}, Action{Kind: AddToGroup, User: "ida", Group: salesID})
	if s := plan.Steps[0]; s.Verdict != Change || !strings.Contains(strings.Join(s.Notes, " "), "No seat of STANDARDPACK is free") {
		t.Errorf("%+v", s)
	}
}

func TestMoney(t *testing.T) {
	prices := map[string]Price{"spe_e3": {Monthly: 33.35, Currency: "EUR"}, e1ID: {Monthly: 9.1, Currency: "EUR"}}
	plan := planOf(t, PlanInput{Prices: prices},
		Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3"},       // 33.35
		Action{Kind: RemoveLicense, User: "ana", SKU: "RARE"},         // no price
		Action{Kind: RemoveLicense, User: "cy", SKU: "STANDARDPACK"},  // the group pays on
		Action{Kind: AssignLicense, User: "ida", SKU: "SPE_E3"},       // -33.35
		Action{Kind: RemoveLicense, User: "hal", SKU: "SPE_E3"},       // 33.35
		Action{Kind: AssignLicense, User: "gus", SKU: "STANDARDPACK"}, // no seat
	)
	var savings []string
	for _, s := range plan.Steps {
		text := "-"
		if s.MonthlySaving != nil {
			text = fmt.Sprintf("%.2f %s", *s.MonthlySaving, s.Currency)
		}
		savings = append(savings, text)
	}
	if diff := cmp.Diff([]string{"33.35 EUR", "-", "-", "33.35 EUR", "-33.35 EUR", "-"}, savings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Money{{Currency: "EUR", Monthly: 33.35, Yearly: 400.2, WithoutPrice: 1}}, plan.Money); diff != "" {
		t.Error(diff)
	}
}

func TestLossIsNoted(t *testing.T) {
	plan := planOf(t, PlanInput{}, Action{Kind: RemoveLicense, User: "ana", SKU: "SPE_E3"})
	want := []string{"Nothing else of the user gives a mailbox: Microsoft keeps it for 30 days and then deletes it.", "Nothing else of the user gives a OneDrive."}
	if diff := cmp.Diff(want, plan.Steps[0].Notes); diff != "" {
		t.Error(diff)
	}
	if plan = planOf(t, PlanInput{}, Action{Kind: RemoveLicense, User: "ana", SKU: "RARE"}); len(plan.Steps[0].Notes) != 0 || strings.Contains(plan.Steps[0].Sentence, "unreachable") {
		t.Errorf("%+v", plan.Steps[0])
	}
}

// Taking back wants the exact former state, and nobody to have changed it since.
func TestUndo(t *testing.T) {
	entry := func(kind Kind, before, after Facet) Entry {
		return Entry{ID: 7, Kind: kind, User: User{ID: userID(1), UserPrincipalName: "ana" + domain}, Before: before, After: after}
	}
	license := func(g Grant) Facet { return Facet{Licenses: map[string]Grant{e3ID: g}} }
	for name, c := range map[string]struct {
		kind    Kind
		entry   Entry
		verdict Verdict
		code    string
		after   Facet
	}{
		"plans":    {SetDisabledPlans, entry(SetDisabledPlans, license(assigned(mailPlan2)), license(assigned(yammerPlan))), Change, "", license(assigned(mailPlan2))},
		"assigned": {RemoveLicense, entry(AssignLicense, license(Grant{}), license(assigned(yammerPlan))), Change, "", license(Grant{})},
		"moved":    {RemoveLicense, entry(AssignLicense, license(Grant{}), license(assigned(mailPlan2))), Refuse, "moved", Facet{}},
		"already":  {AssignLicense, entry(RemoveLicense, license(assigned(yammerPlan)), license(Grant{})), Nothing, "", license(assigned(yammerPlan))},
		"undone":   {EnableUser, entry(DisableUser, Facet{Enabled: new(true)}, Facet{Enabled: new(false)}), Nothing, "", Facet{Enabled: new(true)}},
		"location": {SetUsageLocation, entry(SetUsageLocation, Facet{UsageLocation: new("")}, Facet{UsageLocation: new("DE")}), Refuse, "cannot_be_undone", Facet{}},
		"sessions": {RevokeSessions, entry(RevokeSessions, Facet{SessionsValidFrom: new(planTime)}, Facet{SessionsValidFrom: new(planTime)}), Refuse, "cannot_be_undone", Facet{}},
		"created":  {DeleteUser, entry(CreateUser, Facet{Account: Absent}, Facet{Account: Live, Enabled: new(true)}), Change, "", Facet{Account: Deleted}},
	} {
		plan := planOf(t, PlanInput{Undo: map[int64]Entry{7: c.entry}}, Action{Kind: c.kind, User: "ana", UndoOf: 7})
		s := plan.Steps[0]
		if s.Verdict != c.verdict || s.Code != c.code || !cmp.Equal(s.After, c.after) {
			t.Errorf("%s: %s %s %+v: %s", name, s.Verdict, s.Code, s.After, s.Sentence)
		}
	}
	licensed := map[int64]Entry{7: entry(AssignLicense, license(Grant{}), license(assigned(yammerPlan)))}
	for _, a := range []Action{{Kind: DeleteUser, User: "ana", UndoOf: 7}, {Kind: RemoveLicense, User: "ida", UndoOf: 7}} {
		if s := planOf(t, PlanInput{Undo: licensed}, a).Steps[0]; s.Code != "unknown_entry" || !cmp.Equal(s.After, Facet{}) {
			t.Errorf("%+v", s)
		}
	}
	if s := planOf(t, PlanInput{}, Action{Kind: EnableUser, User: "ana", UndoOf: 8}).Steps[0]; s.Code != "unknown_entry" {
		t.Errorf("%+v", s)
	}
}

func TestProtections(t *testing.T) {
	off := DefaultSettings()
	off.ProtectAdmins = false
	for name, c := range map[string]struct {
		protection Protection
		user, code string
	}{
		"account":        {Protection{ProtectAccount, "IDA@contoso.com", "the boss"}, "ida", "protected_account"},
		"account by id":  {Protection{ProtectAccount, userID(9), ""}, "ida", "protected_account"},
		"other account":  {Protection{ProtectAccount, "ida@contoso.com", ""}, "hal", ""},
		"pattern":        {Protection{ProtectPattern, "I*@Contoso.*", ""}, "ida", "protected_pattern"},
		"other pattern":  {Protection{ProtectPattern, "ida", ""}, "ida", ""},
		"group":          {Protection{ProtectGroup, salesID, ""}, "cy", "protected_group"},
		"role":           {Protection{ProtectRole, "user administrator", ""}, "eve", "protected_role"},
		"role by group":  {Protection{ProtectRole, roleID, ""}, "fay", "protected_role"},
		"admins are not": {Protection{ProtectAccount, "x", ""}, "eve", ""},
	} {
		s := planWith(t, nil, []Protection{c.protection}, PlanInput{Settings: off}, Action{Kind: RevokeSessions, User: c.user}).Steps[0]
		if s.Code != c.code || c.protection.Reason != "" && !strings.Contains(s.Sentence, c.protection.Reason) {
			t.Errorf("%s: %q %s", name, s.Code, s.Sentence)
		}
	}
	for _, wrong := range []Protection{{ProtectGroup, "Nowhere", ""}, {ProtectRole, "Janitor", ""}, {"planet", "Mars", ""}} {
		_, d := contoso(t)
		if _, err := Draft(t.Context(), d, nil, []Protection{wrong}, PlanInput{Now: planTime}); err == nil || !strings.Contains(err.Error(), "protected_accounts") {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

// Without knowing who is an administrator there is no plan.
func TestNoRolesNoPlan(t *testing.T) {
	f, d := contoso(t)
	f.answers["GET /roleManagement/directory/roleAssignments"] = refused(403, "Authorization_RequestDenied", "no")
	if _, err := Draft(t.Context(), d, nil, nil, PlanInput{Settings: DefaultSettings(), Now: planTime}); err == nil || !strings.Contains(err.Error(), "RoleManagement.Read.Directory") {
		t.Error(err)
	}
	d.TenantID = userID(1)
	if _, err := Draft(t.Context(), d, nil, nil, PlanInput{Now: planTime}); err == nil || !strings.Contains(err.Error(), "signed in to the tenant") {
		t.Error(err)
	}
}
