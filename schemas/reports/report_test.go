package reports

import (
	"slices"
	"testing"

	"m365lake/schemas"
)

// The reports that are asked for in another way than the others.
func TestReportPaths(t *testing.T) {
	const copilot = "/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail"
	special := map[*Report][]string{
		Office365ActivationsUserDetail: {"/v1.0/reports/getOffice365ActivationsUserDetail"},
		CopilotUsageUserDetail: {
			copilot + "(period='D7',version='v2')", copilot + "(period='D28',version='v2')",
			copilot + "(period='D90',version='v2')", copilot + "(period='D180',version='v2')",
		},
	}
	for _, r := range All() {
		want, first := special[r], ""
		if want == nil {
			for _, period := range []string{"D7", "D30", "D90", "D180"} {
				want = append(want, "/v1.0/reports/"+r.Function+"(period='"+period+"')")
			}
		}
		var got []string
		for _, p := range r.Over(schemas.Periods) {
			got = append(got, r.Path(p))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", r.Name, got, want)
		}
		if r == CopilotUsageUserDetail {
			first = copilot + "(period='D30')"
		}
		if got := r.FirstVersionPath(30); got != first {
			t.Errorf("%s without a version: %q, want %q", r.Name, got, first)
		}
		delete(special, r)
	}
	for r := range special {
		t.Errorf("%s is not in Reports", r.Name)
	}
}

// Reports gives the variables themselves, each once and by name, whatever somebody did with its last answer.
func TestReportsAreTheVariables(t *testing.T) {
	clear(All())
	all := All()
	var names []string
	for _, r := range all {
		if found, ok := ByName(r.Name); !ok || found != r {
			t.Errorf("%s is another one by name", r.Name)
		}
		names = append(names, r.Name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(names)) != len(all) {
		t.Errorf("%q are not in order, or not all different", names)
	}
	for _, app := range Apps() {
		if !app.Report.DecidesApps() || !slices.Contains(all, app.Report) {
			t.Errorf("%s is decided by a report that is not in Reports", app.Name)
		}
	}
}
