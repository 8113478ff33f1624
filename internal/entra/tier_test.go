package entra

import "testing"

func TestTier(t *testing.T) {
	p1, p2 := AssignedPlan{PlanP1, "Enabled"}, AssignedPlan{PlanP2, "Warning"}
	for _, c := range []struct {
		plans []AssignedPlan
		want  string
	}{
		{nil, ""},
		{[]AssignedPlan{p1}, "P1"},
		{[]AssignedPlan{p2, p1}, "P2"},
		{[]AssignedPlan{p1, p2}, "P2"},
		{[]AssignedPlan{p1, {PlanP2, "Deleted"}}, "P1"},
		{[]AssignedPlan{{PlanP1, "Suspended"}, {"other", "Enabled"}}, ""},
	} {
		if got := Tier(c.plans); got != c.want {
			t.Errorf("%v: %q instead of %q", c.plans, got, c.want)
		}
	}
}
