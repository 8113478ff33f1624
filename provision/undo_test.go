package provision

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Undo asks for what a step changed, and not for the conditions it was done under.
func grantOf(plans ...string) Grant { return Grant{Assigned: true, DisabledPlans: plans} }

func TestInverse(t *testing.T) {
	user := User{ID: anaID, UserPrincipalName: "ana@contoso.com"}
	held, gone := map[string]Grant{e3ID: grantOf(planA)}, map[string]Grant{e3ID: {}}
	for name, c := range map[string]struct {
		entry  Entry
		want   []Action
		cannot string
	}{
		"a licence of a disabled account": {
			Entry{Kind: RemoveLicense, Before: Facet{Licenses: held, Enabled: new(false)}, After: Facet{Licenses: gone}},
			[]Action{{Kind: AssignLicense, User: anaID, SKU: e3ID, DisabledPlans: []string{planA}}}, ""},
		"a licence that a group gives too": {
			Entry{Kind: RemoveLicense, Before: Facet{Licenses: held, Groups: map[string]bool{salesID: true}}, After: Facet{Licenses: gone}},
			[]Action{{Kind: AssignLicense, User: anaID, SKU: e3ID, DisabledPlans: []string{planA}}}, ""},
		"a swap": {
			Entry{Kind: SwapLicense, Before: Facet{Licenses: map[string]Grant{e3ID: grantOf(planA), e1ID: {}}}, After: Facet{Licenses: map[string]Grant{e3ID: {}, e1ID: grantOf()}}},
			[]Action{{Kind: SwapLicense, User: anaID, SKU: e1ID, NewSKU: e3ID, DisabledPlans: []string{planA}}}, ""},
		"service plans": {
			Entry{Kind: SetDisabledPlans, Before: Facet{Licenses: held}, After: Facet{Licenses: map[string]Grant{e3ID: grantOf()}}},
			[]Action{{Kind: SetDisabledPlans, User: anaID, SKU: e3ID, DisabledPlans: []string{planA}}}, ""},
		"disabling": {
			Entry{Kind: DisableUser, Before: Facet{Enabled: new(true)}, After: Facet{Enabled: new(false)}},
			[]Action{{Kind: EnableUser, User: anaID}}, ""},
		"a membership": {
			Entry{Kind: AddToGroup, Before: Facet{Groups: map[string]bool{salesID: false}}, After: Facet{Groups: map[string]bool{salesID: true}}},
			[]Action{{Kind: RemoveFromGroup, User: anaID, Group: salesID}}, ""},
		"a country": {
			Entry{Kind: SetUsageLocation, Before: Facet{UsageLocation: new("DE")}, After: Facet{UsageLocation: new("NZ")}},
			[]Action{{Kind: SetUsageLocation, User: anaID, UsageLocation: "DE"}}, ""},
		"the first country": {
			Entry{Kind: SetUsageLocation, Before: Facet{UsageLocation: new("")}, After: Facet{UsageLocation: new("NZ")}},
			nil, "does not take a usage location away again"},
		"sessions": {Entry{Kind: RevokeSessions}, nil, "cannot be brought back"},
		"a deletion": {
			Entry{Kind: DeleteUser, Before: Facet{Account: Live, Enabled: new(true), Licenses: held}, After: Facet{Account: Deleted}},
			[]Action{{Kind: RestoreUser, User: anaID}}, ""},
		"a new account": {
			Entry{Kind: CreateUser, Before: Facet{Account: Absent}, After: Facet{Account: Live, UsageLocation: new("DE")}},
			[]Action{{Kind: DeleteUser, User: anaID}}, "keeps it for 30 days"},
	} {
		t.Run(name, func(t *testing.T) {
			c.entry.User = user
			got, cannot := inverse(c.entry)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(cannot, c.cannot) || (c.cannot == "") != (cannot == "") {
				t.Errorf("%q, want %q", cannot, c.cannot)
			}
		})
	}
}
