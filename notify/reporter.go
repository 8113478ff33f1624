package notify

import (
	"context"
	"log/slog"

	"github.com/sourcegraph/conc"
)

// A Reporter tells how a run went to everybody who is configured. What goes wrong with that is a
// warning of the log and no fault of the run.
type Reporter struct {
	URLs        []Address // of shoutrrr's services, and of workflows of Teams
	HealthCheck *Address  // nil for none
	// OnlyTrouble leaves out the messages of runs without gaps. The health check hears of every run.
	OnlyTrouble bool
	NamedUsers  int    // how many people a message may name
	MetricsFile string // "" for none
	Log         *slog.Logger
}

// An Address is where something is sent. It holds secrets, so that it is read at the moment of sending.
type Address struct {
	Where string // says where the address is kept; it is no secret
	Read  func() (string, error)
}

// Send delivers a message to the address.
func (a Address) Send(ctx context.Context, m Message) error {
	url, err := a.Read()
	if err != nil {
		return err
	}
	return Send(ctx, url, m)
}

// Notifies says whether anybody is sent anything. Where it is false, Begin does nothing.
func (r *Reporter) Notifies() bool { return len(r.URLs) > 0 || r.HealthCheck != nil }

// Reports says whether anybody is sent anything or a metrics file is written. Where it is false, End
// does nothing, and Totals and NamedUsers of a Run need not be read.
func (r *Reporter) Reports() bool { return r.Notifies() || r.MetricsFile != "" }

// Begin tells the health check that the run of this id began. It waits for the answer.
func (r *Reporter) Begin(ctx context.Context, runID string) { r.ping(ctx, PingStart, runID, "") }

// End writes the metrics file and tells everybody at once. It returns when all have answered, or
// have not within Timeout.
func (r *Reporter) End(ctx context.Context, run Run) {
	if r.MetricsFile != "" {
		if err := WriteMetrics(r.MetricsFile, run); err != nil {
			r.Log.Warn("metrics file", "error", err)
		}
	}
	if !r.Notifies() {
		return
	}
	m := NewMessage(run, r.NamedUsers)
	var work conc.WaitGroup
	work.Go(func() {
		ping := PingSuccess
		if raisesAlarm(run) {
			ping = PingFail
		}
		r.ping(ctx, ping, run.ID, m.Title+"\n"+m.Text)
	})
	if run.Outcome != Succeeded || !r.OnlyTrouble {
		for _, address := range r.URLs {
			work.Go(func() { r.warn("notification "+address.Where, address.Send(ctx, m)) })
		}
	}
	work.Wait()
}

// raisesAlarm says whether the ping reports a failure to the health check, which it does if some tenant has nothing
// new. A gap of a source is in the text only: else one missing permission would keep the check in alarm, and a
// later failure would go unnoticed.
func raisesAlarm(run Run) bool {
	if run.Outcome == Failed || run.Outcome == Interrupted {
		return true
	}
	for _, t := range run.Tenants {
		if t.Failed {
			return true
		}
	}
	return false
}

// ping pings the health check, if there is one.
func (r *Reporter) ping(ctx context.Context, ping Ping, runID, text string) {
	if r.HealthCheck == nil {
		return
	}
	check, err := r.HealthCheck.Read()
	if err == nil {
		err = HealthCheck(ctx, check, ping, runID, text)
	}
	r.warn("healthcheck", err)
}

// warn logs that something was not delivered.
func (r *Reporter) warn(what string, err error) {
	if err != nil {
		r.Log.Warn(what+" was not delivered", "error", err)
	}
}
