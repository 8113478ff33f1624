package pipeline_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reclaimedByView asks the warehouse for what truth_reclaimable.sql computes. Duplicates are another
// matter: their holders are active.
const reclaimedByView = `
SELECT user_id, sku_id, CASE reason WHEN 'disabled account' THEN 'disabled' ELSE 'idle' END AS reason
FROM reclaimable_licenses
JOIN users USING (tenant_id, user_key)
WHERE reason <> 'duplicate'
ORDER BY ALL`

// The view takes from nobody who works, and overlooks nobody who does not.
func TestReclaimableLicensesEqualTheTruth(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 700, seed: 5, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, true)
	paid := answer(t, data, "SELECT sku_id FROM skus_current WHERE kind = 'paid'")[1:]
	apps := answer(t, data, "SELECT DISTINCT app FROM app_activity")[1:]
	want := askTruth(t, "truth_reclaimable.sql", map[string]string{
		"apps": strings.Join(apps, ","), "truth": s.writeTruth(t), "report_date": "2026-11-18",
		"paid": strings.Join(paid, ","),
	})
	if diff := cmp.Diff(want, answer(t, data, reclaimedByView)); diff != "" {
		t.Errorf("truth (-) and reclaimable_licenses (+) differ:\n%s", diff)
	}
	if len(want) < 50 {
		t.Errorf("the truth has %d rows only", len(want))
	}
}
