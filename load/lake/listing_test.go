package lake

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake/laketest"
)

// A listing says what there was when it was made, table by table and series by series.
func TestListing(t *testing.T) {
	lake := Lake{t.TempDir()}
	write := func(day, report string) {
		batches := laketest.Stream(laketest.Facts, []string{day, report}, fact(day, report, 1), fact(day, report, 2))
		if _, err := lake.Write(t.Context(), laketest.TenantA, batches); err != nil {
			t.Fatal(err)
		}
	}
	write("2026-05-02", "mail")
	write("2026-05-01", "mail")
	write("2026-05-01", "team sites")
	listing, err := lake.List(t.Context(), laketest.TenantA, laketest.Users, laketest.Facts)
	if err != nil {
		t.Fatal(err)
	}
	write("2026-05-03", "mail")

	if listing.Has(laketest.Users) || !listing.Has(laketest.Facts) {
		t.Error("only the table of facts has files")
	}
	var partitions [][]string
	for _, f := range listing.Files(laketest.Facts) {
		partitions = append(partitions, f.Partition)
	}
	want := [][]string{{"2026-05-01", "mail"}, {"2026-05-01", "team sites"}, {"2026-05-02", "mail"}}
	if diff := cmp.Diff(want, partitions); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]bool{"2026-05-01": true, "2026-05-02": true},
		listing.Days(laketest.Facts, "mail")); diff != "" {
		t.Error(diff)
	}
	mail := listing.Series(laketest.Facts, "mail")
	if len(mail) != 2 {
		t.Fatalf("%d files of the series", len(mail))
	}
	if rows, err := mail[1].Rows(); rows != 2 || err != nil || mail[1].Partition[0] != "2026-05-02" {
		t.Errorf("the newest file of the series has %d rows, of %s: %v", rows, mail[1].Partition[0], err)
	}
	if all := listing.Series(laketest.Facts); len(all) != 3 {
		t.Errorf("%d files of all series", len(all))
	}
	other, err := lake.List(t.Context(), laketest.TenantB, laketest.Facts)
	if err != nil || other.Has(laketest.Facts) {
		t.Errorf("another tenant has files: %v", err)
	}
}
