package schemas

import (
	"testing"
)

func TestParsePeriod(t *testing.T) {
	for _, p := range Periods {
		if got, err := ParsePeriod(p.String()); err != nil || got != p {
			t.Errorf("%s: %v, %v", p, got, err)
		}
	}
	for _, bad := range []string{"", "7", "d7", "D8", "D28"} {
		if _, err := ParsePeriod(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
