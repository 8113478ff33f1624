package pipeline

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/extract"
	"m365lake/load/lake"
	"m365lake/pipeline/schedule"
	"m365lake/pipeline/verdict"
	"m365lake/schemas"
)

// storedFiles are the files that the lake has of a tenant when its run begins: of the tables that say what
// is to be asked for and how much of it is to be expected. The run itself writes no file that it would
// have to find here.
type storedFiles struct{ lake.Listing }

// listLake lists the tenant's files, each table once.
func (t *tenantRun) listLake(ctx context.Context) (storedFiles, error) {
	tables := []*schemas.Table{
		&schemas.Runs, &schemas.AppActivity, &schemas.AppActivityDaily,
		&schemas.SKUs, &schemas.Subscriptions, &schemas.LicenseGroups, &schemas.LicenseAssignments,
	}
	for _, report := range t.Config.Reports {
		tables = append(tables, &report.Table)
	}
	listing, err := t.lake().List(ctx, t.tenant.TenantID, tables...)
	return storedFiles{listing}, err
}

// days are the single days of each report, as the schedule takes them.
func (s storedFiles) days() (schedule.Stored, error) {
	days := schedule.Stored{}
	for _, f := range s.Files(&schemas.AppActivityDaily) {
		day, err := time.Parse(time.DateOnly, f.Partition[0])
		if err != nil {
			return nil, err
		}
		days.Add(f.Partition[1], day)
	}
	return days, nil
}

// firstRun is the day of the tenant's first run, or the given one if there was none.
func (s storedFiles) firstRun(today time.Time) (time.Time, error) {
	runs := s.Files(&schemas.Runs)
	if len(runs) == 0 {
		return today, nil
	}
	return time.Parse(time.DateOnly, runs[0].Partition[0])
}

// leastRows is how many rows a report must have to be believed, going by the newest one of the period that can
// be read: a damaged one must not keep the run from writing it anew. A single day may have any number: fewer
// people work on some days.
func (s storedFiles) leastRows(source extract.Source, period schemas.Period, maxShrinkPercent int) (int64, error) {
	if !source.Day.IsZero() {
		return 0, nil
	}
	for _, file := range slices.Backward(s.Series(&source.Report.Table, period.Days())) {
		rows, err := file.Rows()
		var damaged *lake.DamagedError
		if errors.As(err, &damaged) {
			continue
		}
		return verdict.LeastRows(rows, maxShrinkPercent), err
	}
	return 0, nil
}

// newestRows is how many rows the newest file of a table has, or the only one; 0 is no file.
func (s storedFiles) newestRows(table *schemas.Table) (int64, error) {
	files := s.Files(table)
	if len(files) == 0 {
		return 0, nil
	}
	return files[len(files)-1].Rows()
}

// namedDays says which days the lake has of a period's report with names: those from which people's
// activity was made. It is nil for a report that decides no app.
func (s storedFiles) namedDays(source extract.Source) func(arrow.Date32) bool {
	if !source.Day.IsZero() || !source.Report.DecidesApps() {
		return nil
	}
	named := s.Days(&schemas.AppActivity, source.Period.Days(), source.Report.Name)
	return func(day arrow.Date32) bool { return named[day.FormattedString()] }
}
