package provision

import (
	"testing"
)

func TestConfidenceReaches(t *testing.T) {
	for _, c := range []struct {
		have, least Confidence
		want        bool
	}{
		{HighConfidence, MediumConfidence, true}, {MediumConfidence, MediumConfidence, true},
		{LowConfidence, MediumConfidence, false},
		{"", LowConfidence, false}, {"certain", LowConfidence, false},
	} {
		if got := c.have.Reaches(c.least); got != c.want {
			t.Errorf("%q reaches %q: %v", c.have, c.least, got)
		}
	}
}
