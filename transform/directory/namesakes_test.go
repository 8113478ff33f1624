package directory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/transform"
	"m365lake/transform/products"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// Two accounts of one name do not cost the night: the newer one has it, and the other is what it was.
func TestNamesakes(t *testing.T) {
	user := func(id, name, created, rest string) string {
		if created != "" {
			created = `,"createdDateTime":"` + created + `T00:00:00Z"`
		}
		return `{` + id + `,"userPrincipalName":"` + name + `"` + created + rest + `}`
	}
	const licence = `,"licenseAssignmentStates":[{"skuId":"` + transformtest.SkuE3 + `","state":"Active"}]`
	columns := []string{"user_key", "user_principal_name", "last_seen", "deleted_at"}
	yesterday := transformtest.Page(
		user(transformtest.Anna, "old@x.example", "2020-01-01", licence),
		user(transformtest.Bert, "bert@x.example", "2021-01-01", ""),
	)
	for name, test := range map[string]struct {
		today string
		aside string // who, if not anna
		want  [][]any
	}{
		"the later one is newer": {
			today: transformtest.Page(user(transformtest.Anna, "chloe@x.example",
				"2020-01-01", licence), user(transformtest.Chloe, "Chloe@x.example", "2026-11-02", "")),
			want: [][]any{{3.0, "Chloe@x.example", "2026-11-02", nil}, {1.0, "old@x.example",
				"2026-11-01", nil}, {2.0, "bert@x.example", "2026-11-01", "2026-11-02"}},
		},
		"the earlier one is newer": {
			today: transformtest.Page(user(transformtest.Chloe, "chloe@x.example", "2026-11-02",
				""), user(transformtest.Anna, "chloe@x.example", "2020-01-01", licence)),
			want: [][]any{{3.0, "chloe@x.example", "2026-11-02", nil}, {1.0, "old@x.example",
				"2026-11-01", nil}, {2.0, "bert@x.example", "2026-11-01", "2026-11-02"}},
		},
		"equally old": {
			today: transformtest.Page(user(transformtest.Anna, "chloe@x.example",
				"", licence), user(transformtest.Chloe, "chloe@x.example", "", "")),
			want: [][]any{{3.0, "chloe@x.example", "2026-11-02", nil}, {1.0, "old@x.example",
				"2026-11-01", nil}, {2.0, "bert@x.example", "2026-11-01", "2026-11-02"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			read := func(day, raw string, aside SetAside, previous transform.Previous) transformtest.Tables {
				return transformtest.MustCollect(
					t,
					Users(
						strings.NewReader(raw),
						transformtest.Tenant(t, day),
						NewGrants(products.Embedded()),
						nil,
						aside,
						previous,
						&userindex.Index{},
					),
				)
			}
			before := read("2026-11-01", yesterday, nil, transformtest.NobodyBefore)
			survey, err := SurveyUsers(strings.NewReader(test.today))
			aside := survey.Aside
			if err != nil || len(aside) != 1 ||
				!strings.Contains(aside.String(), "aaaaaaaa-0000-4000-8000-000000000001 (") {
				t.Fatalf("%v, %v", aside, err)
			}
			got := read("2026-11-02", test.today, aside, transformtest.AsPrevious(t, before["users"]))
			if diff := cmp.Diff(test.want, transformtest.Pick(got["users"], columns...)); diff != "" {
				t.Error(diff)
			}
			// The licences are those of today: nobody took them away.
			if diff := cmp.Diff([][]any{{1.0, transformtest.SkuE3}},
				transformtest.Pick(got["license_assignments"], "user_key", "sku_id")); diff != "" {
				t.Error(diff)
			}
		})
	}
	if survey, err := SurveyUsers(strings.NewReader(yesterday + yesterday)); err != nil || survey.Aside.String() != "" {
		t.Errorf("a repeated listing sets aside %v, %v", survey.Aside, err)
	}
}
