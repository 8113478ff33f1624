package check

import (
	"m365lake/graph/permissions"
	"slices"
	"testing"
)

func TestEveryPermissionHasAPurpose(t *testing.T) {
	known := slices.Concat(permissions.ForReading(), permissions.ForWriting())
	for _, p := range known {
		if purpose := PurposeOf(p.Name); purpose.For == "" || purpose.Without == "" {
			t.Errorf("%s: %+v", p.Name, purpose)
		}
	}
	if len(purposes) != len(known) {
		t.Errorf("%d purposes of %d permissions", len(purposes), len(known))
	}
}
