package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// Config is what pipelines.yaml says, with the defaults of keys that it does not have. Paths are resolved: relative
// ones begin at the folder of the file, except those of secrets where [Secret] says otherwise.
type Config struct {
	File    string // the file itself; "" without one
	Data    string // folder of everything that a run keeps
	Tenants []Tenant
	Reports []*reports.Report
	Counts  []*reports.CountReport
	Periods []schemas.Period
	Limits  Limits
	// MaxShrinkPercent is how much of its rows a report may lose against its last good load.
	MaxShrinkPercent int
	// MaxListingShrinkPercent is how much of a listing of the directory may be gone against the last run without
	// another source that says so too. At 100 every listing is believed.
	MaxListingShrinkPercent int
	DuckDB                  DuckDB
	// SignInActivity asks for everybody's last sign-ins. It must be asked for by name: Graph allows
	// ten pages of 500 users a minute, which is 20 minutes for 100,000.
	SignInActivity bool
	// ProductNames is a CSV file of product names the user knows better; empty where there is none.
	ProductNames string
	Provisioning Provisioning
	Notify       Notify
	Metrics      Metrics
	Retention    Retention
	Privacy      Privacy
}

// Folder is the data folder.
func (c Config) Folder() datafolder.Folder { return datafolder.Folder{Root: c.Data} }

// Limits is how many requests a run may make to Graph at once and in a window of time.
type Limits struct {
	Jobs         int // requests in flight for one tenant
	ReportCalls  int // CSV calls of each report in ReportWindow
	ReportWindow time.Duration
	SignInCalls  int // pages of sign-in activity a minute; 0, which only the demo has, is without limit
}

// DuckDB bounds the build of the warehouse.
type DuckDB struct {
	Memory  string // such as 192MB
	Threads int    // 0 is one for a small lake, and else the number of processors
}

// Provisioning is the key provisioning of the file; a tenant's is [Writer].
type Provisioning struct {
	Enabled bool // in sync; the commands of provision work without it
}

// Metrics says where the numbers of the last run are left for Prometheus.
type Metrics struct {
	File string // empty for nowhere
}

// Default returns what holds where pipelines.yaml is silent. Its data folder begins at the working directory.
func Default() Config {
	return Config{
		Data:             "data",
		Reports:          reports.All(),
		Counts:           reports.Counts(),
		Periods:          schemas.Periods,
		Limits:           Limits{Jobs: 6, ReportCalls: 14, ReportWindow: 10 * time.Minute, SignInCalls: 10},
		MaxShrinkPercent: 50, MaxListingShrinkPercent: 20,
		DuckDB:  DuckDB{Memory: "192MB"},
		Privacy: Privacy{MinGroupSize: defaultMinGroupSize},
	}
}

// keys are those of the whole file, in the order in which they are shown.
func (c *Config) keys() mapping {
	return mapping{what: "the file", required: []string{"tenants"}, keys: []key{
		{"data", path{&c.Data}},
		{"tenants", &tenantList{&c.Tenants}},
		{"reports", &reportList{&c.Reports, &c.Counts}},
		{"periods", &periodList{&c.Periods}},
		{"limits", mapping{keys: []key{
			{"jobs", number{&c.Limits.Jobs, 1, 64}},
			{"report_calls", number{&c.Limits.ReportCalls, 1, 1000}},
			{"report_window", duration{&c.Limits.ReportWindow}},
			{"sign_in_calls", number{&c.Limits.SignInCalls, 1, 10_000}},
		}}},
		{"trust", mapping{keys: []key{
			{"max_shrink_percent", number{&c.MaxShrinkPercent, 0, 100}},
			{"max_listing_shrink_percent", number{&c.MaxListingShrinkPercent, 0, 100}},
		}}},
		{"duckdb", mapping{keys: []key{
			{"memory", memory{&c.DuckDB.Memory}},
			{"threads", number{&c.DuckDB.Threads, 1, 256}},
		}}},
		{"sign_in_activity", flag{&c.SignInActivity}},
		{"product_names", path{&c.ProductNames}},
		{"provisioning", mapping{keys: []key{
			{"enabled", flag{&c.Provisioning.Enabled}},
		}}},
		{"notify", c.Notify.keys()},
		{"metrics", mapping{
			unset:    func() bool { return c.Metrics == Metrics{} },
			required: []string{"file"},
			keys:     []key{{"file", metricsFile{&c.Metrics.File}}},
			check: func(r *reader, m found) {
				if !m.has("file") {
					r.fault(m.node, "metrics has no file; name one that ends in .prom")
				}
			},
		}},
		{"retention", c.Retention.keys()},
		{"privacy", c.Privacy.keys()},
	}}
}

// Read reads pipelines.yaml for commands that ask its tenants. The error names every fault with its line, or
// says that the file is not there.
func Read(file string) (Config, error) { return readFile(file, true) }

// ReadIfAny is for commands that ask no tenant: they can do without the file, where it returns [Default], and
// with one whose ids are still placeholders.
func ReadIfAny(file string) (Config, error) {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return Default(), nil
	}
	return readFile(file, false)
}

// ReadDraft is [Read] for a file whose ids may still be placeholders.
func ReadDraft(file string) (Config, error) { return readFile(file, false) }

func readFile(file string, complete bool) (Config, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return Config{}, fmt.Errorf("%s: no such file; name yours with --config, "+
			"or try everything without a tenant: m365lake demo", file)
	}
	if err != nil {
		return Config{}, err
	}
	return parse(file, content, complete)
}

// beside returns path as it is reached from the working directory: a relative one begins at file's folder.
func beside(file, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
