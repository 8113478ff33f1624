package schedule

import (
	"slices"

	"m365lake/config"
	"m365lake/extract"
)

// Sources are what every run asks of each tenant, apart from single days and from what the answers lead to.
func Sources(c config.Config) []extract.Source {
	sources := slices.Concat(
		extract.Directory(), extract.ReportSources(c.Reports, c.Periods), extract.CountSources(c.Counts, c.Periods))
	if c.SignInActivity {
		pace := extract.Pace{Calls: c.Limits.SignInCalls, Window: extract.SignInPace().Window}
		sources = append(sources, extract.SignInActivity(pace))
	}
	return sources
}
