package tenant

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/internal/graphfake"
)

// fakeTenant is a tenant whose Graph answers what it is told to.
func fakeTenant(t *testing.T, answers map[string]graphfake.Answer) (*graphfake.Graph, *Client) {
	t.Helper()
	f, client := graphfake.New(t, answers)
	return f, &Client{Graph: client, TenantID: "11111111-2222-3333-4444-555555555555", TenantName: "contoso", Root: f.URL}
}

func assigned(plans ...string) provision.Grant {
	return provision.Grant{Assigned: true, DisabledPlans: plans}
}

func licenseStep(kind provision.Kind, before, after map[string]provision.Grant) provision.Step {
	return provision.Step{Kind: kind, User: provision.User{ID: graphfake.AnaID, UserPrincipalName: "ana@contoso.com"},
		Before: provision.Facet{Licenses: before}, After: provision.Facet{Licenses: after}}
}

func groupStep(kind provision.Kind, member bool) provision.Step {
	return provision.Step{Kind: kind, User: provision.User{ID: graphfake.AnaID},
		Before: provision.Facet{Groups: map[string]bool{graphfake.SalesID: !member}},
		After:  provision.Facet{Groups: map[string]bool{graphfake.SalesID: member}}}
}

// Each step is exactly one call.
func TestDoMakesOneCall(t *testing.T) {
	for name, c := range map[string]struct {
		step provision.Step
		want string
	}{
		"assign": {licenseStep(provision.AssignLicense, map[string]provision.Grant{graphfake.E3ID: {}},
			map[string]provision.Grant{graphfake.E3ID: assigned()}),
			`POST /users/` + graphfake.AnaID + `/assignLicense {"addLicenses":[{"skuId":"` + graphfake.E3ID +
				`","disabledPlans":[]}],"removeLicenses":[]}`},
		"remove": {licenseStep(provision.RemoveLicense, map[string]provision.Grant{graphfake.E3ID: assigned(graphfake.PlanA)},
			map[string]provision.Grant{graphfake.E3ID: {}}),
			`POST /users/` + graphfake.AnaID + `/assignLicense {"addLicenses":[],"removeLicenses":["` + graphfake.E3ID + `"]}`},
		"swap": {licenseStep(provision.SwapLicense, map[string]provision.Grant{
			graphfake.E3ID: assigned(), graphfake.E1ID: {}},
			map[string]provision.Grant{graphfake.E3ID: {}, graphfake.E1ID: assigned(graphfake.PlanA, graphfake.PlanB)}),
			`POST /users/` + graphfake.AnaID + `/assignLicense {"addLicenses":[{"skuId":"` + graphfake.E1ID +
				`","disabledPlans":["` + graphfake.PlanA + `","` + graphfake.PlanB + `"]}],"removeLicenses":["` + graphfake.E3ID +
				`"]}`},
		"plans": {licenseStep(provision.SetDisabledPlans,
			map[string]provision.Grant{graphfake.E3ID: assigned(graphfake.PlanA)},
			map[string]provision.Grant{graphfake.E3ID: assigned()}),
			`POST /users/` + graphfake.AnaID + `/assignLicense {"addLicenses":[{"skuId":"` + graphfake.E3ID +
				`","disabledPlans":[]}],"removeLicenses":[]}`},
		"disable": {provision.Step{Kind: provision.DisableUser, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Enabled: new(false)}}, `PATCH /users/` + graphfake.AnaID + ` {"accountEnabled":false}`},
		"enable": {provision.Step{Kind: provision.EnableUser, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Enabled: new(true)}}, `PATCH /users/` + graphfake.AnaID + ` {"accountEnabled":true}`},
		"location": {provision.Step{Kind: provision.SetUsageLocation, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{UsageLocation: new("DE")}}, `PATCH /users/` + graphfake.AnaID + ` {"usageLocation":"DE"}`},
		"revoke": {provision.Step{Kind: provision.RevokeSessions, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{SessionsValidFrom: new(time.Unix(0, 0))}},
			`POST /users/` + graphfake.AnaID + `/revokeSignInSessions`},
		"delete": {provision.Step{Kind: provision.DeleteUser, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Account: provision.Deleted}}, `DELETE /users/` + graphfake.AnaID},
		"restore": {provision.Step{Kind: provision.RestoreUser, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Account: provision.Live}}, `POST /directory/deletedItems/` + graphfake.AnaID + `/restore`},
		"add": {groupStep(provision.AddToGroup, true),
			`POST /groups/` + graphfake.SalesID + `/members/$ref {"@odata.id":"ROOT/v1.0/directoryObjects/` + graphfake.AnaID +
				`"}`},
		"take": {groupStep(provision.RemoveFromGroup, false), `DELETE /groups/` + graphfake.SalesID + `/members/` +
			graphfake.AnaID + `/$ref`},
	} {
		t.Run(name, func(t *testing.T) {
			key, _, _ := strings.Cut(c.want, " {")
			f, d := fakeTenant(t, map[string]graphfake.Answer{key: {Status: 200, Body: map[string]any{}}})
			receipt, err := d.Do(t.Context(), c.step)
			if err != nil || receipt.RequestID != "rid-1" {
				t.Fatal(receipt, err)
			}
			if diff := cmp.Diff([]string{strings.ReplaceAll(c.want, "ROOT", f.URL)}, f.Asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDoCreatesAnAccount(t *testing.T) {
	f, d := fakeTenant(t, map[string]graphfake.Answer{
		"POST /users": {Status: 201, Body: map[string]any{"id": strings.ToUpper(graphfake.AnaID)}}})
	kept := ""
	d.NewPassword = func(name, password string) error { kept = name + " " + password; return nil }
	step := provision.Step{Kind: provision.CreateUser, User: provision.User{UserPrincipalName: "ana.o'neil@contoso.com"},
		NewDisplayName: "Ana", After: provision.Facet{Account: provision.Live, UsageLocation: new("DE")}}
	receipt, err := d.Do(t.Context(), step)
	if err != nil || receipt.UserID != graphfake.AnaID {
		t.Fatal(receipt, err)
	}
	name, password, _ := strings.Cut(kept, " ")
	want := `POST /users {"accountEnabled":true,"displayName":"Ana","mailNickname":"ana.o'neil",` +
		`"passwordProfile":{"forceChangePasswordNextSignIn":true,"password":"` + password + `"},"usageLocation":"DE",` +
		`"userPrincipalName":"ana.o'neil@contoso.com"}`
	if name != "ana.o'neil@contoso.com" || len(f.Asked) != 1 || f.Asked[0] != want {
		t.Errorf("%s\n%s\n%s", name, f.Asked, want)
	}
	kinds := map[string]func(rune) bool{
		"upper": unicode.IsUpper, "lower": unicode.IsLower, "digit": unicode.IsDigit,
		"sign": func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }}
	for kind, is := range kinds {
		if !strings.ContainsFunc(password, is) {
			t.Errorf("no %s in the password", kind)
		}
	}
	if len(password) != 24 || password == firstPassword() {
		t.Errorf("%d characters, or the same again", len(password))
	}
	d.NewPassword = func(string, string) error { return errors.New("disk full") }
	if _, err := d.Do(t.Context(), step); err == nil || len(f.Asked) != 1 {
		t.Errorf("an account was made whose password is lost: %v %v", err, f.Asked)
	}
}

func TestMailNickname(t *testing.T) {
	for name, want := range map[string]string{
		"ana@contoso.com": "ana", "a b;c@x": "abc", "zoë@x": "zo", strings.Repeat("a", 80) + "@x": strings.Repeat("a", 64),
	} {
		if got := mailNickname(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Every documented refusal is one outcome and one class.
func TestFailures(t *testing.T) {
	assign := licenseStep(provision.AssignLicense, map[string]provision.Grant{graphfake.E3ID: {}},
		map[string]provision.Grant{graphfake.E3ID: assigned()})
	remove := licenseStep(provision.RemoveLicense, map[string]provision.Grant{graphfake.E3ID: assigned()},
		map[string]provision.Grant{graphfake.E3ID: {}})
	swap := licenseStep(provision.SwapLicense, map[string]provision.Grant{graphfake.E3ID: assigned(), graphfake.E1ID: {}},
		map[string]provision.Grant{graphfake.E3ID: {}, graphfake.E1ID: assigned()})
	disable := provision.Step{Kind: provision.DisableUser, User: provision.User{ID: graphfake.AnaID},
		After: provision.Facet{Enabled: new(false)}}
	deletion := provision.Step{Kind: provision.DeleteUser, User: provision.User{ID: graphfake.AnaID},
		After: provision.Facet{Account: provision.Deleted}}
	restore := provision.Step{Kind: provision.RestoreUser, User: provision.User{ID: graphfake.AnaID},
		After: provision.Facet{Account: provision.Live}}
	create := provision.Step{Kind: provision.CreateUser, User: provision.User{UserPrincipalName: "x@y"},
		After: provision.Facet{Account: provision.Live}}
	location := provision.Step{Kind: provision.SetUsageLocation, User: provision.User{ID: graphfake.AnaID},
		After: provision.Facet{UsageLocation: new("XX")}}
	fresh := assign
	fresh.User.ID = ""
	bad := func(message string, details ...string) graphfake.Answer {
		return graphfake.Refused(400, "Request_BadRequest", message, details...)
	}
	retryAfter := graphfake.Refused(429, "TooManyRequests", "wait")
	retryAfter.Header = map[string]string{"Retry-After": "0.01"}
	for name, c := range map[string]struct {
		step   provision.Step
		answer graphfake.Answer
		code   string
		class  Class
	}{
		// the table of assignLicense
		"no seat": {assign, bad("Subscription with SKU " + graphfake.E3ID + " does not have any available licenses."),
			"no_seat", ClassWaitForSeat},
		"usage location": {assign, bad("License assignment cannot be done for user with invalid usage location."),
			"no_usage_location", ClassPermanent},
		"exclusive": {assign, bad("License assignment failed because service plans a, b are mutually exclusive"),
			"exclusive_plans", ClassPermanent},
		"conflicts":     {assign, bad("The plan conflicts with service plan b."), "exclusive_plans", ClassPermanent},
		"details":       {assign, bad("Something new.", "MutuallyExclusiveViolation"), "exclusive_plans", ClassPermanent},
		"details count": {assign, bad("Something new.", "CountViolation"), "no_seat", ClassWaitForSeat},
		"dependency": {assign,
			bad("License assignment failed because service plan x depends on the service plan(s) y, z"), "dependency",
			ClassPermanent},
		"dependent left": {remove, bad("License assignment failed because service plan x depends on the service plan(s) y"),
			"dependency", ClassPermanent},
		"inherited": {
			remove, bad("User license is inherited from a group membership and it cannot be removed directly from the user."),
			"inherited_from_group", ClassPermanent},
		"not held":           {remove, bad("User does not have a corresponding license."), "not_held", ClassAlreadyDone},
		"not held in a swap": {swap, bad("User does not have a corresponding license."), "not_held", ClassPermanent},
		"not owned": {assign, bad("License " + graphfake.E3ID + " does not correspond to a valid company License."),
			"unknown_sku", ClassPermanent},
		"for companies": {assign, bad("License " + graphfake.E3ID + " cannot be assigned to a user."), "not_assignable",
			ClassPermanent},
		"guid": {assign, bad("Cannot convert a primitive value to the expected type 'Edm.Guid'."), "malformed_request",
			ClassPermanent},
		"array": {
			assign,
			bad(
				"One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing " +
					"parameters are: removeLicenses."), "malformed_request", ClassPermanent},
		"gone":           {assign, graphfake.NotFound, "user_gone", ClassPermanent},
		"not replicated": {fresh, graphfake.NotFound, "not_replicated", ClassRetry},
		"concurrent 409": {assign, graphfake.Refused(409, "Directory_ConcurrencyViolation", "Conflict."), "concurrent_writes",
			ClassRetry},
		"concurrent 400": {
			assign, bad("Error due to concurrent requests being made to the tenant. Please wait briefly and retry."),
			"concurrent_writes", ClassRetry},
		"forbidden": {assign, graphfake.Refused(
			403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."), "forbidden",
			ClassPermanent},
		"throttled":     {assign, retryAfter, "throttled", ClassRetry},
		"proxy address": {assign, bad("Proxy address is already being used."), "proxy_address_conflict", ClassPermanent},
		"undocumented":  {assign, bad("Sorry, something went wrong."), "unknown_refusal", ClassUnknown},
		"locked":        {assign, graphfake.Refused(423, "Locked", "no"), "locked", ClassRetry},
		"500":           {assign, graphfake.Refused(500, "InternalServerError", ""), "answer_lost", ClassUncertain},
		"503":           {assign, graphfake.Refused(503, "ServiceUnavailable", ""), "answer_lost", ClassUncertain},
		"504":           {assign, graphfake.Refused(504, "UnknownError", ""), "answer_lost", ClassUncertain},
		"admin": {disable, graphfake.Refused(403, "Authorization_RequestDenied", "Insufficient privileges"),
			"forbidden", ClassPermanent},
		"synced": {
			disable,
			bad(
				"Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently " +
					"undergoing migration."), "synced", ClassPermanent},
		"delete gone":  {deletion, graphfake.NotFound, "user_gone", ClassAlreadyDone},
		"restore gone": {restore, graphfake.NotFound, "not_deleted", ClassPermanent},
		"create twice": {create, bad("Another object with the same value for property userPrincipalName already exists."),
			"user_exists", ClassPermanent},
		"create elsewhere": {
			create,
			bad(
				"The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names " +
					"in your organization."), "unverified_domain", ClassPermanent},
		"create password": {create, bad("The specified password does not comply with password complexity requirements."),
			"password_refused", ClassPermanent},
		"location": {location, bad("Invalid value specified for property 'usageLocation' of resource 'User'."),
			"invalid_usage_location", ClassPermanent},
		"member already": {groupStep(provision.AddToGroup, true),
			bad("One or more added object references already exist for the following modified properties: 'members'."),
			"already_member", ClassAlreadyDone},
		"no member":  {groupStep(provision.RemoveFromGroup, false), graphfake.NotFound, "not_member", ClassAlreadyDone},
		"group gone": {groupStep(provision.AddToGroup, true), graphfake.NotFound, "user_or_group_gone", ClassPermanent},
		"dynamic": {groupStep(provision.AddToGroup, true), bad("Cannot update members of a dynamic group."),
			"dynamic_group", ClassPermanent},
		"distribution list": {groupStep(provision.AddToGroup, true),
			bad("Cannot Update a mail-enabled security groups and or distribution list."), "mail_group", ClassPermanent},
		"group may hold roles": {groupStep(provision.AddToGroup, true),
			graphfake.Refused(403, "Authorization_RequestDenied", "Insufficient privileges"), "forbidden", ClassPermanent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, d := fakeTenant(t, nil)
			made, err := d.call(t.Context(), c.step)
			if err != nil {
				t.Fatal(err)
			}
			f.Answers = map[string]graphfake.Answer{made.method + " " + made.path: c.answer}
			_, err = d.Do(t.Context(), c.step)
			var failure *Failure
			if !errors.As(err, &failure) || failure.Code != c.code || failure.Class != c.class || failure.Detail == "" ||
				failure.RequestID != "rid-1" {
				t.Errorf("%+v", err)
			}
		})
	}
}

// What cannot be a call never becomes one.
func TestDoRefusesWhatIsNoCall(t *testing.T) {
	f, d := fakeTenant(t, nil)
	for name, c := range map[string]struct {
		step  provision.Step
		code  string
		class Class
	}{
		"unknown": {provision.Step{Kind: "paint_user", User: provision.User{ID: graphfake.AnaID}}, "unknown_action",
			ClassPermanent},
		"no change": {licenseStep(provision.AssignLicense,
			map[string]provision.Grant{graphfake.E3ID: assigned()}, map[string]provision.Grant{graphfake.E3ID: assigned()}),
			"nothing_to_do", ClassAlreadyDone},
		"no location": {provision.Step{Kind: provision.SetUsageLocation, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{UsageLocation: new("")}}, "usage_location_stays", ClassPermanent},
		"delete for a licence": {provision.Step{Kind: provision.DeleteUser, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Licenses: map[string]provision.Grant{graphfake.E3ID: {}}}}, "incomplete_step",
			ClassPermanent},
		"enable to disable": {provision.Step{Kind: provision.EnableUser, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Enabled: new(false)}}, "incomplete_step", ClassPermanent},
		"nobody": {provision.Step{Kind: provision.DeleteUser, After: provision.Facet{Account: provision.Deleted}},
			"incomplete_step", ClassPermanent},
		"a licence that deletes": {provision.Step{Kind: provision.RemoveLicense, User: provision.User{ID: graphfake.AnaID},
			After: provision.Facet{Account: provision.Deleted, Licenses: map[string]provision.Grant{graphfake.E3ID: {}}}},
			"incomplete_step", ClassPermanent},
		"no group": {provision.Step{Kind: provision.AddToGroup, User: provision.User{ID: graphfake.AnaID}}, "incomplete_step",
			ClassPermanent},
	} {
		_, err := d.Do(t.Context(), c.step)
		var failure *Failure
		if !errors.As(err, &failure) || failure.Code != c.code || failure.Class != c.class {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.Asked) != 0 {
		t.Error(f.Asked)
	}
}
