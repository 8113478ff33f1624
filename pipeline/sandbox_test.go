package pipeline_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"m365lake/config"
	"m365lake/graph/cloud"
	"m365lake/internal/clock"
	"m365lake/load/warehouse"
	"m365lake/pipeline"
	"m365lake/pipeline/datafolder"
	"m365lake/sandbox"
	"m365lake/schemas/reports"
)

// fewReports are those that the tests ask for: one of each way in which a report decides an app.
var fewReports = []*reports.Report{
	reports.Office365ActiveUserDetail, reports.M365AppUserDetail, reports.TeamsUserActivityDetail,
}

type sandboxOptions struct {
	users   int
	seed    uint64
	day     string
	faults  []string
	reports []*reports.Report // nil for fewReports and none of Microsoft's counts
	calls   int               // of each report before the run thinks that Graph would refuse; 0 is Microsoft's number
}

// allReports is every report that there is; Microsoft's counts come with it.
var allReports = reports.All()

// servedSandbox is a sandbox tenant behind real HTTP, with the configuration to reach it.
type servedSandbox struct {
	tenant *sandbox.Tenant
	server *sandbox.Server
	config config.Config
	day    time.Time
}

// serveSandbox serves a tenant for the length of the test.
func serveSandbox(t *testing.T, o sandboxOptions) *servedSandbox {
	t.Helper()
	if testing.Short() {
		t.Skip("whole runs are no quick test")
	}
	day, err := time.Parse(time.DateOnly, o.day)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := sandbox.New(sandbox.Options{
		Users: o.users, Seed: o.seed, Faults: o.faults, Today: func() time.Time { return day.Add(5 * time.Hour) },
		Throttle: sandbox.Throttle{Calls: -1}, // a test makes many runs in ten minutes
	})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	where, err := cloud.Custom(server.URL(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(tenant.ClientSecret()), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Tenants = []config.Tenant{{
		Name: "sandbox", TenantID: tenant.ID(), ClientID: tenant.ClientID(),
		Secret: config.Secret{File: secret}, Cloud: where,
	}}
	c.SignInActivity, c.Limits.SignInCalls = true, 0
	if c.Reports = o.reports; c.Reports == nil {
		c.Reports, c.Counts = fewReports, nil
	}
	if o.calls > 0 {
		c.Limits.ReportCalls = o.calls
	}
	return &servedSandbox{tenant: tenant, server: server, config: c, day: day}
}

// quiet is told of a run's progress and tells nobody.
type quiet struct{}

func (quiet) PullBegins(string, int)    {}
func (quiet) SourceEnded(string)        {}
func (quiet) StageBegins(string)        {}
func (quiet) PhaseEnded(string, ...any) {}

// run is a run of the tenant into a data folder.
func (s *servedSandbox) run(data string) pipeline.Run {
	c := s.config
	c.Data = data
	return pipeline.Run{
		Config: c, ID: uuid.NewString(), Day: s.day, Version: "test",
		Clock: clock.Machine(), Log: slog.New(slog.DiscardHandler), Progress: quiet{},
	}
}

// sync runs the pipeline and wants it to be published, and complete or not.
func (s *servedSandbox) sync(t *testing.T, data string, complete bool) {
	t.Helper()
	publish(t, s.run(data), complete)
}

// backfill is sync with every day that can be had.
func (s *servedSandbox) backfill(t *testing.T, data string) {
	t.Helper()
	run := s.run(data)
	run.Backfill = true
	publish(t, run, true)
}

func publish(t *testing.T, run pipeline.Run, complete bool) {
	t.Helper()
	result, err := run.Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if result.Complete() != complete {
		t.Fatalf("complete %t, want %t: %+v", result.Complete(), complete, result)
	}
}

// answer asks the published warehouse and returns the lines of the answer as CSV, header first.
func answer(t *testing.T, data, question string) []string {
	t.Helper()
	db, err := warehouse.Open(datafolder.Folder{Root: data}.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return askCSV(t, db, question)
}

func askCSV(t *testing.T, db *sql.DB, question string) []string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), question)
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	write := csv.NewWriter(&text)
	_ = write.Write(columns)
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		fields := make([]string, len(values))
		for i, v := range values {
			fields[i] = fieldText(v)
		}
		_ = write.Write(fields)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	write.Flush()
	return strings.Split(strings.TrimSpace(text.String()), "\n")
}

// fieldText is a value as text; NULL is empty, and all times here are days.
func fieldText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return fmt.Sprint(value)
}
