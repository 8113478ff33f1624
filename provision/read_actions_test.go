package provision

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadActions(t *testing.T) {
	got, err := ReadActions("a.csv", []byte("\xef\xbb\xbfAction, target_user ,sku,new_sku,disabled_plans,not_before,"+
		"reason,tenant,basis,requested_by\r\n"+
		"assign_license,a@x,SPE_E3,,none,,\"new, and young\",contoso,,anna\r\n"+
		"swap_license,b@x,SPE_E5,SPE_E3,TEAMS1; YAMMER,2026-12-01,,,,\r\n"+
		"remove_license,c@x,SPE_E3,,,2026-12-01T18:00:00+01:00,,,never used,\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Action{
		{Kind: AssignLicense, User: "a@x", SKU: "SPE_E3", DisabledPlans: []string{}, Reason: "new, and young",
			Tenant: "contoso", RequestedBy: "anna"},
		{Kind: SwapLicense, User: "b@x", SKU: "SPE_E5", NewSKU: "SPE_E3", DisabledPlans: []string{"TEAMS1", "YAMMER"},
			NotBefore: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
		{Kind: RemoveLicense, User: "c@x", SKU: "SPE_E3", NotBefore: time.Date(2026, 12, 1, 17, 0, 0, 0, time.UTC),
			Basis: "never used"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadActionsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "a.csv: is empty; its first line names the columns, such as action,target_user,sku",
		"action,target_user\ndisable_user,\xfcnal@x\n": "a.csv: is not in UTF-8; save it as CSV UTF-8",
		"action,target_user\n":                         "a.csv: has a header and no actions",
		"action,user\n":                                `a.csv:1: unknown column "user"`,
		"action,sku\n":                                 "a.csv:1: column target_user is missing; add it",
		"action,target_user,ACTION\n":                  `a.csv:1: column "action" stands there twice`,
		"action,target_user\ndisable_user\n":           "a.csv: record on line 2: wrong number of fields",
		"action,target_user\ndisable_user,\n": "a.csv:2: column target_user: disable_user " +
			"needs a user; give a sign-in name or an object id",
		"action,target_user\npromote,a@x\n": `a.csv:2: column action: ` +
			`unknown action "promote"`,
		"action,target_user\n\"disable_user,a\n": `a.csv: parse error on ` +
			`line 2, column 17: extraneous or missing " in quoted-field`,
		"action,target_user,sku\ndisable_user,a@x,\ndisable_user,b@x,S\n": "a.csv:3: column sku: " +
			"disable_user has no use for it; leave it out, or write an action of its own",
		"action,target_user,not_before\ndisable_user,\"a\n@x\",\ndisable_user,a@x,tomorrow\n": `a.csv:4: column ` +
			`not_before: "tomorrow" must be a day such as 2026-12-01 or a time such as 2026-12-01T18:00:00Z`,
		"action,target_user,sku,disabled_plans\nset_disabled_plans,a@x,S,A;;B\n": "a.csv:2: column disabled_plans: must " +
			"not be blank; fill it in or leave it out",
		"action,target_user,usage_location\nset_usage_location,a@x,de\n": `a.csv:2: column usage_location: "de" must be ` +
			`two capital letters such as DE`,
		"action,target_user\n" + strings.Repeat("x,a@x\n", 20): strings.TrimSuffix(tenTimesUnknown(), "\n"),
	} {
		got, err := ReadActions("a.csv", []byte(text))
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func tenTimesUnknown() string {
	var b strings.Builder
	for line := 2; line < 12; line++ {
		b.WriteString("a.csv:" + string(rune('0'+line/10)) + string(rune('0'+line%10)) +
			`: column action: unknown action "x"` + "\n")
	}
	return strings.ReplaceAll(b.String(), "csv:0", "csv:")
}

// Actions that were read can be written, and no text makes the reader panic.
func FuzzReadActions(f *testing.F) {
	f.Add([]byte("action,target_user,sku,disabled_plans\nset_disabled_plans,a@x,S,A;B\n"))
	f.Add([]byte("\xef\xbb\xbfaction,target_user\r\n\"disable_user\",\"a\"\"@x\"\r\n"))
	f.Add([]byte("action,target_user,not_before\ndisable_user,a@x,2026-12-01T18:00:00+01:00\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		actions, err := ReadActions("f", text)
		if (err == nil) != (len(actions) > 0) {
			t.Fatalf("%d actions, %v", len(actions), err)
		}
		for _, a := range actions {
			if err := a.Validate(); err != nil {
				t.Errorf("%+v: %v", a, err)
			}
			if strings.TrimSpace(a.User) != a.User || a.ID != 0 || a.Status != "" {
				t.Errorf("%+v", a)
			}
		}
	})
}
