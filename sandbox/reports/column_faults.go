package reports

import (
	"slices"
	"strings"

	"m365lake/sandbox/faults"
	"m365lake/sandbox/wire"
)

// spoil puts text into the last date of the row.
func (v *view) spoil() bool {
	first := 1
	if strings.Count(v.report.header, " Date") == 1 {
		first = 0 // the refresh date is the only one
	}
	for i := len(v.row.Ends) - 1; i >= first; i-- {
		if c := v.row.Cell(i); len(c) == 10 && c[4] == '-' && c[7] == '-' {
			copy(c, "not-a-date")
			return true
		}
	}
	return false
}

// A shape is the order the columns are delivered in, when a fault changes it.
type shape struct {
	order  []int // nil as they are
	extra  int   // position of an unknown column, or -1
	header string
}

func (v *view) shape() shape {
	columns := strings.Count(v.report.header, ",") + 1
	sh := shape{extra: -1}
	if v.faults.On(faults.DuplicateHeader) {
		names := strings.Split(v.report.header, ",")
		i := slices.IndexFunc(names, func(n string) bool { return strings.HasSuffix(n, "Last Activity Date") })
		i = max(i, 1) // any other, where there is none
		for c := range columns {
			sh.order = append(sh.order, c)
		}
		sh.order = append(sh.order, i)
	}
	if v.faults.On(faults.ExtraColumns) {
		if sh.order == nil {
			for c := range columns {
				sh.order = append(sh.order, c)
			}
		}
		slices.Reverse(sh.order[2:])
		sh.extra, sh.header = columns/2, "Loop Last Activity Date"
	}
	return sh
}

func (sh *shape) appendTo(b []byte, r *wire.Row, header bool) []byte {
	if sh.order == nil {
		return r.AppendTo(b)
	}
	for i, c := range sh.order {
		if i > 0 {
			b = append(b, ',')
		}
		if i == sh.extra {
			if header {
				b = append(b, sh.header...)
			} else {
				b = append(b, r.Cell(0)...) // everybody was active on the last day
			}
			b = append(b, ',')
		}
		b = append(b, r.Cell(c)...)
	}
	return append(b, '\r', '\n')
}
