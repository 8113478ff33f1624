package apply

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/internal/graphfake"
)

// Undo asks for what a step changed, and not for the conditions it was done under.
func grantOf(plans ...string) provision.Grant {
	return provision.Grant{Assigned: true, DisabledPlans: plans}
}

func TestInverse(t *testing.T) {
	user := provision.User{ID: graphfake.AnaID, UserPrincipalName: "ana@contoso.com"}
	held, gone := map[string]provision.Grant{graphfake.E3ID: grantOf(graphfake.PlanA)}, map[string]provision.Grant{
		graphfake.E3ID: {}}
	for name, c := range map[string]struct {
		entry  provision.Entry
		want   []provision.Action
		cannot string
	}{
		"a licence of a disabled account": {
			provision.Entry{Kind: provision.RemoveLicense, Before: provision.Facet{Licenses: held, Enabled: new(false)},
				After: provision.Facet{Licenses: gone}},
			[]provision.Action{{Kind: provision.AssignLicense, User: graphfake.AnaID, SKU: graphfake.E3ID,
				DisabledPlans: []string{graphfake.PlanA}}}, ""},
		"a licence that a group gives too": {
			provision.Entry{Kind: provision.RemoveLicense,
				Before: provision.Facet{Licenses: held, Groups: map[string]bool{graphfake.SalesID: true}},
				After:  provision.Facet{Licenses: gone}},
			[]provision.Action{{Kind: provision.AssignLicense, User: graphfake.AnaID, SKU: graphfake.E3ID,
				DisabledPlans: []string{graphfake.PlanA}}}, ""},
		"a swap": {
			provision.Entry{Kind: provision.SwapLicense, Before: provision.Facet{
				Licenses: map[string]provision.Grant{graphfake.E3ID: grantOf(graphfake.PlanA), graphfake.E1ID: {}}},
				After: provision.Facet{Licenses: map[string]provision.Grant{graphfake.E3ID: {}, graphfake.E1ID: grantOf()}}},
			[]provision.Action{{Kind: provision.SwapLicense, User: graphfake.AnaID, SKU: graphfake.E1ID, NewSKU: graphfake.E3ID,
				DisabledPlans: []string{graphfake.PlanA}}}, ""},
		"service plans": {
			provision.Entry{Kind: provision.SetDisabledPlans, Before: provision.Facet{Licenses: held},
				After: provision.Facet{Licenses: map[string]provision.Grant{graphfake.E3ID: grantOf()}}},
			[]provision.Action{{Kind: provision.SetDisabledPlans, User: graphfake.AnaID, SKU: graphfake.E3ID,
				DisabledPlans: []string{graphfake.PlanA}}}, ""},
		"disabling": {
			provision.Entry{Kind: provision.DisableUser, Before: provision.Facet{Enabled: new(true)},
				After: provision.Facet{Enabled: new(false)}},
			[]provision.Action{{Kind: provision.EnableUser, User: graphfake.AnaID}}, ""},
		"a membership": {
			provision.Entry{Kind: provision.AddToGroup, Before: provision.Facet{
				Groups: map[string]bool{graphfake.SalesID: false}},
				After: provision.Facet{Groups: map[string]bool{graphfake.SalesID: true}}},
			[]provision.Action{{Kind: provision.RemoveFromGroup, User: graphfake.AnaID, Group: graphfake.SalesID}}, ""},
		"a country": {
			provision.Entry{Kind: provision.SetUsageLocation, Before: provision.Facet{UsageLocation: new("DE")},
				After: provision.Facet{UsageLocation: new("NZ")}},
			[]provision.Action{{Kind: provision.SetUsageLocation, User: graphfake.AnaID, UsageLocation: "DE"}}, ""},
		"the first country": {
			provision.Entry{Kind: provision.SetUsageLocation, Before: provision.Facet{UsageLocation: new("")},
				After: provision.Facet{UsageLocation: new("NZ")}},
			nil, "does not take a usage location away again"},
		"sessions": {provision.Entry{Kind: provision.RevokeSessions}, nil, "cannot be brought back"},
		"a deletion": {
			provision.Entry{Kind: provision.DeleteUser, Before: provision.Facet{
				Account: provision.Live, Enabled: new(true), Licenses: held}, After: provision.Facet{Account: provision.Deleted}},
			[]provision.Action{{Kind: provision.RestoreUser, User: graphfake.AnaID}}, ""},
		"a new account": {
			provision.Entry{Kind: provision.CreateUser, Before: provision.Facet{Account: provision.Absent},
				After: provision.Facet{Account: provision.Live, UsageLocation: new("DE")}},
			[]provision.Action{{Kind: provision.DeleteUser, User: graphfake.AnaID}}, "keeps it for 30 days"},
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
