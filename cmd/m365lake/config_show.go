package main

import (
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"m365lake/graph"
)

// shownConfig is a configuration as pipelines.yaml would say it. Secrets were never part of it: it
// names where they are.
type shownConfig struct {
	Data    string        `yaml:"data"`
	Tenants []shownTenant `yaml:"tenants,omitempty"`
	Reports []string      `yaml:"reports"`
	Periods []string      `yaml:"periods,flow"`
	Limits  shownLimits   `yaml:"limits"`
	Trust   shownTrust    `yaml:"trust"`
	DuckDB  shownDuckDB   `yaml:"duckdb"`

	SignInActivity bool              `yaml:"sign_in_activity"`
	ProductNames   string            `yaml:"product_names,omitempty"`
	Provisioning   shownProvisioning `yaml:"provisioning"`

	Notify    *shownNotify    `yaml:"notify,omitempty"`
	Metrics   *shownMetrics   `yaml:"metrics,omitempty"`
	Retention *shownRetention `yaml:"retention,omitempty"`
	Privacy   *shownPrivacy   `yaml:"privacy,omitempty"`
}

type shownTenant struct {
	Name      string         `yaml:"name"`
	TenantID  string         `yaml:"tenant_id"`
	ClientID  string         `yaml:"client_id,omitempty"`
	Secret    *shownSecret   `yaml:"client_secret,omitempty"`
	Auth      map[string]any `yaml:"auth,omitempty"`
	Cloud     string         `yaml:"cloud,omitempty"`
	Endpoints *shownHosts    `yaml:"endpoints,omitempty"`
	Rosters   *shownRosters  `yaml:"rosters,omitempty"`
	Writer    *shownWriter   `yaml:"provisioning,omitempty"`
}

type shownSecret struct {
	Env  string `yaml:"env,omitempty"`
	File string `yaml:"file,omitempty"`
}

type shownHosts struct {
	Authority string `yaml:"authority"`
	Graph     string `yaml:"graph"`
	Metadata  string `yaml:"metadata,omitempty"`
}

type shownRosters struct {
	SSO    string `yaml:"sso,omitempty"`
	HRIS   string `yaml:"hris,omitempty"`
	Prices string `yaml:"prices,omitempty"`
}

type shownLimits struct {
	Jobs         int           `yaml:"jobs"`
	ReportCalls  int           `yaml:"report_calls"`
	ReportWindow time.Duration `yaml:"report_window"`
	SignInCalls  int           `yaml:"sign_in_calls"`
}

type shownTrust struct {
	MaxShrinkPercent int `yaml:"max_shrink_percent"`
}

type shownDuckDB struct {
	Memory  string `yaml:"memory"`
	Threads int    `yaml:"threads,omitempty"`
}

// show writes the configuration with everything that holds, the defaults as well. What it writes
// reads back as the same configuration.
func (c config) show(w io.Writer) error {
	shown := shownConfig{
		Data:   c.Data,
		Limits: shownLimits{c.Limits.Jobs, c.Limits.ReportCalls, c.Limits.ReportWindow, c.Limits.SignInPace.Calls},
		Trust:  shownTrust{c.MaxShrinkPercent}, DuckDB: shownDuckDB(c.DuckDB),
		SignInActivity: c.SignInActivity, ProductNames: c.ProductNames, Provisioning: shownProvisioning(c.Provisioning),
		Notify: c.Notify.shown(), Metrics: c.Metrics.shown(), Retention: c.Retention.shown(), Privacy: c.Privacy.shown(),
	}
	for _, t := range c.Tenants {
		shown.Tenants = append(shown.Tenants, t.shown())
	}
	for _, r := range c.Reports {
		shown.Reports = append(shown.Reports, r.Name)
	}
	for _, r := range c.Counts {
		shown.Reports = append(shown.Reports, r.Name)
	}
	for _, p := range c.Periods {
		shown.Periods = append(shown.Periods, p.String())
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(shown); err != nil {
		return err
	}
	return encoder.Close()
}

func (t tenantConfig) shown() shownTenant {
	s := shownTenant{Name: t.Name, TenantID: t.TenantID, ClientID: t.ClientID, Secret: t.Secret.shown(), Auth: t.Auth.shown()}
	if known, err := graph.CloudByName(t.Cloud.Name); err == nil && known == t.Cloud {
		s.Cloud = t.Cloud.Name
	}
	if s.Cloud == "" || t.Metadata != "" {
		s.Cloud, s.Endpoints = "", &shownHosts{t.Cloud.Authority, t.Cloud.Root, t.Metadata}
	}
	if t.Rosters != (rostersConfig{}) {
		s.Rosters = &shownRosters{t.Rosters.SSO, t.Rosters.HRIS, t.Rosters.Prices}
	}
	if t.Writer != (writerConfig{}) {
		s.Writer = &shownWriter{t.Writer.ClientID, t.Writer.Secret.shown(), t.Writer.Auth.shown()}
	}
	return s
}

func (s secretConfig) shown() *shownSecret {
	if s == (secretConfig{}) {
		return nil
	}
	return &shownSecret{s.Env, s.File}
}

func (a authConfig) shown() map[string]any {
	set := func(m map[string]any, key, value string) {
		if value != "" {
			m[key] = value
		}
	}
	way := map[string]any{}
	switch {
	case a.Certificate != nil:
		set(way, "file", a.Certificate.File)
		set(way, "key", a.Certificate.Key)
		if password := a.Certificate.Password.shown(); password != nil {
			way["password"] = password
		}
		return map[string]any{"certificate": way}
	case a.Federation != nil && a.Federation.Source != "":
		return map[string]any{"federation": a.Federation.Source}
	case a.Federation != nil:
		return map[string]any{"federation": map[string]any{"token_file": a.Federation.TokenFile}}
	case a.ManagedIdentity != "":
		return map[string]any{"managed_identity": a.ManagedIdentity}
	case a.Delegated != nil:
		set(way, "token_folder", a.Delegated.TokenFolder)
		if key := a.Delegated.TokenKey.shown(); key != nil {
			way["token_key"] = key
		}
		return map[string]any{"delegated": way}
	}
	return nil
}
