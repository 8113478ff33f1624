package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sourcegraph/conc"

	"m365lake/notify"
	"m365lake/pipeline/datafolder"
)

// A runReport tells how a run went to whoever is configured. What goes wrong with that is a warning
// of the log and no fault of the run.
type runReport struct {
	config  config
	id      string
	day     time.Time
	started time.Time
	log     *slog.Logger

	summary runSummary
	code    int // the exit code
	ended   time.Time
}

// begin tells the health check that a run began.
func (r *runReport) begin(ctx context.Context) {
	if check := r.healthCheck(); check != "" {
		r.warn("healthcheck", notify.HealthCheck(ctx, check, notify.PingStart, r.id, ""))
	}
}

// end writes the metrics and tells everybody.
func (r *runReport) end(ctx context.Context) {
	if r.config.Metrics.File == "" && !r.config.Notify.anyone() {
		return
	}
	var totals []tenantTotals
	if datafolder.Exists(r.config.folder().Warehouse()) {
		var err error
		if totals, err = readTotals(ctx, r.config.folder()); err != nil {
			r.log.Warn("the numbers of the run could not be read; nobody is told them", "error", err)
		}
	}
	if file := r.config.Metrics.File; file != "" {
		if err := r.writeMetrics(file, totals); err != nil {
			r.log.Warn("metrics file", "error", err)
		}
	}
	if r.config.Notify.anyone() {
		r.tell(ctx, r.message(totals, r.namedUsers(ctx)))
	}
}

// tell sends the message to everybody at once.
func (r *runReport) tell(ctx context.Context, m notify.Message) {
	var work conc.WaitGroup
	if check := r.healthCheck(); check != "" {
		ping := notify.PingSuccess
		if r.failed() {
			ping = notify.PingFail
		}
		work.Go(func() {
			r.warn("healthcheck", notify.HealthCheck(ctx, check, ping, r.id, m.Title+"\n"+m.Text))
		})
	}
	if r.code == exitGood && r.config.Notify.OnlyTrouble {
		work.Wait()
		return
	}
	for _, kept := range r.config.Notify.URLs {
		work.Go(func() { r.warn("notification "+kept.where(), sendTo(ctx, kept, m)) })
	}
	work.Wait()
}

// failed says whether the health check must raise the alarm: some tenant has nothing new. A source
// that left a gap is in the text instead, or one missing permission would silence the check for ever.
func (r *runReport) failed() bool {
	if r.code != exitGood && r.code != exitGaps {
		return true
	}
	for _, t := range r.summary.Tenants {
		if t.Err != nil {
			return true
		}
	}
	return false
}

func (r *runReport) warn(what string, err error) {
	if err != nil {
		r.log.Warn(what+" was not delivered", "error", err)
	}
}

// healthCheck is the URL of the check, or empty.
func (r *runReport) healthCheck() string {
	kept := r.config.Notify.HealthCheck
	if kept == (secretConfig{}) {
		return ""
	}
	check, err := kept.read("URL of the health check")
	r.warn("healthcheck", err)
	return check
}

// namedUsers are the people whose names were asked for.
func (r *runReport) namedUsers(ctx context.Context) []reclaimableUser {
	if r.config.Notify.NamedUsers == 0 || !datafolder.Exists(r.config.folder().Warehouse()) {
		return nil
	}
	users, err := readReclaimableUsers(ctx, r.config.folder())
	if err != nil {
		r.log.Warn("the users to be named could not be read", "error", err)
	}
	return users
}

// sendTo sends a message to a URL that is kept somewhere.
func sendTo(ctx context.Context, kept secretConfig, m notify.Message) error {
	address, err := kept.read("shoutrrr URL of the notification")
	if err != nil {
		return err
	}
	return notify.Send(ctx, address, m)
}

// where says where a secret is kept, which tells people which of several is meant.
func (s secretConfig) where() string {
	if s.Env != "" {
		return "env " + s.Env
	}
	return "file " + s.File
}

// errNobody is what notify test says without a configuration of it.
var errNobody = errors.New("nobody is to be notified; add notify with urls or healthcheck to the configuration (see docs/operate.md)")
