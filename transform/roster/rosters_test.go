package roster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/transform"
	"m365lake/transform/directory"
	"m365lake/transform/products"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// rosterPeople are three people: Anna, Bert who shares his address with a deleted account, and
// Chloe whose address somebody else has too. Their index and their table.
func rosterPeople(t *testing.T) (*userindex.Index, transform.Previous) {
	t.Helper()
	person := func(id, name, mail string) string {
		return `{` + id + `,"userPrincipalName":"` + name + `","mail":"` + mail + `"}`
	}
	grants := directory.NewGrants(products.Embedded())
	old := transformtest.MustCollect(
		t,
		directory.Users(
			strings.NewReader(transformtest.Page(person(transformtest.Anna, "old@x.example", "Bert@mail.example"))),
			transformtest.Tenant(t, "2026-10-01"),
			grants,
			nil,
			nil,
			transformtest.NobodyBefore,
			&userindex.Index{},
		),
	)
	index := &userindex.Index{}
	now := transformtest.MustCollect(t, directory.Users(strings.NewReader(transformtest.Page(
		person(transformtest.Bert, "Bert@x.example", "bert@mail.example"),
		person(transformtest.Chloe, "chloe@x.example", "shared@mail.example"),
		person(`"id":"dddddddd-0000-4000-8000-000000000004"`, "dora@x.example", "SHARED@mail.example"),
	)), transformtest.Tenant(t, "2026-11-01"), grants, nil, nil, transformtest.AsPrevious(t, old["users"]), index))
	return index, transformtest.AsPrevious(t, now["users"])
}

func TestSSORoster(t *testing.T) {
	index, _ := rosterPeople(t)
	got := transformtest.MustCollect(t, SSO(strings.NewReader("\xef\xbb\xbfUser_Principal_Name,active,last_login_at\n"+
		"BERT@x.example,yes,2026-10-30T08:00:00+02:00\n\" chloe@x.example\u00a0\",FALSE,2026-10-01\nold@x.example,true,"+
		"\nstranger@x.example,1,\n"), "sso.csv", transformtest.Tenant(t, "2026-11-01"), index))
	if diff := cmp.Diff([][]any{
		{"bert@x.example", 2.0, true, "2026-10-30T06:00:00Z", "2026-11-01"},
		{"chloe@x.example", 3.0, false, "2026-10-01T00:00:00Z", "2026-11-01"},
		{"old@x.example", 1.0, true, nil, "2026-11-01"},
		{"stranger@x.example", nil, true, nil, "2026-11-01"},
	}, transformtest.Pick(got["sso_roster"], "user_principal_name", "user_key", "active", "last_login_at",
		"snapshot_date")); diff != "" {
		t.Fatal(diff)
	}
}

func TestHRISRoster(t *testing.T) {
	index, table := rosterPeople(t)
	got := transformtest.MustCollect(t, HRIS(strings.NewReader("email,active,employee_id,company,start_date,end_date\n"+
		"bert@mail.example,true,007,\"Bluefell, Ltd\",2020-02-29,\nshared@mail.example,true,,,,\nDora@x.example,false,,,,"+
		"2026-10-31\nnobody@x.example,true,,,,\n"),
		"hris.csv", transformtest.Tenant(t, "2026-11-01"), index, table))
	if diff := cmp.Diff([][]any{
		{nil, "bert@mail.example", 2.0, true, "007", "Bluefell, Ltd", "2020-02-29", nil},
		{nil, "shared@mail.example", nil, true, nil, nil, nil, nil},
		{nil, "dora@x.example", 4.0, false, nil, nil, nil, "2026-10-31"},
		{nil, "nobody@x.example", nil, true, nil, nil, nil, nil},
	}, transformtest.Pick(got["hris_roster"], "user_principal_name", "email", "user_key", "active",
		"employee_id", "company", "start_date", "end_date")); diff != "" {
		t.Fatal(diff)
	}
	byName := transformtest.MustCollect(
		t,
		HRIS(
			strings.NewReader("user_principal_name,active\nchloe@x.example,true\n"),
			"hris.csv",
			transformtest.Tenant(t, "2026-11-01"),
			index,
			table,
		),
	)
	if diff := cmp.Diff([][]any{{"chloe@x.example", nil, 3.0}},
		transformtest.Pick(byName["hris_roster"], "user_principal_name", "email", "user_key")); diff != "" {
		t.Fatal(diff)
	}
}

func TestSKUPrices(t *testing.T) {
	got := transformtest.MustCollect(
		t,
		Prices(strings.NewReader("sku_part_number,sku_id,monthly_price,currency,valid_from\n"+
			"SPE_E3,,33.5,eur,\nSPE_E3,,36,EUR,2027-01-01\n,"+strings.ToUpper(transformtest.SkuE3)+",30,EUR,\n"),
			"prices.csv", transformtest.Tenant(t, "2026-11-01")),
	)
	if diff := cmp.Diff([][]any{
		{nil, "SPE_E3", 33.5, "EUR", nil},
		{nil, "SPE_E3", 36.0, "EUR", "2027-01-01"},
		{transformtest.SkuE3, nil, 30.0, "EUR", nil},
	}, transformtest.Pick(got["sku_prices"], "sku_id", "sku_part_number", "monthly_price", "currency",
		"valid_from")); diff != "" {
		t.Fatal(diff)
	}
}

// Every fault says where it is and what to do, and no row of a file with a fault is used.
func TestRosterFaults(t *testing.T) {
	index, table := rosterPeople(t)
	for _, test := range []struct{ kind, text, want string }{
		{"sso", "", `sso.csv: the file is empty; its first line must name the columns user_principal_name, active, ` +
			`last_login_at`},
		{"sso", "user_principal_name,active\n", `sso.csv: there is no line below the header, which looks like a failed ` +
			`export; remove the file from pipelines.yaml if it is meant`},
		{"sso", "user_principal_name;active\na@x;true\n", `sso.csv:1: the columns are separated by semicolons; save the ` +
			`file with commas`},
		{"sso", "user_principal_name,activ\n", `sso.csv:1: unknown column "activ"; did you mean "active"?`},
		{"sso", "user_principal_name\n", `sso.csv:1: column active is missing; add it`},
		{"sso", "active,user_principal_name,active\n", `sso.csv:1: column active stands there twice; keep one`},
		{"sso", "user_principal_name,active\na@x,true\nb@x,maybe\n", `sso.csv:3: active "maybe" must be true or false`},
		{"sso", "user_principal_name,active\na@x,true\nb@x,true\nA@X,true\n", `sso.csv:4: user_principal_name "a@x" ` +
			`stands on line 2 already; keep one line for each`},
		{"sso", "user_principal_name,active\n,true\n\xff,true\n", `sso.csv:2: user_principal_name "" must not be empty; ` +
			`fill it in or remove the line (and 2 more faults)`},
		{"sso", "user_principal_name,active,last_login_at\na@x,true,31.10.2026\n", `sso.csv:2: last_login_at "31.10.2026" ` +
			`must be a day such as 2026-11-23 or a time such as 2026-11-23T08:15:00Z`},
		{"sso", "user_principal_name,active\na@x,true,extra\n", `sso.csv:2: wrong number of fields; every line needs a ` +
			`value for each column, with quotes around those that contain a comma`},
		{"hris", "active\ntrue\n", `hris.csv:1: column email or user_principal_name is missing; add one of them`},
		{"hris", "email,active,end_date\na@x,true,2026-02-30\n", `hris.csv:2: end_date "2026-02-30" must be a day such as ` +
			`2026-11-23`},
		{"hris", "email,user_principal_name,active\n,,true\n", `hris.csv:2: email "" must not be empty where ` +
			`user_principal_name is; fill one in or remove the line`},
		{"prices", "monthly_price,currency\n1,EUR\n", `prices.csv:1: column sku_part_number or sku_id is missing; add one ` +
			`of them`},
		{"prices", "sku_part_number,monthly_price,currency\nSPE_E3,\"12,50\",EUR\n", `prices.csv:2: monthly_price "12,50" ` +
			`must be a number such as 35.50, without a currency sign`},
		{"prices", "sku_part_number,monthly_price,currency\nSPE_E3,-1,EUR\n", `prices.csv:2: monthly_price "-1" must be a ` +
			`number such as 35.50, without a currency sign`},
		{"prices", "sku_part_number,monthly_price,currency\nA,1,EUR\nB,1,USD\n", `prices.csv:3: currency "USD" differs ` +
			`from EUR above; convert the prices to one currency, or sums would be wrong`},
		{"prices", "sku_part_number,monthly_price,currency\nA,1,EUR\na,2,EUR\n", `prices.csv:3: sku_part_number "A" ` +
			`stands on line 2 already; keep one line for each`},
		{"prices", "sku_id,monthly_price,currency\nSPE_E3,1,EUR\n", `prices.csv:2: sku_id "spe_e3" is not a GUID; SELECT ` +
			`sku_id, sku_part_number FROM skus_current shows yours`},
	} {
		who := transformtest.Tenant(t, "2026-11-01")
		r := strings.NewReader(test.text)
		var rows transformtest.Tables
		var err error
		switch test.kind {
		case "sso":
			rows, err = transformtest.Collect(SSO(r, "sso.csv", who, index))
		case "hris":
			rows, err = transformtest.Collect(HRIS(r, "hris.csv", who, index, table))
		case "prices":
			rows, err = transformtest.Collect(Prices(r, "prices.csv", who))
		}
		if err == nil || err.Error() != test.want || len(rows) > 0 {
			t.Errorf("%q:\n%v, want\n%s\nrows: %v", test.text, err, test.want, rows)
		}
	}
}
