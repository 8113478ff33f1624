package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// config is pipelines.yaml: what runs, for which tenants, over which periods.
type config struct {
	File    string
	Data    string
	Tenants []tenantConfig
	Reports []*reports.Report
	Counts  []*reports.CountReport
	Periods []schemas.Period
	Limits  limitsConfig
	DuckDB  duckDBConfig
	// MaxShrinkPercent is how much of its rows a report may lose against its last good load.
	MaxShrinkPercent int

	Retention retentionConfig
	Privacy   privacyConfig

	// SignInActivity asks for everybody's last sign-ins. It must be asked for by name: Graph allows
	// ten pages of 500 users a minute, which is 20 minutes for 100,000.
	SignInActivity bool
	// Provisioning says whether sync applies approved plans.
	Provisioning provisioningConfig
	Notify       notifyConfig
	Metrics      metricsConfig
	// ProductNames is a CSV file of product names the user knows better; empty where there is none.
	ProductNames string
}

// folder is the data folder.
func (c config) folder() datafolder.Folder { return datafolder.Folder{Root: c.Data} }

// tenantConfig is one tenant and how to sign in to it.
type tenantConfig struct {
	Name     string
	TenantID string
	ClientID string
	Secret   secretConfig // unset where Auth is
	Auth     authConfig
	Cloud    graph.Cloud
	Metadata string // where the managed identity is asked for; "" is Azure's own address
	Rosters  rostersConfig
	Writer   writerConfig
	Line     int
}

// rostersConfig are the CSV files of what Graph does not know; empty where there is none.
type rostersConfig struct {
	SSO, HRIS, Prices string
}

// secretConfig says where a secret is; the secret itself never stands in the file.
type secretConfig struct {
	Env, File string
}

// limitsConfig is how hard Graph is asked.
type limitsConfig struct {
	Jobs         int // requests in flight for one tenant
	ReportCalls  int
	ReportWindow time.Duration
	SignInPace   extract.Pace
}

// duckDBConfig bounds the build of the warehouse.
type duckDBConfig struct {
	Memory  string
	Threads int
}

// read fetches the secret, which errors call what.
func (s secretConfig) read(what string) (string, error) {
	if s.Env != "" {
		secret := os.Getenv(s.Env)
		if secret == "" {
			return "", fmt.Errorf("environment variable %s is empty; set it to the value of the %s", s.Env, what)
		}
		return secret, nil
	}
	text, err := os.ReadFile(s.File)
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("%s file %s is empty", what, s.File)
	}
	return secret, nil
}

// defaultConfig is what holds where pipelines.yaml is silent.
func defaultConfig() config {
	return config{
		Data:    "data",
		Reports: reports.All(),
		Counts:  reports.Counts(),
		Periods: schemas.Periods,
		Limits:  limitsConfig{Jobs: 6, ReportCalls: 14, ReportWindow: 10 * time.Minute, SignInPace: extract.SignInPace},
		DuckDB:  duckDBConfig{Memory: "192MB"},

		MaxShrinkPercent: 50,
	}
}

// readConfig reads pipelines.yaml to sync its tenants. Its error names every fault with its line.
func readConfig(file string) (config, error) { return readConfigFor(file, true) }

// readConfigIfAny is for commands that ask no tenant: they can do without the file, and with one
// whose ids are still placeholders.
func readConfigIfAny(file string) (config, error) {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return defaultConfig(), nil
	}
	return readConfigFor(file, false)
}

func readConfigFor(file string, sync bool) (config, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return config{}, fmt.Errorf("%s: no such file; name yours with --config, or try everything without a tenant: m365lake demo", file)
	}
	if err != nil {
		return config{}, err
	}
	c, err := parseConfig(file, text, sync)
	if err != nil {
		return config{}, err
	}
	c.Data, c.ProductNames = besideConfig(file, c.Data), besideConfig(file, c.ProductNames)
	c.Metrics.File = besideConfig(file, c.Metrics.File)
	c.Notify.HealthCheck.File = besideConfig(file, c.Notify.HealthCheck.File)
	for i := range c.Notify.URLs {
		c.Notify.URLs[i].File = besideConfig(file, c.Notify.URLs[i].File)
	}
	c.Privacy.Key.File = besideConfig(file, c.Privacy.Key.File)
	for i := range c.Tenants {
		c.Tenants[i].Auth.resolve(file)
		c.Tenants[i].Writer.Auth.resolve(file)
		r := &c.Tenants[i].Rosters
		r.SSO, r.HRIS, r.Prices = besideConfig(file, r.SSO), besideConfig(file, r.HRIS), besideConfig(file, r.Prices)
	}
	return c, nil
}

// besideConfig resolves a path of the configuration: relative ones begin at the configuration's folder.
func besideConfig(file, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
