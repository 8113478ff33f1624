package schemas

// ReportStatus is how far each usage report can be trusted.
var ReportStatus = Table{
	Name: "report_status",
	Doc: "What became of each usage report, of each period and single day asked for, on each run day. Only " +
		"good and late ones move metrics of people; concealed ones move concealed_metrics.",
	Key:       []string{"tenant_id", "run_id", "report", "report_period", "asked_day"},
	Partition: []string{"run_day", "run_id"},
	Columns: []Column{
		TenantID,
		{Name: "run_day", Type: Date, Required: true, Doc: runDayDoc},
		{Name: "report", Type: Text, Required: true, Doc: "The usage report."},
		{Name: "report_period", Type: Integer, Required: true,
			Doc: "Days asked for: 7, 30 (28 of Copilot, unless Graph knows version 1 only), 90 or 180; 1 for a " +
				"single day, 0 for a report without periods."},
		{Name: "asked_day", Type: Date, Doc: "The single day asked for; NULL for a period."},
		{Name: "status", Type: Text, Required: true,
			Doc: "good, late (older than usual), empty (no rows, or not offered to the tenant), concealed (names " +
				"hidden), partial (too few rows to be believed, or mostly about strangers), failed, or missing (a " +
				"day that Microsoft no longer gives and that was never got)."},
		{Name: "report_date", Type: Date, Doc: "Last day the report covers; NULL when nothing came."},
		{Name: "rows", Type: Integer, Required: true, Doc: "Rows received."},
		{Name: "unmatched_rows", Type: Integer, Required: true, Doc: "Rows whose user is not in the directory."},
		{Name: "detail", Type: Text, Doc: "What was wrong and what to do; NULL when good."},
		{Name: "run_id", Type: Text, Required: true, Doc: runIDDoc},
	},
}

// Runs is what each run did.
var Runs = Table{
	Name:      "runs",
	Doc:       "What each run did for each tenant.",
	Key:       []string{"tenant_id", "run_id"},
	Partition: []string{"run_day", "run_id"},
	Columns: []Column{
		TenantID,
		{Name: "run_day", Type: Date, Required: true, Doc: runDayDoc},
		{Name: "run_id", Type: Text, Required: true, Doc: runIDDoc},
		{Name: "tenant_name", Type: Text, Required: true, Doc: "Name of the tenant in pipelines.yaml."},
		{Name: "status", Type: Text, Required: true, Doc: "complete, gaps (some sources failed) or failed."},
		{Name: "started_at", Type: Timestamp, Required: true, Doc: "When the tenant's work began."},
		{Name: "finished_at", Type: Timestamp, Required: true, Doc: "When the tenant's files were in the lake."},
		{Name: "sources", Type: Integer, Required: true, Doc: "Sources asked for."},
		{Name: "failed_sources", Type: Integer, Required: true, Doc: "Sources that failed."},
		{Name: "rows", Type: Integer, Required: true, Doc: "Rows written to the lake."},
		{Name: "requests", Type: Integer, Required: true, Doc: "Requests sent to Graph."},
		{Name: "retries", Type: Integer, Required: true, Doc: "Requests sent again after a fault."},
		{Name: "waited_seconds", Type: Number, Required: true,
			Doc: "Seconds spent waiting because Graph asked for it or because of faults."},
		{Name: "error", Type: Text, Doc: "Why the tenant failed; NULL when it did not."},
		{Name: "version", Type: Text, Required: true, Doc: "Version of m365lake."},
	},
}

// RunSteps is where the time of a run went.
var RunSteps = Table{
	Name:      "run_steps",
	Doc:       "The steps of each run: timing, rows and errors of each source and table.",
	Key:       []string{"tenant_id", "run_id", "stage", "source"},
	Partition: []string{"run_day", "run_id"},
	Columns: []Column{
		TenantID,
		{Name: "run_day", Type: Date, Required: true, Doc: runDayDoc},
		{Name: "run_id", Type: Text, Required: true, Doc: runIDDoc},
		{Name: "stage", Type: Text, Required: true, Doc: "extract or transform."},
		{Name: "source", Type: Text, Required: true, Doc: "The source, such as users or teams_user_activity_detail_D7."},
		{Name: "status", Type: Text, Required: true,
			Doc: "done, resumed (raw file of an interrupted or recent run reused), postponed (a single day for " +
				"which Graph's budget was used up; the next run asks), skipped (Graph has nothing of it) or " +
				"failed."},
		{Name: "started_at", Type: Timestamp, Required: true, Doc: "When the step began."},
		{Name: "seconds", Type: Number, Required: true, Doc: "How long it took."},
		{Name: "rows", Type: Integer, Required: true, Doc: "Rows read."},
		{Name: "bytes", Type: Integer, Required: true, Doc: "Bytes received."},
		{Name: "error", Type: Text,
			Doc: "What went wrong, why it was skipped, or what of it was set aside; NULL when there is nothing to " +
				"say."},
	},
}

const (
	runDayDoc = "Day of the run, UTC."
	runIDDoc  = "The run."
)
