package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"m365lake/graph"
	"m365lake/notify"
)

// reporter tells how a run went to whoever the configuration names.
func (c config) reporter(log *slog.Logger) *notify.Reporter {
	r := &notify.Reporter{
		OnlyTrouble: c.Notify.OnlyTrouble, NamedUsers: c.Notify.NamedUsers, MetricsFile: c.Metrics.File, Log: log,
	}
	for _, kept := range c.Notify.URLs {
		r.URLs = append(r.URLs, kept.address("shoutrrr URL of the notification"))
	}
	if kept := c.Notify.HealthCheck; kept != (secretConfig{}) {
		check := kept.address("URL of the health check")
		r.HealthCheck = &check
	}
	return r
}

// address is a secret that is an address; what says what it is for, in errors.
func (s secretConfig) address(what string) notify.Address {
	return notify.Address{Where: s.where(), Read: func() (string, error) { return s.read(what) }}
}

// where says where a secret is kept, which tells people which of several is meant.
func (s secretConfig) where() string {
	if s.Env != "" {
		return "env " + s.Env
	}
	return "file " + s.File
}

// notifiedRun is what is told of a run, without what the warehouse says.
func notifiedRun(id string, summary runSummary, code int) notify.Run {
	r := notify.Run{ID: id, Version: version(), ExitCode: code, Published: summary.Warehouse != ""}
	switch code {
	case exitGood:
		r.Outcome = notify.Succeeded
	case exitGaps:
		r.Outcome = notify.WithGaps
	case exitInterrupted:
		r.Outcome = notify.Interrupted
	default:
		r.Outcome = notify.Failed
	}
	for _, t := range summary.Tenants {
		told := notify.Tenant{
			Name: t.Tenant, ID: t.TenantID, Requests: t.Requests, Failed: t.Err != nil, Cause: tellableCause(t.Err), Failures: t.gaps(),
		}
		for _, f := range alike(t.Failures) {
			told.Gaps = append(told.Gaps, notify.Gap{Source: f.Source, Status: f.Status})
		}
		r.Tenants = append(r.Tenants, told)
	}
	return r
}

// tellableCause is why a tenant failed, where that is known to name neither people nor secrets; else "".
func tellableCause(err error) string {
	var refused *graph.TokenError
	if errors.As(err, &refused) {
		return refused.Error()
	}
	return ""
}

// addPublishedNumbers reads from the published warehouse what is told of it.
func addPublishedNumbers(ctx context.Context, c config, r *notify.Run, log *slog.Logger) {
	info, err := os.Stat(c.folder().Warehouse())
	if err != nil {
		return
	}
	r.WarehousePublished = info.ModTime()
	if r.Totals, err = readTotals(ctx, c.folder()); err != nil {
		log.Warn("the numbers of the run could not be read; nobody is told them", "error", err)
	}
	if c.Notify.NamedUsers > 0 && c.Notify.anyone() {
		if r.NamedUsers, err = readReclaimableUsers(ctx, c.folder()); err != nil {
			log.Warn("the users to be named could not be read", "error", err)
		}
	}
}

// errNobody is what notify test says without a configuration of it.
var errNobody = errors.New("nobody is to be notified; add notify with urls or healthcheck to the configuration (see docs/operate.md)")
