package control

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
)

func TestSettings(t *testing.T) {
	c := newControl(t)
	want := provision.Settings{
		Approvals: provision.ApprovalOne, PlanExpiry: 24 * time.Hour, MaxActions: 100, MaxSharePercent: 10,
		UnknownErrorLimit: 3,
		WriteConcurrency:  2, ProtectAdmins: true, MaxEvidenceAgeDays: 4, MinConfidence: provision.MediumConfidence,
	}
	got, err := c.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, provision.DefaultSettings()); diff != "" {
		t.Error(diff)
	}
	// A row that is missing is as at first.
	c.exec(t, "DELETE FROM settings WHERE setting = 'protect_admins'")
	if got, err = c.Settings(t.Context()); err != nil || !got.ProtectAdmins {
		t.Errorf("%+v, %v", got, err)
	}
	for _, wrong := range []struct{ name, value string }{
		{"approvals", "two"}, {"plan_expiry", "1"}, {"plan_expiry", "721h"}, {"max_actions", "0"}, {"max_actions", "1e3"},
		{"max_share_percent", "0"},
		{"max_share_percent", "NaN"}, {"max_share_percent", "101"}, {"seat_reserve", "-1"}, {"unknown_error_limit", "x"},
		{"write_concurrency", "5"},
		{"max_evidence_age_days", "31"}, {"min_confidence", "sure"},
	} {
		c.exec(t, "INSERT OR REPLACE INTO settings VALUES (?, ?, 'm')", wrong.name, wrong.value)
		_, err := c.Settings(t.Context())
		wantError(t, err, "table settings, "+wrong.name, wrong.value, "must be")
		c.exec(t, "DELETE FROM settings WHERE setting = ?", wrong.name)
	}
	c.exec(t, "INSERT OR REPLACE INTO settings VALUES ('protect_admins', 'yes', 'm')")
	_, err = c.Settings(t.Context())
	wantError(t, err, `"yes" must be true or false`)
	c.exec(t, "DELETE FROM settings")
	c.exec(t, "INSERT INTO settings VALUES ('max_action', '5', 'm')")
	_, err = c.Settings(t.Context())
	wantError(t, err, "table settings", `unknown setting "max_action"`)
	if unknown := new(provision.UnknownNameError); !errors.As(err, &unknown) || len(unknown.Known) != 10 {
		t.Errorf("%v", err)
	}
}

func TestProtectionsAndPrices(t *testing.T) {
	c := newControl(t)
	c.exec(t, "INSERT INTO protected_accounts VALUES ('pattern', ' breakglass*@x ', 'emergency'), ('account', 'ceo@x', "+
		"NULL)")
	c.exec(t, "INSERT INTO sku_prices VALUES ('SPE_E3', 33.5, 'EUR'), ('05E9A617-0261-4CEE-BB44-138D3EF5D965', 40, 'EUR')")
	protections, err := c.Protections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]provision.Protection{{Kind: provision.ProtectAccount, Value: "ceo@x"},
		{Kind: provision.ProtectPattern, Value: "breakglass*@x", Reason: "emergency"}}, protections); diff != "" {
		t.Error(diff)
	}
	prices, err := c.Prices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]provision.Price{
		"spe_e3": {Monthly: 33.5, Currency: "EUR"}, "05e9a617-0261-4cee-bb44-138d3ef5d965": {Monthly: 40, Currency: "EUR"}},
		prices); diff != "" {
		t.Error(diff)
	}
	c.exec(t, "INSERT INTO sku_prices VALUES ('spe_e3', 1, 'EUR')")
	_, err = c.Prices(t.Context())
	wantError(t, err, "table sku_prices", "twice")
	for _, wrong := range []string{
		"INSERT INTO protected_accounts VALUES ('user', 'x', NULL)",
		"INSERT INTO protected_accounts VALUES ('role', ' ', NULL)",
		"INSERT INTO sku_prices VALUES ('A', -1, 'EUR')", "INSERT INTO sku_prices VALUES ('A', 1, 'eur')",
	} {
		if _, err := c.db.Exec(wrong); err == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
}
