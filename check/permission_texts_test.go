package check

import (
	"slices"
	"testing"

	"m365lake/graph"
)

func TestEveryPermissionHasAPurpose(t *testing.T) {
	known := slices.Concat(graph.Permissions(), graph.WritePermissions())
	for _, p := range known {
		if purpose := PurposeOf(p.Name); purpose.For == "" || purpose.Without == "" {
			t.Errorf("%s: %+v", p.Name, purpose)
		}
	}
	if len(purposes) != len(known) {
		t.Errorf("%d purposes of %d permissions", len(purposes), len(known))
	}
}
