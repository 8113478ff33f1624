package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"m365lake/config"
	"m365lake/graph/auth"
	"m365lake/notify"
	"m365lake/pipeline"
)

// reporterOf returns the reporter that tells the recipients in the configuration how a run went.
func reporterOf(c config.Config, log *slog.Logger) *notify.Reporter {
	r := &notify.Reporter{
		OnlyTrouble: c.Notify.OnlyTrouble, NamedUsers: c.Notify.NamedUsers, MetricsFile: c.Metrics.File, Log: log,
	}
	for _, kept := range c.Notify.URLs {
		r.URLs = append(r.URLs, addressOf(kept, "shoutrrr URL of the notification"))
	}
	if kept := c.Notify.HealthCheck; kept.IsSet() {
		check := addressOf(kept, "URL of the health check")
		r.HealthCheck = &check
	}
	return r
}

// address is a secret that is an address; what says what it is for, in errors.
func addressOf(s config.Secret, what string) notify.Address {
	return notify.Address{Where: s.Place(), Read: func() (string, error) { return s.Read(what) }}
}

// notifiedRun is what messages say of a run, without the numbers of the warehouse.
func notifiedRun(id string, result pipeline.Result, code int) notify.Run {
	r := notify.Run{ID: id, Version: version(), ExitCode: code, Published: result.Warehouse != ""}
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
	for _, t := range result.Tenants {
		told := notify.Tenant{
			Name: t.Name, ID: t.ID, Requests: t.Requests, Failed: t.Err != nil, Cause: tellableCause(t.Err),
			Failures: len(t.Failures),
		}
		for _, f := range pipeline.JoinAlike(t.Failures) {
			told.Gaps = append(told.Gaps, notify.Gap{Source: f.Source, Status: f.Status})
		}
		r.Tenants = append(r.Tenants, told)
	}
	return r
}

// tellableCause is why a tenant failed, where that is known to name neither people nor secrets; else "".
func tellableCause(err error) string {
	var refused *auth.TokenError
	if errors.As(err, &refused) {
		return refused.Error()
	}
	return ""
}

// addPublishedNumbers adds the numbers of the published warehouse.
func addPublishedNumbers(ctx context.Context, c config.Config, r *notify.Run, log *slog.Logger) {
	info, err := os.Stat(c.Folder().Warehouse())
	if err != nil {
		return
	}
	r.WarehousePublished = info.ModTime()
	if r.Totals, err = readTotals(ctx, c.Folder()); err != nil {
		log.Warn("the numbers of the run could not be read; nobody is told them", "error", err)
	}
	if c.Notify.NamedUsers > 0 && c.Notify.HasRecipients() {
		if r.NamedUsers, err = readReclaimableUsers(ctx, c.Folder()); err != nil {
			log.Warn("the users to be named could not be read", "error", err)
		}
	}
}

// errNobody is what notify test says without a configuration of it.
var errNobody = errors.New("nobody is to be notified; add notify with urls or healthcheck to the configuration " +
	"(see docs/operate.md)")
