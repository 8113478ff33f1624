package schemas

import "regexp"

// Rosters are what an organization knows and Graph does not: who is in its sign-on system, who is
// on its payroll, what a licence costs. They come from CSV files that pipelines.yaml names.

// SSORoster is who is in the sign-on system (Okta, Ping and so on).
var SSORoster = Table{
	Name: "sso_roster",
	Doc: "The accounts of the organization's sign-on system, as its CSV file said on the last run; empty without " +
		"such a file.",
	Key: []string{"tenant_id", "user_principal_name"},
	Columns: []Column{
		TenantID,
		{Name: "user_principal_name", Type: Text, Required: true, Doc: "Sign-in name, in lower case."},
		rosterUserKey,
		{Name: "active", Type: Boolean, Required: true, Doc: "Whether the account is active there."},
		{Name: "last_login_at", Type: Timestamp, Doc: "Last sign-in there; NULL when never or unknown."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: rosterDoc},
	},
}

// HRISRoster is who is on the payroll.
var HRISRoster = Table{
	Name: "hris_roster",
	Doc: "The people in the organization's personnel system, as its CSV file said on the last run; empty without " +
		"such a file.",
	Key: []string{"tenant_id", "user_principal_name", "email"},
	Columns: []Column{
		TenantID,
		{Name: "user_principal_name", Type: Text, Doc: "Sign-in name, in lower case; NULL when the file gives none."},
		{Name: "email", Type: Text, Doc: "Mail address, in lower case; NULL when the file gives none."},
		rosterUserKey,
		{Name: "active", Type: Boolean, Required: true, Doc: "Whether the person is employed."},
		{Name: "employee_id", Type: Text, Doc: "Number given by the organization."},
		{Name: "company", Type: Text, Doc: "Company the person works for."},
		{Name: "start_date", Type: Date, Doc: "First day of work."},
		{Name: "end_date", Type: Date, Doc: "Last day of work; NULL when none is set."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: rosterDoc},
	},
}

var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

// ValidCurrency says whether a code may stand in the column currency of SKUPrices: three capital letters, such as EUR.
func ValidCurrency(code string) bool { return currencyPattern.MatchString(code) }

// SKUPrices are what the organization pays.
var SKUPrices = Table{
	Name: "sku_prices",
	Doc: "What a seat of each product costs, as the organization's CSV file said on the last run; empty without " +
		"such a file. One currency per tenant.",
	Key: []string{"tenant_id", "sku_id", "sku_part_number", "valid_from"},
	Columns: []Column{
		TenantID,
		{
			Name: "sku_id",
			Type: Text,
			Doc:  "Product (SKU) id; NULL when the file names the product by part number alone.",
		},
		{Name: "sku_part_number", Type: Text,
			Doc: "Microsoft's short name of the product; NULL when the file gives only the id. A price by id wins " +
				"over one by part number."},
		{Name: "monthly_price", Type: Number, Required: true, Doc: "Price of one seat for one month."},
		{Name: "currency", Type: Text, Required: true, Doc: "Currency, three letters."},
		{Name: "valid_from", Type: Date,
			Doc: "First day on which the price holds; NULL means always, until a dated one begins."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: rosterDoc},
	},
}

var rosterUserKey = Column{
	Name: "user_key",
	Type: Key,
	Doc:  "The user; NULL when the directory has nobody by this name.",
}

const rosterDoc = "Run day on which the file was read."
