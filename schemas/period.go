package schemas

import (
	"fmt"
	"strconv"
)

// A Period is the number of days a usage report covers, counted back from its report date; 0 is
// that of a report without one.
type Period int

// Periods that every usage report offers.
// Source: learn.microsoft.com/graph/api/resources/report, parameter "period".
var Periods = []Period{7, 30, 90, 180}

// String is the period as Graph writes it: D7.
func (p Period) String() string { return fmt.Sprintf("D%d", int(p)) }

// Days is the period as it stands in folder names: 7.
func (p Period) Days() string { return strconv.Itoa(int(p)) }

// Suffix is what a period adds to the name of a report in source and file names: _D7.
func (p Period) Suffix() string {
	if p == 0 {
		return ""
	}
	return "_" + p.String()
}

// ParsePeriod reads a period as Graph writes it.
func ParsePeriod(text string) (Period, error) {
	for _, p := range Periods {
		if p.String() == text {
			return p, nil
		}
	}
	return 0, fmt.Errorf("unknown period %q; Graph offers %v", text, Periods)
}
