package products

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/transform/transformtest"
)

const publishedHeader = "Product_Display_Name,String_ " +
	"Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names\n"

func TestRefreshProductNames(t *testing.T) {
	const newID, newPlan = "aaaaaaaa-0000-4000-8000-00000000000a", "aaaaaaaa-0000-4000-8000-00000000000b"
	before, now := Embedded(), Embedded()
	// Tabs, blanks that do not break, a second name of one id, a plan twice, and Windows-1252.
	text := "\xef\xbb\xbf" + publishedHeader +
		"Microsoft 365 E3 Renamed\t,SPE_E3 ," + strings.ToUpper(transformtest.SkuE3) + ",TEAMS1," + transformtest.PlanTeams +
		",Microsoft Teams\n" +
		"Second name,SPE_E3," + transformtest.SkuE3 + ",NEW_PLAN," + newPlan + ",New plan\n" +
		"Caf\u00e9\u00a0Trial,CAFE_TRIAL," + newID + ",NEW_PLAN," + newPlan + ",New plan\n"
	damaged, err := now.Refresh(strings.NewReader(text), "names.csv")
	if err != nil || damaged != 0 {
		t.Fatal(damaged, err)
	}
	if diff := cmp.Diff([]string{
		"new: CAFE_TRIAL: Café Trial (trial)",
		"renamed: SPE_E3: Microsoft 365 E3 Renamed, was Microsoft 365 E3",
	}, now.Changes(before)); diff != "" {
		t.Fatal(diff)
	}
	if name, kind := now.Sku(transformtest.SkuE3, "SPE_E3"); name != "Microsoft 365 E3 Renamed" || kind != "paid" {
		t.Errorf("%s, %s", name, kind)
	}
	if got := now.plans[transformtest.PlanTeams].apps; got != before.plans[transformtest.PlanTeams].apps || got == 0 {
		t.Error("a new name took the apps from a plan")
	}
	if n := len(now.plansOf[transformtest.SkuE3]); n != len(before.plansOf[transformtest.SkuE3])+1 {
		t.Errorf("Microsoft 365 E3 has %d plans after one was added to %d", n, len(before.plansOf[transformtest.SkuE3]))
	}
	if now.plans[newPlan].name != "New plan" {
		t.Error("the new plan has no name")
	}
	latin := strings.NewReplacer("\xef\xbb\xbf", "", "\u00e9", "\xe9", "\u00a0", "\xa0").Replace(text)
	again := Embedded()
	if _, err := again.Refresh(strings.NewReader(latin), "names.csv"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(now.Changes(before), again.Changes(before)); diff != "" {
		t.Errorf("Windows-1252 reads otherwise: %s", diff)
	}
}

func TestRefreshRefusesOtherFiles(t *testing.T) {
	row := "Name,PART," + transformtest.SkuE3 + ",TEAMS1," + transformtest.PlanTeams + ",Teams\n"
	for text, want := range map[string]string{
		"": "names.csv: the file is empty",
		"<html><body>moved</body></html>\n": "names.csv: this is not Microsoft's list of product names: no column " +
			"productdisplayname",
		publishedHeader: "names.csv: 0 of 0 rows have no product",
		publishedHeader + row + "Name,PART\n": "names.csv: this is not Microsoft's list of product names: record on line " +
			"3: wrong number of fields",
		publishedHeader + row + "Name,PART,x,TEAMS1," + transformtest.PlanTeams +
			",Teams\n": "names.csv: 1 of 2 rows have no product or damaged ids",
	} {
		if _, err := Embedded().Refresh(strings.NewReader(text), "names.csv"); err == nil ||
			!strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	// One damaged row in more than a hundred is left out.
	list := strings.NewReader(publishedHeader + strings.Repeat(row, 120) + "Name,PART,x,y,z,\n")
	if damaged, err := Embedded().Refresh(list, "names.csv"); damaged != 1 || err != nil {
		t.Error(damaged, err)
	}
}

func TestKindByName(t *testing.T) {
	for product, want := range map[[2]string]string{
		{"NEW_SUITE", "New Suite"}:                      "paid",
		{"NEW_FREE", "New"}:                             "free",
		{"FREEDOM_SUITE", "Freedom"}:                    "paid",
		{"X", "Power Thing (free)"}:                     "free",
		{"CCI_VIRAL", "Thing Viral Trial"}:              "viral",
		{"X_VTRIAL", "Thing"}:                           "viral",
		{"X_IW_TRIAL", "Thing"}:                         "trial",
		{"X_TEST", "Thing"}:                             "unknown",
		{"CRMTESTINSTANCE", "Test Instance"}:            "paid",
		{"X", "Thing (Preview)"}:                        "unknown",
		{"X_STU", "Office A3 (Student Use Benefit)"}:    "free",
		{"Power_Automate_Premium", "Power Automate Pr"}: "paid",
	} {
		if got := kindByName(product[0], product[1]); got != want {
			t.Errorf("%v is %s, want %s", product, got, want)
		}
	}
}

func TestOverrideProductNames(t *testing.T) {
	p := Embedded()
	if err := p.Override(strings.NewReader("sku_id,sku_part_number,product_name,kind\n"+transformtest.SkuE3+
		",,Our E3,\n,new_thing,New thing,Paid\n,SPE_E3,Loses,free\n"), "ours.csv"); err != nil {
		t.Fatal(err)
	}
	for _, want := range [][4]string{
		{transformtest.SkuE3, "SPE_E3", "Our E3", "free"}, // the name by id, the kind by part number
		{"22222222-0000-4000-8000-000000000000", "NEW_THING", "New thing", "paid"},
		{"33333333-0000-4000-8000-000000000000", "NOBODY_KNOWS", "NOBODY_KNOWS", "unknown"},
	} {
		if name, kind := p.Sku(want[0], want[1]); name != want[2] || kind != want[3] {
			t.Errorf("%s is %s, %s; want %s, %s", want[1], name, kind, want[2], want[3])
		}
	}
	for text, want := range map[string]string{
		"sku_id,product_name\nSPE_E3,X\n": `ours.csv:2: sku_id "spe_e3" is not a GUID; SELECT sku_id, ` +
			`sku_part_number FROM skus_current shows yours`,
		"sku_part_number,kind\nSPE_E3,cheap\n": `ours.csv:2: kind "cheap" must be one of paid, free, trial, viral, unknown`,
		"sku_part_number\nSPE_E3\n":            `ours.csv:1: column product_name or kind is missing; add one of them`,
		"sku_part_number,kind\nA,paid\na,free\n": `ours.csv:3: sku_part_number "A" stands on line 2 already; keep one ` +
			`line for each`,
		"sku_part_number,product_nam,kind\nA,B\n": `ours.csv:1: unknown column "product_nam"; did you mean "product_name"?`,
	} {
		if err := Embedded().Override(strings.NewReader(text), "ours.csv"); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
