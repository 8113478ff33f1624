package products

import (
	"iter"
	"strings"
	"testing"

	"m365lake/schemas"
	"m365lake/transform/roster"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// Whatever the bytes, a roster is either taken whole or refused with an error that names the file.
func FuzzRosters(f *testing.F) {
	for _, seed := range []string{
		"user_principal_name,active,last_login_at\na@x,true,2026-01-01\n", "email,active\n\"a,b\"@x,no\n",
		"sku_id,monthly_price,currency\n" + transformtest.SkuE3 + ",1e3,EUR\n",
		"\xef\xbb\xbfsku_part_number,monthly_price,currency\nA,1,EUR\n",
		publishedHeader + "N,P," + transformtest.SkuE3 + ",T," + transformtest.PlanTeams + ",F\n", "a;b\n", "\"\n",
		"active\n\xff\n",
	} {
		f.Add(seed)
	}
	index := &userindex.Index{}
	f.Fuzz(func(t *testing.T, text string) {
		who := transformtest.Tenant(t, "2026-11-01")
		for _, read := range []iter.Seq2[schemas.Batch, error]{
			roster.SSO(strings.NewReader(text), "file.csv", who, index),
			roster.HRIS(strings.NewReader(text), "file.csv", who, index, transformtest.NobodyBefore),
			roster.Prices(strings.NewReader(text), "file.csv", who),
		} {
			rows, err := transformtest.Collect(read)
			if err != nil && (len(rows) > 0 || !strings.HasPrefix(err.Error(), "file.csv:")) {
				t.Fatalf("%v with %d tables", err, len(rows))
			}
			if err == nil && len(rows) != 1 {
				t.Fatalf("taken without a row: %q", text)
			}
		}
		if err := noProducts().Override(strings.NewReader(text), "file.csv"); err != nil &&
			!strings.HasPrefix(err.Error(), "file.csv:") {
			t.Fatal(err)
		}
		if _, err := noProducts().Refresh(strings.NewReader(text), "file.csv"); err != nil &&
			!strings.HasPrefix(err.Error(), "file.csv:") {
			t.Fatal(err)
		}
	})
}
