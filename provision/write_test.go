package provision

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// fakeTenant is a tenant whose Graph answers what it is told to.
func fakeTenant(t *testing.T, answers map[string]fakeAnswer) (*fakeGraph, *Directory) {
	t.Helper()
	f, client := newFakeGraph(t, answers)
	return f, &Directory{Client: client, TenantID: "11111111-2222-3333-4444-555555555555", TenantName: "contoso", Root: f.url}
}

func assigned(plans ...string) Grant { return Grant{Assigned: true, DisabledPlans: plans} }

func licenseStep(kind Kind, before, after map[string]Grant) Step {
	return Step{Kind: kind, User: User{ID: anaID, UserPrincipalName: "ana@contoso.com"}, Before: Facet{Licenses: before}, After: Facet{Licenses: after}}
}

func groupStep(kind Kind, member bool) Step {
	return Step{Kind: kind, User: User{ID: anaID}, Before: Facet{Groups: map[string]bool{salesID: !member}}, After: Facet{Groups: map[string]bool{salesID: member}}}
}

// Each step is exactly one call.
func TestDoMakesOneCall(t *testing.T) {
	for name, c := range map[string]struct {
		step Step
		want string
	}{
		"assign": {licenseStep(AssignLicense, map[string]Grant{e3ID: {}}, map[string]Grant{e3ID: assigned()}),
			`POST /users/` + anaID + `/assignLicense {"addLicenses":[{"skuId":"` + e3ID + `","disabledPlans":[]}],"removeLicenses":[]}`},
		"remove": {licenseStep(RemoveLicense, map[string]Grant{e3ID: assigned(planA)}, map[string]Grant{e3ID: {}}),
			`POST /users/` + anaID + `/assignLicense {"addLicenses":[],"removeLicenses":["` + e3ID + `"]}`},
		"swap": {licenseStep(SwapLicense, map[string]Grant{e3ID: assigned(), e1ID: {}}, map[string]Grant{e3ID: {}, e1ID: assigned(planA, planB)}),
			`POST /users/` + anaID + `/assignLicense {"addLicenses":[{"skuId":"` + e1ID + `","disabledPlans":["` + planA + `","` + planB + `"]}],"removeLicenses":["` + e3ID + `"]}`},
		"plans": {licenseStep(SetDisabledPlans, map[string]Grant{e3ID: assigned(planA)}, map[string]Grant{e3ID: assigned()}),
			`POST /users/` + anaID + `/assignLicense {"addLicenses":[{"skuId":"` + e3ID + `","disabledPlans":[]}],"removeLicenses":[]}`},
		"disable":  {Step{Kind: DisableUser, User: User{ID: anaID}, After: Facet{Enabled: new(false)}}, `PATCH /users/` + anaID + ` {"accountEnabled":false}`},
		"enable":   {Step{Kind: EnableUser, User: User{ID: anaID}, After: Facet{Enabled: new(true)}}, `PATCH /users/` + anaID + ` {"accountEnabled":true}`},
		"location": {Step{Kind: SetUsageLocation, User: User{ID: anaID}, After: Facet{UsageLocation: new("DE")}}, `PATCH /users/` + anaID + ` {"usageLocation":"DE"}`},
		"revoke":   {Step{Kind: RevokeSessions, User: User{ID: anaID}, After: Facet{SessionsValidFrom: new(time.Unix(0, 0))}}, `POST /users/` + anaID + `/revokeSignInSessions`},
		"delete":   {Step{Kind: DeleteUser, User: User{ID: anaID}, After: Facet{Account: Deleted}}, `DELETE /users/` + anaID},
		"restore":  {Step{Kind: RestoreUser, User: User{ID: anaID}, After: Facet{Account: Live}}, `POST /directory/deletedItems/` + anaID + `/restore`},
		"add":      {groupStep(AddToGroup, true), `POST /groups/` + salesID + `/members/$ref {"@odata.id":"ROOT/v1.0/directoryObjects/` + anaID + `"}`},
		"take":     {groupStep(RemoveFromGroup, false), `DELETE /groups/` + salesID + `/members/` + anaID + `/$ref`},
	} {
		t.Run(name, func(t *testing.T) {
			key, _, _ := strings.Cut(c.want, " {")
			f, d := fakeTenant(t, map[string]fakeAnswer{key: {status: 200, body: map[string]any{}}})
			receipt, err := d.Do(t.Context(), c.step)
			if err != nil || receipt.RequestID != "rid-1" {
				t.Fatal(receipt, err)
			}
			if diff := cmp.Diff([]string{strings.ReplaceAll(c.want, "ROOT", f.url)}, f.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDoCreatesAnAccount(t *testing.T) {
	f, d := fakeTenant(t, map[string]fakeAnswer{"POST /users": {status: 201, body: map[string]any{"id": strings.ToUpper(anaID)}}})
	kept := ""
	d.NewPassword = func(name, password string) error { kept = name + " " + password; return nil }
	step := Step{Kind: CreateUser, User: User{UserPrincipalName: "ana.o'neil@contoso.com"}, NewDisplayName: "Ana", After: Facet{Account: Live, UsageLocation: new("DE")}}
	receipt, err := d.Do(t.Context(), step)
	if err != nil || receipt.UserID != anaID {
		t.Fatal(receipt, err)
	}
	name, password, _ := strings.Cut(kept, " ")
	want := `POST /users {"accountEnabled":true,"displayName":"Ana","mailNickname":"ana.o'neil","passwordProfile":{"forceChangePasswordNextSignIn":true,"password":"` + password + `"},"usageLocation":"DE","userPrincipalName":"ana.o'neil@contoso.com"}`
	if name != "ana.o'neil@contoso.com" || len(f.asked) != 1 || f.asked[0] != want {
		t.Errorf("%s\n%s\n%s", name, f.asked, want)
	}
	kinds := map[string]func(rune) bool{"upper": unicode.IsUpper, "lower": unicode.IsLower, "digit": unicode.IsDigit, "sign": func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }}
	for kind, is := range kinds {
		if !strings.ContainsFunc(password, is) {
			t.Errorf("no %s in the password", kind)
		}
	}
	if len(password) != 24 || password == firstPassword() {
		t.Errorf("%d characters, or the same again", len(password))
	}
	d.NewPassword = func(string, string) error { return errors.New("disk full") }
	if _, err := d.Do(t.Context(), step); err == nil || len(f.asked) != 1 {
		t.Errorf("an account was made whose password is lost: %v %v", err, f.asked)
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
	assign := licenseStep(AssignLicense, map[string]Grant{e3ID: {}}, map[string]Grant{e3ID: assigned()})
	remove := licenseStep(RemoveLicense, map[string]Grant{e3ID: assigned()}, map[string]Grant{e3ID: {}})
	swap := licenseStep(SwapLicense, map[string]Grant{e3ID: assigned(), e1ID: {}}, map[string]Grant{e3ID: {}, e1ID: assigned()})
	disable := Step{Kind: DisableUser, User: User{ID: anaID}, After: Facet{Enabled: new(false)}}
	deletion := Step{Kind: DeleteUser, User: User{ID: anaID}, After: Facet{Account: Deleted}}
	restore := Step{Kind: RestoreUser, User: User{ID: anaID}, After: Facet{Account: Live}}
	create := Step{Kind: CreateUser, User: User{UserPrincipalName: "x@y"}, After: Facet{Account: Live}}
	location := Step{Kind: SetUsageLocation, User: User{ID: anaID}, After: Facet{UsageLocation: new("XX")}}
	fresh := assign
	fresh.User.ID = ""
	bad := func(message string, details ...string) fakeAnswer {
		return refused(400, "Request_BadRequest", message, details...)
	}
	retryAfter := refused(429, "TooManyRequests", "wait")
	retryAfter.header = map[string]string{"Retry-After": "0.01"}
	for name, c := range map[string]struct {
		step   Step
		answer fakeAnswer
		code   string
		class  Class
	}{
		// the table of assignLicense
		"no seat":              {assign, bad("Subscription with SKU " + e3ID + " does not have any available licenses."), "no_seat", ClassWaitForSeat},
		"usage location":       {assign, bad("License assignment cannot be done for user with invalid usage location."), "no_usage_location", ClassPermanent},
		"exclusive":            {assign, bad("License assignment failed because service plans a, b are mutually exclusive"), "exclusive_plans", ClassPermanent},
		"conflicts":            {assign, bad("The plan conflicts with service plan b."), "exclusive_plans", ClassPermanent},
		"details":              {assign, bad("Something new.", "MutuallyExclusiveViolation"), "exclusive_plans", ClassPermanent},
		"details count":        {assign, bad("Something new.", "CountViolation"), "no_seat", ClassWaitForSeat},
		"dependency":           {assign, bad("License assignment failed because service plan x depends on the service plan(s) y, z"), "dependency", ClassPermanent},
		"dependent left":       {remove, bad("License assignment failed because service plan x depends on the service plan(s) y"), "dependency", ClassPermanent},
		"inherited":            {remove, bad("User license is inherited from a group membership and it cannot be removed directly from the user."), "inherited_from_group", ClassPermanent},
		"not held":             {remove, bad("User does not have a corresponding license."), "not_held", ClassAlreadyDone},
		"not held in a swap":   {swap, bad("User does not have a corresponding license."), "not_held", ClassPermanent},
		"not owned":            {assign, bad("License " + e3ID + " does not correspond to a valid company License."), "unknown_sku", ClassPermanent},
		"for companies":        {assign, bad("License " + e3ID + " cannot be assigned to a user."), "not_assignable", ClassPermanent},
		"guid":                 {assign, bad("Cannot convert a primitive value to the expected type 'Edm.Guid'."), "malformed_request", ClassPermanent},
		"array":                {assign, bad("One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: removeLicenses."), "malformed_request", ClassPermanent},
		"gone":                 {assign, notFound, "user_gone", ClassPermanent},
		"not replicated":       {fresh, notFound, "not_replicated", ClassRetry},
		"concurrent 409":       {assign, refused(409, "Directory_ConcurrencyViolation", "Conflict."), "concurrent_writes", ClassRetry},
		"concurrent 400":       {assign, bad("Error due to concurrent requests being made to the tenant. Please wait briefly and retry."), "concurrent_writes", ClassRetry},
		"forbidden":            {assign, refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."), "forbidden", ClassPermanent},
		"throttled":            {assign, retryAfter, "throttled", ClassRetry},
		"proxy address":        {assign, bad("Proxy address is already being used."), "proxy_address_conflict", ClassPermanent},
		"undocumented":         {assign, bad("Sorry, something went wrong."), "unknown_refusal", ClassUnknown},
		"locked":               {assign, refused(423, "Locked", "no"), "locked", ClassRetry},
		"500":                  {assign, refused(500, "InternalServerError", ""), "answer_lost", ClassUncertain},
		"503":                  {assign, refused(503, "ServiceUnavailable", ""), "answer_lost", ClassUncertain},
		"504":                  {assign, refused(504, "UnknownError", ""), "answer_lost", ClassUncertain},
		"admin":                {disable, refused(403, "Authorization_RequestDenied", "Insufficient privileges"), "forbidden", ClassPermanent},
		"synced":               {disable, bad("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration."), "synced", ClassPermanent},
		"delete gone":          {deletion, notFound, "user_gone", ClassAlreadyDone},
		"restore gone":         {restore, notFound, "not_deleted", ClassPermanent},
		"create twice":         {create, bad("Another object with the same value for property userPrincipalName already exists."), "user_exists", ClassPermanent},
		"create elsewhere":     {create, bad("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."), "unverified_domain", ClassPermanent},
		"create password":      {create, bad("The specified password does not comply with password complexity requirements."), "password_refused", ClassPermanent},
		"location":             {location, bad("Invalid value specified for property 'usageLocation' of resource 'User'."), "invalid_usage_location", ClassPermanent},
		"member already":       {groupStep(AddToGroup, true), bad("One or more added object references already exist for the following modified properties: 'members'."), "already_member", ClassAlreadyDone},
		"no member":            {groupStep(RemoveFromGroup, false), notFound, "not_member", ClassAlreadyDone},
		"group gone":           {groupStep(AddToGroup, true), notFound, "user_or_group_gone", ClassPermanent},
		"dynamic":              {groupStep(AddToGroup, true), bad("Cannot update members of a dynamic group."), "dynamic_group", ClassPermanent},
		"distribution list":    {groupStep(AddToGroup, true), bad("Cannot Update a mail-enabled security groups and or distribution list."), "mail_group", ClassPermanent},
		"group may hold roles": {groupStep(AddToGroup, true), refused(403, "Authorization_RequestDenied", "Insufficient privileges"), "forbidden", ClassPermanent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, d := fakeTenant(t, nil)
			made, err := d.call(t.Context(), c.step)
			if err != nil {
				t.Fatal(err)
			}
			f.answers = map[string]fakeAnswer{made.method + " " + made.path: c.answer}
			_, err = d.Do(t.Context(), c.step)
			var failure *Failure
			if !errors.As(err, &failure) || failure.Code != c.code || failure.Class != c.class || failure.Detail == "" || failure.RequestID != "rid-1" {
				t.Errorf("%+v", err)
			}
		})
	}
}

// What cannot be a call never becomes one.
func TestDoRefusesWhatIsNoCall(t *testing.T) {
	f, d := fakeTenant(t, nil)
	for name, c := range map[string]struct {
		step  Step
		code  string
		class Class
	}{
		"unknown":                {Step{Kind: "paint_user", User: User{ID: anaID}}, "unknown_action", ClassPermanent},
		"no change":              {licenseStep(AssignLicense, map[string]Grant{e3ID: assigned()}, map[string]Grant{e3ID: assigned()}), "nothing_to_do", ClassAlreadyDone},
		"no location":            {Step{Kind: SetUsageLocation, User: User{ID: anaID}, After: Facet{UsageLocation: new("")}}, "usage_location_stays", ClassPermanent},
		"delete for a licence":   {Step{Kind: DeleteUser, User: User{ID: anaID}, After: Facet{Licenses: map[string]Grant{e3ID: {}}}}, "incomplete_step", ClassPermanent},
		"enable to disable":      {Step{Kind: EnableUser, User: User{ID: anaID}, After: Facet{Enabled: new(false)}}, "incomplete_step", ClassPermanent},
		"nobody":                 {Step{Kind: DeleteUser, After: Facet{Account: Deleted}}, "incomplete_step", ClassPermanent},
		"a licence that deletes": {Step{Kind: RemoveLicense, User: User{ID: anaID}, After: Facet{Account: Deleted, Licenses: map[string]Grant{e3ID: {}}}}, "incomplete_step", ClassPermanent},
		"no group":               {Step{Kind: AddToGroup, User: User{ID: anaID}}, "incomplete_step", ClassPermanent},
	} {
		_, err := d.Do(t.Context(), c.step)
		var failure *Failure
		if !errors.As(err, &failure) || failure.Code != c.code || failure.Class != c.class {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.asked) != 0 {
		t.Error(f.asked)
	}
}
