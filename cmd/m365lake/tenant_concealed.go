package main

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/extract"
	"m365lake/schemas"
)

// namedDays says which days the lake has of a period's report with names: those from which people's
// activity was made.
func (t *tenantTransform) namedDays(ctx context.Context, s extract.Source) (func(arrow.Date32) bool, error) {
	if !s.Day.IsZero() || !s.Report.DecidesApps() {
		return nil, nil
	}
	files, err := t.lake().Files(ctx, &schemas.AppActivity, t.tenant.TenantID)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, f := range files {
		if f.Partition[1] == s.Period.Days() && f.Partition[2] == s.Report.Name {
			named[f.Partition[0]] = true
		}
	}
	return func(day arrow.Date32) bool { return named[day.FormattedString()] }, nil
}
