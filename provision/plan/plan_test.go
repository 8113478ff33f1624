package plan

import (
	"testing"
	"time"

	"m365lake/provision"
	"m365lake/provision/snapshot"
)

const (
	anaID = "aaaaaaaa-0000-0000-0000-000000000001"
	e3ID  = "05e9a617-0261-4cee-bb44-138d3ef5d965"
)

// A plan is made of values alone.
func TestMakeFromValues(t *testing.T) {
	enabled := true
	for name, c := range map[string]struct {
		action  provision.Action
		held    bool
		seats   int64
		verdict provision.Verdict
		code    string
	}{
		"given":        {provision.Action{Kind: provision.AssignLicense, SKU: "SPE_E3"}, false, 1, provision.Change, ""},
		"held already": {provision.Action{Kind: provision.AssignLicense, SKU: "spe_e3"}, true, 1, provision.Nothing, ""},
		"no seat":      {provision.Action{Kind: provision.AssignLicense, SKU: e3ID}, false, 0, provision.NoSeat, "no_seat"},
		"taken":        {provision.Action{Kind: provision.RemoveLicense, SKU: "SPE_E3"}, true, 1, provision.Change, ""},
		"unknown": {provision.Action{Kind: provision.RemoveLicense, SKU: "E9"}, true, 1, provision.Refuse,
			"unknown_sku"},
		"basis": {provision.Action{Kind: provision.RemoveLicense, SKU: "SPE_E3", Basis: "inactive"}, true, 1,
			provision.Refuse, "evidence_none"},
		"undo": {provision.Action{Kind: provision.EnableUser, UndoOf: 9}, false, 1, provision.Refuse, "unknown_entry"},
	} {
		t.Run(name, func(t *testing.T) {
			ana := &snapshot.Account{ID: anaID, UserPrincipalName: "ana@contoso.com", AccountEnabled: &enabled,
				UsageLocation: "DE", State: provision.Live}
			if c.held {
				ana.LicenseAssignmentStates = []snapshot.LicenseState{{SKUID: e3ID, State: "Active"}}
			}
			c.action.ID, c.action.User, c.action.RequestedBy = 1, "ana@contoso.com", "anna"
			made := Make(Input{
				ID: "p1", Actions: []provision.Action{c.action}, Settings: provision.DefaultSettings(), Now: time.Unix(0, 0),
				By: "anna",
				Tenant: &snapshot.Tenant{
					ID: "t", Name: "contoso", Users: 1, Accounts: map[string]*snapshot.Account{"ana@contoso.com": ana},
					Products: snapshot.Products{e3ID: {ID: e3ID, PartNumber: "SPE_E3", Name: "SPE_E3", ForUsers: true, Usable: true,
						Bought: c.seats}},
				},
			})
			if s := made.Steps[0]; s.Verdict != c.verdict || s.Code != c.code || s.Sentence == "" {
				t.Errorf("%s %q: %s", s.Verdict, s.Code, s.Sentence)
			}
		})
	}
}
