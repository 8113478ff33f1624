package directory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/transform/products"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// readListing reads a listing of users as a run does.
func readListing(t *testing.T, raw string) (transformtest.Tables, string, error) {
	t.Helper()
	listing := NewListing(strings.NewReader(raw), "users")
	got, err := transformtest.Collect(Users(listing, transformtest.Tenant(t, "2026-11-02"),
		NewGrants(products.Embedded()), nil, nil, transformtest.NobodyBefore, &userindex.Index{}))
	return got, listing.Remark(), err
}

// fullUser is a user with all that a listing must have.
func fullUser(id, name, rest string) string {
	return `{` + id + `,"userPrincipalName":"` + name + `","accountEnabled":true,"assignedLicenses":[],` +
		`"licenseAssignmentStates":[]` + rest + `}`
}

// What does not fit of one user is set aside, alone and with its owner.
func TestOddValuesAreSetAside(t *testing.T) {
	bert := fullUser(transformtest.Bert, "bert@x", "")
	const anna = "aaaaaaaa-0000-4000-8000-000000000001 (anna@x): "
	for name, test := range map[string]struct{ rest, remark string }{
		"nothing odd": {`,"createdDateTime":"2020-01-01T00:00:00Z"`, ""},
		"an empty time": {`,"createdDateTime":""`, anna +
			`createdDateTime "" is no time such as 2026-01-31T08:00:00Z`},
		"a time without zone": {`,"createdDateTime":"2020-01-01T00:00:00"`,
			`createdDateTime "2020-01-01T00:00:00" is no time`},
		"a year of five": {`,"createdDateTime":"12020-01-01T00:00:00Z"`,
			`createdDateTime "12020-01-01T00:00:00Z" is no time`},
		"a day":    {`,"employeeHireDate":"2020-01-01"`, `employeeHireDate "2020-01-01" is no time`},
		"a number": {`,"department":7`, "department is a number, which does not belong there"},
		"two odd ones": {`,"department":7,"employeeId":7`, "department is a number, which does not belong there, " +
			"employeeId is a number"},
		"an odd one twice":  {`,"department":7,"department":8`, "department is a number, which does not belong there"},
		"a manager as text": {`,"manager":"x"`, "manager is a text, which does not belong there"},
		"an object":         {`,"city":{"a":[1]}`, "city is an object, which does not belong there"},
		"a text for a boolean": {`,"onPremisesSyncEnabled":"yes"`, "onPremisesSyncEnabled is a text, which does not " +
			"belong there"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			got, remark, err := readListing(t, transformtest.Page(fullUser(transformtest.Anna, "anna@x", test.rest), bert))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]any{{"anna@x"}, {"bert@x"}},
				transformtest.Pick(got["users"], "user_principal_name")); diff != "" {
				t.Error(diff)
			}
			if test.remark == "" && remark != "" || !strings.Contains(remark, test.remark) {
				t.Errorf("%q lacks %q", remark, test.remark)
			}
			if test.remark != "" && !strings.HasPrefix(remark, "set aside in 1 of 2 users: ") {
				t.Error(remark)
			}
		})
	}
}

// An odd value within a licence costs the value, and not the licence.
func TestOddLicenceDateKeepsTheLicence(t *testing.T) {
	const other = "22222222-0000-4000-8000-000000000000"
	raw := transformtest.Page(fullUser(transformtest.Anna, "anna@x", `,"licenseAssignmentStates":[
		{"skuId":"`+transformtest.SkuE3+`","state":"Active","lastUpdatedDateTime":"x"},
		{"skuId":"`+other+`","state":"Active","lastUpdatedDateTime":"2026-10-01T12:00:00Z"}]`),
		fullUser(transformtest.Bert, "bert@x", ""))
	got, remark, err := readListing(t, raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]any{{transformtest.SkuE3, nil}, {other, "2026-10-01T12:00:00Z"}},
		transformtest.Pick(got["license_assignments"], "sku_id", "last_updated_at")); diff != "" {
		t.Error(diff)
	}
	if want := `licenseAssignmentStates/0/lastUpdatedDateTime "x" is no time`; !strings.Contains(remark, want) {
		t.Error(remark)
	}
}

// A user of whom nothing can be known is set aside whole; more than a few make the listing unusable.
func TestUnusableUsers(t *testing.T) {
	anna, bert := fullUser(transformtest.Anna, "anna@x", ""), fullUser(transformtest.Bert, "bert@x", "")
	nameless := fullUser(transformtest.Chloe, "", "")
	for name, test := range map[string]struct{ user, remark string }{
		"no name":     {nameless, "cccccccc-0000-4000-8000-000000000003: there is no userPrincipalName"},
		"no id":       {`{"userPrincipalName":"x@x"}`, "a user without an id: the id is no GUID"},
		"a number id": {`{"id":7,"userPrincipalName":"x@x"}`, "the id is no GUID"},
		"no object":   {`"x"`, "a value that is no object: it is no object"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			got, remark, err := readListing(t, transformtest.Page(anna, test.user, bert))
			if err != nil || len(got["users"]) != 2 || !strings.Contains(remark, test.remark) {
				t.Errorf("%d users, %q, %v", len(got["users"]), remark, err)
			}
		})
	}
	_, _, err := readListing(t, transformtest.Page(anna, nameless, fullUser(`"id":"7"`, "x@x", "")))
	if err == nil || !strings.Contains(err.Error(), "users: 2 of 3 values cannot be used") ||
		!strings.Contains(err.Error(), "User.Read.All") {
		t.Error(err)
	}
}

// Who is listed without a name stays as known, and is not deleted.
func TestNamelessUsersStay(t *testing.T) {
	day := func(day string, before transformtest.Tables, users ...string) transformtest.Tables {
		return transformtest.MustCollect(t, Users(NewListing(strings.NewReader(transformtest.Page(users...)), "users"),
			transformtest.Tenant(t, day), NewGrants(products.Embedded()), nil, nil,
			transformtest.AsPrevious(t, before["users"]), &userindex.Index{}))
	}
	licensed := `,"licenseAssignmentStates":[{"skuId":"` + transformtest.SkuE3 + `","state":"Active"}]`
	bert := fullUser(transformtest.Bert, "bert@x", "")
	first := day("2026-11-01", nil, fullUser(transformtest.Anna, "anna@x", licensed), bert)
	second := day("2026-11-02", first, fullUser(transformtest.Anna, "", licensed), bert)
	if diff := cmp.Diff([][]any{{"bert@x", nil}, {"anna@x", nil}},
		transformtest.Pick(second["users"], "user_principal_name", "deleted_at")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{1.0}}, transformtest.Pick(second["license_assignments"], "user_key")); diff != "" {
		t.Error(diff)
	}
}

// A listing in which no value has a property that decides is refused, for each source and property, whether it is
// left out or null; one value that has it is enough.
func TestRequiredProperties(t *testing.T) {
	for source, needs := range required {
		object := func(without string, null bool) string {
			var members []string
			for _, p := range needs.properties {
				switch {
				case p != without:
					members = append(members, `"`+p+`":[]`)
				case null:
					members = append(members, `"`+p+`":null`)
				}
			}
			return `{` + strings.Join(members, ",") + `}`
		}
		for _, property := range needs.properties {
			for _, null := range []bool{false, true} {
				lacking, whole := object(property, null), object("", false)
				for raw, refused := range map[string]bool{
					transformtest.Page(lacking, lacking): true, transformtest.Page(lacking, whole): false, transformtest.Page(): false,
				} {
					listing := NewListing(strings.NewReader(raw), source)
					var err error
					for _, e := range values[struct{}](listing, source) {
						err = e
					}
					switch {
					case refused != (err != nil):
						t.Errorf("%s without %s: %v", source, property, err)
					case refused && (!strings.Contains(err.Error(), property) || !strings.Contains(err.Error(), needs.remedy)):
						t.Errorf("%s without %s: %v", source, property, err)
					}
				}
			}
		}
	}
}

// Without a listing to note it in, what does not fit is an error that says whose it is.
func TestMisfitNamesItsOwner(t *testing.T) {
	_, err := DeletedUsers(strings.NewReader(transformtest.Page(`{` + transformtest.Anna + `,"deletedDateTime":"x"}`)))
	if err == nil || !strings.Contains(err.Error(), "aaaaaaaa-0000-4000-8000-000000000001") ||
		!strings.Contains(err.Error(), `deletedDateTime "x" is no time`) {
		t.Error(err)
	}
}
