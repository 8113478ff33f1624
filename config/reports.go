package config

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"m365lake/internal/text"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// reportList is one list of two kinds: reports of users, sites and the like, and those of counts.
type reportList struct {
	usage  *[]*reports.Report
	counts *[]*reports.CountReport
}

func (v *reportList) read(r *reader, name string, n *yaml.Node) {
	*v.usage, *v.counts = nil, nil
	seen := map[string]bool{}
	r.items(n, name, func(item *yaml.Node) {
		var given string
		words{&given}.read(r, name, item)
		report, isReport := reports.ByName(given)
		count, isCount := reports.CountsByName(given)
		switch {
		case !isReport && !isCount:
			r.fault(item, "unknown report %q%s", item.Value, text.Suggest(item.Value, reportNames()))
		case seen[given]:
			r.fault(item, "report %q stands here a second time", item.Value)
		case isReport:
			*v.usage = append(*v.usage, report)
		default:
			*v.counts = append(*v.counts, count)
		}
		seen[given] = true
	})
}

func (v *reportList) show() *yaml.Node { return shownValue(namesOf(*v.usage, *v.counts)) }

func (*reportList) describe() *Schema {
	return describeList(&Schema{Type: "string", Enum: reportNames()})
}

// reportNames are those of every report that the program knows.
func reportNames() []string { return namesOf(reports.All(), reports.Counts()) }

func namesOf(usage []*reports.Report, counts []*reports.CountReport) []string {
	names := []string{}
	for _, r := range usage {
		names = append(names, r.Name)
	}
	for _, c := range counts {
		names = append(names, c.Name)
	}
	return names
}

// periodList is the list of periods that reports are asked for.
type periodList struct{ field *[]schemas.Period }

func (v *periodList) read(r *reader, name string, n *yaml.Node) {
	*v.field = nil
	r.items(n, name, func(item *yaml.Node) {
		var given string
		words{&given}.read(r, name, item)
		period, err := schemas.ParsePeriod(given)
		switch {
		case err != nil:
			r.fault(item, "%v", err)
		case slices.Contains(*v.field, period):
			r.fault(item, "period %s stands here a second time", period)
		default:
			*v.field = append(*v.field, period)
		}
	})
}

func (v *periodList) show() *yaml.Node {
	shown := shownValue(periodNames(*v.field))
	shown.Style = yaml.FlowStyle
	return shown
}

func (*periodList) describe() *Schema {
	return describeList(&Schema{Type: "string", Enum: periodNames(schemas.Periods)})
}

func periodNames(periods []schemas.Period) []string {
	names := []string{}
	for _, p := range periods {
		names = append(names, p.String())
	}
	return names
}
